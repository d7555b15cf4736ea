/**
 * Serves the repository's sources as modules to a browser, one by one: a bundler renames functions and parameters, and the engine reads both.
 * What may ask for its context after an `await` is instrumented on the way.
 */
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { build } from 'esbuild'
import { instrumentAwaits } from '#sdk/compiler/instrument.ts'
import { root } from '../support/repository.ts'

export interface SourceServer {
  readonly url: string
  close(): Promise<void>
}

const IMPORT = /^((?:import|export)\b[^'"]*?from |import )'([^']+)'/gm

/** Serves every source below the repository; those for which `isInstrumented` holds with their waits instrumented. */
export async function serveSources(isInstrumented: (path: string) => boolean): Promise<SourceServer> {
  const answer = async (path: string): Promise<string> => {
    if (path === '/') return '<!doctype html><title>sources</title>'
    if (path.startsWith('/package/')) return bundlePackage(path.slice('/package/'.length))
    const source = stripTypeScriptTypes(await readFile(join(root, path), 'utf8'))
    const instrumented = isInstrumented(path) ? instrumentAwaits(source) : undefined
    if (instrumented?.ok === false) throw new Error(`${path}:${instrumented.error.line}: ${instrumented.error.message}`)
    return (instrumented?.code ?? source).replace(IMPORT, (_, head: string, name: string) => `${head}'${addressOf(name)}'`)
  }
  const server = createServer((request, response) => {
    const path = request.url ?? '/'
    answer(path).then(
      (text) => response.writeHead(200, { 'content-type': path === '/' ? 'text/html' : 'text/javascript' }).end(text),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const close = (): Promise<void> =>
    new Promise((closed) => {
      server.close(() => closed())
      server.closeAllConnections()
    })
  return { url: `http://127.0.0.1:${port}`, close }
}

function addressOf(name: string): string {
  if (name.startsWith('#sdk/')) return `/sdk/src/${name.slice('#sdk/'.length)}`
  return name.startsWith('.') ? name : `/package/${name}`
}

async function bundlePackage(name: string): Promise<string> {
  const stdin = { contents: `export * from '${name}'`, resolveDir: join(root, 'sdk') }
  const { outputFiles } = await build({ stdin, bundle: true, write: false, format: 'esm', platform: 'browser', logLevel: 'silent' })
  return outputFiles[0]?.text ?? ''
}

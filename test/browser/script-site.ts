/** One script of the tests, built as the pages are, on a page with the headers of our pages: for elements looked at by themselves. */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as esbuild from 'esbuild'
import { PAGE_HEADERS } from '../../worker/http/security-headers.ts'
import { Bundles, COMMON, PAGE_PLUGINS } from '../../sdk/scripts/pages.ts'
import { root } from '../support/repository.ts'

export interface ScriptSite {
  readonly url: string
  close(): Promise<void>
}

const TYPES: Readonly<Record<string, string>> = { js: 'text/javascript', css: 'text/css', woff2: 'font/woff2' }

/** @param script Path below the repository. */
export async function serveScript(script: string): Promise<ScriptSite> {
  const folder = mkdtempSync(join(tmpdir(), 'flowcell-script-'))
  const outdir = join(folder, 'app')
  const bundles = new Bundles(outdir)
  await esbuild.build({
    ...COMMON,
    minify: false,
    entryNames: '[name]',
    splitting: true,
    entryPoints: { script: join(root, script), style: join(root, 'web/app/app.css') },
    outdir,
    plugins: [...PAGE_PLUGINS, bundles.plugin],
  })
  const built = new Set(readdirSync(outdir))
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Script</title>
    <link rel="icon" href="data:,"><link rel="stylesheet" href="/app/style.css"><script type="module" src="/app/script.js"></script><body></body></html>`
  const server = createServer((request, response) => {
    const name = (request.url ?? '').replace('/app/', '')
    if (request.url === '/') return response.writeHead(200, { ...PAGE_HEADERS, 'content-type': 'text/html' }).end(page)
    if (!built.has(name)) return response.writeHead(404).end()
    return response
      .writeHead(200, { 'content-type': TYPES[name.split('.').at(-1) ?? ''] ?? 'text/plain' })
      .end(readFileSync(join(outdir, name)))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const close = (): Promise<void> =>
    new Promise((closed) => {
      rmSync(folder, { recursive: true, force: true })
      server.close(() => closed())
      server.closeAllConnections()
    })
  return { url: `http://127.0.0.1:${port}/`, close }
}

/** Serves the page of test/browser/page/outputs.ts with the headers of our pages, and its frame with the frame's. */
import { createServer } from 'node:http'
import { readFile, rm } from 'node:fs/promises'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import * as esbuild from 'esbuild'
import { PAGE_PLUGINS } from '../../sdk/scripts/pages.ts'
import { outputPolicy } from '../../worker/http/output-page.ts'
import { PAGE_HEADERS } from '../../worker/http/security-headers.ts'
import { root } from '../support/repository.ts'

export interface OutputsSite {
  readonly url: string
  /** Requests that were made for anything else than the page's own files. */
  readonly strange: readonly string[]
  close(): Promise<void>
}

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
  '.html': 'text/html; charset=utf-8',
}
const PAGE = `<!doctype html><html lang="en"><title>Outputs</title><meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="/app/style.css"><body><main><h1>Outputs</h1><fc-outputs></fc-outputs></main><fc-toasts></fc-toasts>
<script type="module" src="/app/outputs.js"></script></body></html>`

export async function serveOutputs(): Promise<OutputsSite> {
  const outdir = mkdtempSync(join(tmpdir(), 'flowcell-outputs-'))
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: { outputs: 'test/browser/page/outputs.ts', style: 'web/app/app.css' },
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'esnext',
    conditions: ['flowcell-source'],
    logLevel: 'silent',
    loader: { '.woff2': 'file' },
    plugins: [...PAGE_PLUGINS],
  })
  const strange: string[] = []
  const answer = async (path: string): Promise<{ readonly text: string | Buffer; readonly type: string; readonly policy?: string }> => {
    const { pathname, searchParams } = new URL(path, 'http://x')
    if (pathname === '/') return { text: PAGE, type: 'text/html' }
    if (pathname === '/favicon.ico') return { text: '', type: 'image/x-icon' }
    if (pathname === '/output')
      return {
        text: await readFile(join(root, 'web/public/output.html')),
        type: 'text/html',
        policy: outputPolicy(searchParams.get('network')),
      }
    const name = /^\/app\/([\w.-]+)$/.exec(pathname)?.[1] ?? /^\/([\w.-]+\.woff2)$/.exec(pathname)?.[1]
    if (name === undefined) {
      strange.push(path)
      throw new Error(`nothing at ${path}`)
    }
    return { text: await readFile(join(outdir, name)), type: TYPES[extname(name)] ?? 'application/octet-stream' }
  }
  const server = createServer((request, response) => {
    answer(request.url ?? '/').then(
      ({ text, type, policy }) => {
        const headers = { ...PAGE_HEADERS, 'content-type': type, ...(policy !== undefined && { 'Content-Security-Policy': policy }) }
        response.writeHead(200, headers).end(text)
      },
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/`,
    strange,
    close: async () => {
      server.closeAllConnections()
      await new Promise<void>((closed) => server.close(() => closed()))
      await rm(outdir, { recursive: true, force: true })
    },
  }
}

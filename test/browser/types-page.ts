/** Builds and serves the page of editors (page/types.ts) with the policy of our own pages. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, type Metafile } from 'esbuild'
import { Bundles, COMMON } from '../../sdk/scripts/pages.ts'
import { root } from '../support/repository.ts'

export interface TypesPageServer {
  readonly url: string
  readonly folder: string
  readonly bundles: ReadonlyMap<string, Metafile>
  close(): Promise<void>
}

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; worker-src 'self'; require-trusted-types-for 'script'; trusted-types flowcell"

export async function serveTypesPage(): Promise<TypesPageServer> {
  const folder = mkdtempSync(join(tmpdir(), 'flowcell-types-'))
  const bundles = new Bundles(folder)
  const entryPoints = { page: join(root, 'test/browser/page/types.ts') }
  await build({ ...COMMON, entryPoints, entryNames: '[name]', outdir: folder, plugins: [bundles.plugin] })
  const tokens = readFileSync(join(root, 'web/ui/tokens.css'), 'utf8')
  const html = `<!doctype html><html lang="en"><title>types</title><style>${tokens} section { margin: 2em }</style><script type="module" src="/app/page.js"></script>`
  const server = createServer((request, response) => {
    const path = request.url ?? '/'
    const headers = { 'content-security-policy': POLICY }
    if (path === '/') return response.writeHead(200, { ...headers, 'content-type': 'text/html' }).end(html)
    if (!/^\/app\/[\w-]+\.js$/.test(path)) return response.writeHead(404).end()
    return response
      .writeHead(200, { ...headers, 'content-type': 'text/javascript' })
      .end(readFileSync(join(folder, path.slice('/app/'.length))))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/`,
    folder,
    bundles: bundles.made,
    async close() {
      await new Promise<void>((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      })
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The pages as files: what is served where, with which headers. What people meet on them is tested in test/browser. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PAGE_HEADERS } from '../../worker/http/security-headers.ts'
import { root } from '../support/repository.ts'
import { ask, freshFolder, launch, type Running } from '../support/server.ts'

const folder = freshFolder()
let server: Running
const app = join(root, 'sdk/server/web/app')

beforeAll(async () => {
  server = await launch(folder.path)
})
afterAll(async () => {
  await server.stop()
  folder[Symbol.dispose]()
})

const pageHeaders = (headers: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.keys(PAGE_HEADERS).map((name) => [name, headers[name.toLowerCase()]]))

test('[PG7] pages have the headers of pages, whether the Worker or the assets answer', async () => {
  const [script = '', style = ''] = ['app-*.js', 'style-*.css'].map((pattern) => `/app/${globSync(pattern, { cwd: app })[0] ?? ''}`)
  const workspace = new URL(server.note.link).pathname
  for (const path of ['/', workspace, `${workspace}/runs/flow-run/x`, `${workspace}/api/docs`, '/plain.css', script, style]) {
    const { status, headers } = await ask(server.note.url + path)
    expect([path, status, pageHeaders(headers)]).toEqual([path, 200, PAGE_HEADERS])
  }
})

test('[PG8] an address of a page whose percent signs encode nothing is a page all the same: the one of no such workspace, or the workspace itself', async () => {
  const workspace = new URL(server.note.link).pathname
  const titles = await Promise.all(
    ['/w/x/%E0%A4%A', `${workspace}/%E0%A4%A`, `${workspace}/runs?name=%ff`].map(async (path) => {
      const { status, headers, text } = await ask(server.note.url + path)
      return [status, headers['content-type'], /<title>(.*)<\/title>/.exec(text)?.[1]]
    }),
  )
  const type = 'text/html; charset=utf-8'
  expect(titles).toEqual([
    [404, type, 'No such workspace · Flowcell'],
    [200, type, 'Flowcell'],
    [200, type, 'Flowcell'],
  ])
})

test('[PG7] the file for the assets says the same as the Worker', () => {
  const [everywhere = ''] = readFileSync(join(root, 'web/public/_headers'), 'utf8').split(/^\/(?!\*$)/m)
  const lines = everywhere.split('\n').filter((line) => line.startsWith('  '))
  expect(Object.fromEntries(lines.map((line) => line.trim().split(/: (.*)/s)))).toEqual(PAGE_HEADERS)
})

test('[SH15] what has a hash in its name is kept for ever, everything else is asked for again; a script that is not there is no page', async () => {
  const names = globSync('*', { cwd: app })
  expect(names.filter((name) => !/-[A-Z0-9]{8}\.(js|css|woff2)$/.test(name))).toEqual([])
  const cacheControl = async (path: string): Promise<unknown> => (await ask(server.note.url + path)).headers['cache-control']
  const workspace = new URL(server.note.link).pathname
  expect([
    await cacheControl(`/app/${names[0] ?? ''}`),
    await cacheControl('/plain.css'),
    await cacheControl(workspace),
    await cacheControl('/'),
  ]).toEqual(['public, max-age=31536000, immutable', 'public, max-age=0, must-revalidate', 'no-cache', 'no-cache'])
  const missing = await ask(`${server.note.url}/app/app-00000000.js`)
  expect([missing.status, missing.headers['cache-control'], missing.headers['content-type']]).toEqual([
    404,
    'no-store',
    'application/problem+json',
  ])
})

test('[SH15] every address that a page names is there, and none is of another origin', async () => {
  for (const page of ['app.html', 'start.html', 'unknown-workspace.html']) {
    const text = readFileSync(join(root, 'sdk/server/web', page), 'utf8')
    const addresses = [...text.matchAll(/ (?:src|href)="([^"#]+)"/g)].map(([, address = '']) => address)
    expect(addresses.length).toBeGreaterThan(3)
    expect(addresses.filter((address) => !address.startsWith('/'))).toEqual([])
    for (const address of addresses) expect([page, address, (await ask(server.note.url + address)).status]).toEqual([page, address, 200])
  }
})

/**
 * `npm run dev`: wrangler dev, which builds the Worker again when a source is saved, with the pages kept fresh beside it.
 * Further arguments go to wrangler: `npm run dev -- --port 9000`.
 */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, watch, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { buildPages } from './pages.ts'
import { at, quietWrangler, repository, wranglerBin } from './paths.ts'

/** What `wrangler secret put` gives on Cloudflare; made once on this machine, never committed. */
function makeSecrets(file: string): void {
  if (existsSync(file)) return
  const lines = [
    `FLOWCELL_KEK=${randomBytes(32).toString('base64')}`,
    `ADMIN_TOKEN=${randomBytes(32).toString('base64url')}`,
    'WORKSPACE_CREATION=open',
  ]
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 })
}

/** Builds the pages again whenever a source of theirs was saved, one build at a time; a mistake is said and the last good ones stay. */
function watchPages(): void {
  let wanted = 0
  let isBuilding = false
  const rebuild = async (): Promise<void> => {
    wanted++
    if (isBuilding) return
    isBuilding = true
    for (let done = 0; done < wanted;) {
      await delay(GATHER_MS)
      done = wanted
      await buildPages(web).catch((error: unknown) => console.error(error instanceof Error ? error.message : error))
    }
    wanted = 0
    isBuilding = false
  }
  for (const folder of PAGE_SOURCES) watch(at(folder), { recursive: true }, () => void rebuild())
}

/** Editors write a file in several steps. */
const GATHER_MS = 80
const PAGE_SOURCES = ['web', 'sdk/src']

const web = at('sdk/server/web')
// Not .dev.vars: wrangler gives that to tests as well.
const secrets = at('.wrangler/flowcell-dev.env')
for (const folder of [web, at('.wrangler')]) mkdirSync(folder, { recursive: true })
await buildPages(web)
watchPages()
makeSecrets(secrets)
const child = spawn(process.execPath, [wranglerBin, 'dev', '--env-file', secrets, ...process.argv.slice(2)], {
  cwd: repository,
  stdio: 'inherit',
  env: { ...process.env, ...quietWrangler },
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void child.kill(signal))
child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 0))

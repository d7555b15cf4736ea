/**
 * `npm run dev`: wrangler dev, which builds the Worker again when a source is saved, with the pages kept fresh beside it.
 * Further arguments go to wrangler: `npm run dev -- --port 9000`.
 */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, watch, writeFileSync } from 'node:fs'
import { copyPages } from './assets.ts'
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

const pages = at('web/public')
const web = at('sdk/server/web')
// Not .dev.vars: wrangler gives that to tests as well.
const secrets = at('.wrangler/flowcell-dev.env')
for (const folder of [web, at('.wrangler')]) mkdirSync(folder, { recursive: true })
copyPages(pages, web)
watch(pages, { recursive: true }, () => copyPages(pages, web))
makeSecrets(secrets)
const child = spawn(process.execPath, [wranglerBin, 'dev', '--env-file', secrets, ...process.argv.slice(2)], {
  cwd: repository,
  stdio: 'inherit',
  env: { ...process.env, ...quietWrangler },
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void child.kill(signal))
child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 0))

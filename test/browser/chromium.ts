/**
 * A real Chromium for tests: CHROME_PATH, else the one that an npm package carries, else the system's. Nothing is downloaded, and the lock file says
 * which Chromium it is.
 *
 * The carried one is the headless shell: the same engine without the windows around it. A system's Chromium opens a window with toolbar, omnibox and
 * their renderers for every page of a test: 0.45 s of a core instead of 0.05 for an empty one, 415 s instead of 187 for the suite.
 */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { chromium, type Browser } from 'playwright-core'
import { root } from '../support/repository.ts'

const SYSTEM_PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const ARGS = [
  '--no-sandbox', // containers and root have no user namespace to spare
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-dev-shm-usage',
  '--disable-gpu',
  '--no-first-run',
  '--no-pings',
]

export async function launchChromium(): Promise<Browser> {
  const chosen = process.env['CHROME_PATH'] ?? (isCarried() ? undefined : SYSTEM_PATHS.find((path) => existsSync(path)))
  if (chosen !== undefined) return chromium.launch({ executablePath: chosen, args: ARGS })
  const folder = await unpacked()
  const inherited = Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
  // Bare machines lack the shared libraries, and every machine has fonts of its own.
  const own = { LD_LIBRARY_PATH: join(folder, 'al2023/lib'), FONTCONFIG_PATH: join(folder, 'fonts') }
  return chromium.launch({ executablePath: join(folder, 'chromium'), args: ARGS, env: { ...Object.fromEntries(inherited), ...own } })
}

const isCarried = (): boolean => process.platform === 'linux' && process.arch === 'x64'

/** The folder into which the package was unpacked: once, and whole or not at all, because several processes may begin at the same time. */
async function unpacked(): Promise<string> {
  const { version }: { version: string } = JSON.parse(readFileSync(join(root, 'node_modules/@sparticuz/chromium/package.json'), 'utf8'))
  const kept = join(root, 'node_modules/.cache/flowcell-chromium', version)
  if (existsSync(kept)) return kept
  mkdirSync(dirname(kept), { recursive: true })
  const fresh = mkdtempSync(`${kept}-`)
  // It unpacks into the folder for temporary files, and its own shared libraries only where it believes itself in a cloud function.
  const env = { ...process.env, TMPDIR: fresh, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' }
  await promisify(execFile)(process.execPath, [join(root, 'test/browser/unpack-chromium.ts')], { env })
  try {
    renameSync(fresh, kept)
  } catch (error) {
    if (!existsSync(kept)) throw error
    rmSync(fresh, { recursive: true, force: true }) // another process was first
  }
  return kept
}

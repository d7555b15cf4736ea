/** A real Chromium for tests: CHROME_PATH, else the system's, else the one that an npm package carries, so that nothing is downloaded. */
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser } from 'playwright-core'

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
  const system = process.env['CHROME_PATH'] ?? SYSTEM_PATHS.find((path) => existsSync(path))
  if (system !== undefined) return chromium.launch({ executablePath: system, args: ARGS })
  const { executablePath, environment } = await carried()
  return chromium.launch({ executablePath, args: ARGS, env: environment })
}

/** The package unpacks its own shared libraries only where it believes itself in a cloud function; a bare machine lacks them as well. */
async function carried(): Promise<{ executablePath: string; environment: Record<string, string> }> {
  process.env['AWS_EXECUTION_ENV'] ??= 'AWS_Lambda_nodejs24.x'
  const { default: carrier } = await import('@sparticuz/chromium')
  const executablePath = await carrier.executablePath()
  const inherited = Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
  const own = { LD_LIBRARY_PATH: join(tmpdir(), 'al2023', 'lib'), FONTCONFIG_PATH: join(tmpdir(), 'fonts') }
  return { executablePath, environment: { ...Object.fromEntries(inherited), ...own } }
}

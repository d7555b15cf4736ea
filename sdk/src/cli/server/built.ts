/**
 * The built server that `server start` runs: `sdk/server/`, published with the package. Inside the repository, where this file
 * runs as TypeScript, it is built again when a source is newer.
 */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, statSync, type Dirent } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { refuse, type Refusal } from './refusal.ts'

export interface BuiltServer {
  readonly kind: 'built'
  readonly folder: string
  /** Variables of wrangler.toml with their values; the names of the secrets. */
  readonly variables: Readonly<Record<string, string>>
}

/** Written last by the build: the variables, and a hash of everything else. */
export const SETTINGS_FILE = 'settings.json'

/** Four up from src/cli/server/ or dist/cli/server/: the package. */
const PACKAGE = fileURLToPath(new URL('../../../', import.meta.url))
const REPOSITORY = join(PACKAGE, '..')
const BUILD_SCRIPT = join(PACKAGE, 'scripts/build.ts')
/** What Worker and pages are made of. The rooms above hosts reach neither. */
const SOURCES = [
  'worker',
  'web',
  'wrangler.toml',
  'package-lock.json',
  'sdk/local',
  'sdk/scripts',
  ...['protocol', 'machine', 'notebook', 'compiler', 'engine', 'client', 'hosts'].map((room) => `sdk/src/${room}`),
]

/** The built server, made first when this is the repository and a source is newer than it. */
export async function builtServer(onLog: (line: string) => void): Promise<BuiltServer | Refusal> {
  const folder = join(PACKAGE, 'server')
  const stamp = join(folder, SETTINGS_FILE)
  if (import.meta.url.endsWith('.ts') && existsSync(BUILD_SCRIPT) && isStale(stamp)) {
    onLog('Building the server…')
    const failure = await build()
    if (failure !== undefined) return refuse('build_failed', `The server could not be built:\n${failure}`)
  }
  if (!existsSync(stamp)) return refuse('not_built', `There is no built server in ${dirname(stamp)}. Run "npm run build" first.`)
  const { variables }: { variables: Record<string, string> } = JSON.parse(readFileSync(stamp, 'utf8'))
  return { kind: 'built', folder, variables }
}

function isStale(stamp: string): boolean {
  const builtAt = statSync(stamp, { throwIfNoEntry: false })?.mtimeMs
  return builtAt === undefined || SOURCES.some((source) => isNewer(join(REPOSITORY, source), builtAt))
}

function isNewer(path: string, thanMs: number): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) return false
  // A folder's own time tells of files that were added, renamed or taken away.
  if (found.mtimeMs > thanMs) return true
  return found.isDirectory() && readdirSync(path, { withFileTypes: true }).some((entry) => isEntryNewer(path, entry, thanMs))
}

/** Its kind is known without asking the disk, which is asked 600 times in every start from source. */
function isEntryNewer(folder: string, entry: Dirent, thanMs: number): boolean {
  const path = `${folder}/${entry.name}`
  return entry.isDirectory() ? isNewer(path, thanMs) : (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) > thanMs
}

/** What the build said, when it failed. */
function build(): Promise<string | undefined> {
  return new Promise((settle) => {
    const child = spawn(process.execPath, [BUILD_SCRIPT], { cwd: REPOSITORY, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (part: string) => (output += part))
    child.on('error', (error) => settle(error.message))
    child.on('close', (code) => settle(code === 0 ? undefined : output))
  })
}

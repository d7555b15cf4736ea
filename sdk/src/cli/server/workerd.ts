/**
 * One workerd process: start it, know when it listens, never let it outlive us.
 *
 * 1. On POSIX a two-line shell holds a pipe to us and then becomes workerd (exec), so `child.pid` is workerd's own pid.
 *    When we go, by whatever signal, the pipe closes and the guard kills workerd. On Windows libuv puts every child that
 *    is not detached into a job that dies with us; no guard is needed there.
 * 2. Own session on POSIX: Ctrl+C in the terminal reaches us only, and we decide how workerd stops.
 * 3. Secrets travel in the environment of this one child: not in argv, not in a file that is written for it.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { Readable, Writable } from 'node:stream'

export interface WorkerdOptions {
  readonly binary: string
  readonly config: string
  /** `host:port` to listen on. */
  readonly address: string
  readonly folders: Readonly<Record<string, string>>
  readonly environment: Readonly<Record<string, string>>
  readonly onLog: (line: string) => void
}

export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** The last lines that it wrote, to explain a failed start. */
  readonly lastWords: string
}

export interface Workerd {
  readonly pid: number
  /** Resolves once the socket listens; never rejects: look at `exited` beside it. */
  readonly listening: Promise<void>
  readonly exited: Promise<Exit>
  readonly signal: (name: 'SIGTERM' | 'SIGKILL') => void
}

const CONTROL_FD = 3
const GUARD_FD = 4
const LAST_WORDS = 20
const GUARD = `(read -r _ <&${GUARD_FD} || kill -KILL $$) ${CONTROL_FD}>&- >/dev/null 2>&1 &
exec "$@" ${GUARD_FD}<&-`

export function startWorkerd({ binary, config, address, folders, environment, onLog }: WorkerdOptions): Workerd {
  const args = [
    'serve',
    '--experimental',
    `--control-fd=${CONTROL_FD}`,
    `--socket-addr=http=${address}`,
    ...Object.entries(folders).map(([name, path]) => `--directory-path=${name}=${path}`),
    config,
  ]
  const posix = process.platform !== 'win32'
  const child = spawn(posix ? '/bin/sh' : binary, posix ? ['-c', GUARD, 'flowcell-guard', binary, ...args] : args, {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', posix ? 'pipe' : 'ignore'],
    detached: posix,
    env: { ...inherited(), ...environment },
  })
  const lastWords: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue
    createInterface({ input: stream }).on('line', (line) => {
      lastWords.push(line)
      if (lastWords.length > LAST_WORDS) lastWords.shift()
      onLog(line)
    })
  }
  const guard = child.stdio[GUARD_FD]
  const exited = Promise.withResolvers<Exit>()
  child.on('error', (error) => exited.resolve({ code: null, signal: null, lastWords: error.message }))
  child.on('close', (code, signal) => exited.resolve({ code, signal, lastWords: lastWords.join('\n') }))
  if (guard instanceof Writable) {
    guard.on('error', () => undefined) // EPIPE: workerd and its guard are gone, which is what `exited` tells
    child.on('exit', () => guard.end('\n')) // lets the guard go without a kill; only then can 'close' come
  }
  return { pid: child.pid ?? -1, listening: listening(child), exited: exited.promise, signal: (name) => void child.kill(name) }
}

function listening(child: ChildProcess): Promise<void> {
  const control = child.stdio[CONTROL_FD]
  return new Promise((settle) => {
    if (!(control instanceof Readable)) return
    createInterface({ input: control }).on('line', (line) => {
      const message: { event?: unknown; socket?: unknown } = JSON.parse(line)
      if (message.event === 'listen' && message.socket === 'http') settle()
    })
  })
}

/** What workerd needs from our environment: nothing but the system's certificates, and Windows' own root. */
function inherited(): Record<string, string> {
  const names = ['SSL_CERT_FILE', 'SSL_CERT_DIR', 'SystemRoot', 'TMPDIR', 'TEMP']
  return Object.fromEntries(names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])))
}

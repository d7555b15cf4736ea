/** Starts the local server as a process of its own, and asks it questions. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import type { Refusal } from '#sdk/cli/server/refusal.ts'
import type { ServerNote } from '#sdk/cli/server/note.ts'
import { root } from './repository.ts'

export interface Ending {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface Launched {
  readonly child: ChildProcess
  readonly stderr: readonly string[]
  readonly exited: Promise<Ending>
  readonly stop: (signal?: NodeJS.Signals) => Promise<Ending>
}

export type LaunchOutcome = (Launched & { readonly kind: 'started'; readonly note: ServerNote }) | (Launched & Refusal)
export type Running = Launched & { readonly kind: 'started'; readonly note: ServerNote }

export interface LaunchOptions {
  readonly port?: number
  readonly host?: string
  readonly allowHosts?: readonly string[]
  readonly kernelHosts?: readonly string[]
  readonly moduleHost?: string
  readonly environment?: Readonly<Record<string, string>>
}

export interface Folder {
  readonly path: string
  readonly [Symbol.dispose]: () => void
}

/** A data folder that goes with the test. */
export function freshFolder(within = tmpdir()): Folder {
  const path = mkdtempSync(join(within, 'flowcell-test-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

/** Starts a server on a free port, or tells why it refused. */
export async function tryLaunch(data: string, { environment = {}, ...options }: LaunchOptions = {}): Promise<LaunchOutcome> {
  const script = join(root, 'test/support/launcher.ts')
  const child = spawn(process.execPath, ['--conditions=flowcell-source', script, JSON.stringify({ data, port: 0, ...options })], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  })
  const stderr: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => stderr.push(line))
  const exited = new Promise<Ending>((settle) => child.on('close', (code, signal) => settle({ code, signal })))
  const line = await new Promise<string>((settle, fail) => {
    createInterface({ input: child.stdout }).on('line', settle)
    void exited.then(({ code, signal }) => fail(new Error(`the launcher ended (${signal ?? code}) without a line:\n${stderr.join('\n')}`)))
  })
  const stop = (signal: NodeJS.Signals = 'SIGTERM'): Promise<Ending> => {
    child.kill(signal)
    return exited
  }
  const outcome: { kind: 'started'; note: ServerNote } | Refusal = JSON.parse(line)
  return { ...outcome, child, stderr, exited, stop }
}

/** Starts a server on a free port. */
export async function launch(data: string, options?: LaunchOptions): Promise<Running> {
  const outcome = await tryLaunch(data, options)
  if (outcome.kind === 'refused') throw new Error(outcome.message)
  return outcome
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  readonly text: string
}

export interface Request {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

/** One request with exactly the headers given: `fetch` would add its own, set the Host and hide encodings. */
export function ask(url: string, { method = 'GET', headers = {}, body }: Request = {}): Promise<Answer> {
  return new Promise((settle, fail) => {
    const call = httpRequest(url, { method, headers, agent: false }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part)).on('error', fail)
      response.on('end', () => {
        const whole = Buffer.concat(parts)
        settle({ status: response.statusCode ?? 0, headers: response.headers, body: whole, text: whole.toString() })
      })
    })
    call.on('error', fail)
    call.end(body)
  })
}

export function freePort(): Promise<number> {
  return new Promise((settle) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => settle(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

/** A zombie is dead. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return false
    throw error
  }
}

/** Resolves with the milliseconds that it took until something outside this process became true. */
export async function until(condition: () => boolean | Promise<boolean>, withinMs: number): Promise<number> {
  const start = performance.now()
  while (performance.now() - start < withinMs) {
    if (await condition()) return performance.now() - start
    await delay(5)
  }
  throw new Error(`not true within ${withinMs} ms: ${condition.toString()}`)
}

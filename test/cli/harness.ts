/** Runs the `flowcell` command as a process of its own, in a home folder of its own, and against a server of its own. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createClient, type Client } from '#sdk/client/http.ts'
import { isHealthy } from '#sdk/hosts/ask.ts'
import { readNote, type ServerNote } from '#sdk/cli/server/note.ts'
import { root } from '../support/repository.ts'
import { isAlive, until } from '../support/server.ts'

export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

type Environment = Readonly<Record<string, string>>

/** The command line of a user with an empty home folder. */
export class User {
  readonly home = mkdtempSync(join(tmpdir(), 'flowcell-cli-'))

  /** Starts a command; nobody sits before it unless `input` is written to. */
  spawn(words: readonly string[], environment: Environment = {}): ChildProcessWithoutNullStreams {
    return spawn(process.execPath, ['--conditions=flowcell-source', join(root, 'sdk/bin/flowcell.js'), ...words], {
      cwd: this.home,
      env: { PATH: process.env['PATH'], HOME: this.home, TZ: 'UTC', ...environment },
      stdio: 'pipe',
    })
  }

  /** Runs a command to its end. */
  async run(words: readonly string[], environment: Environment = {}): Promise<Ended> {
    return ended(this.spawn(words, environment))
  }

  /** Runs a command that must succeed, and answers what it printed. */
  async ok(...words: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(words)
    if (code !== 0) throw new Error(`flowcell ${words.join(' ')} ended with ${code}:\n${stderr}`)
    return stdout
  }

  [Symbol.dispose](): void {
    rmSync(this.home, { recursive: true, force: true })
  }
}

export function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => (stdout += part))
  child.stderr.setEncoding('utf8').on('data', (part: string) => (stderr += part))
  child.stdin.end()
  return new Promise((settle, fail) => {
    child.on('error', fail)
    child.on('close', (code) => settle({ code, stdout, stderr }))
  })
}

/** The first line that a process prints which fulfils a condition. */
export function lineOf(child: ChildProcessWithoutNullStreams, isWanted: (line: string) => boolean = () => true): Promise<string> {
  return new Promise((settle, fail) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (isWanted(line)) settle(line)
    })
    child.on('close', (code) => fail(new Error(`The command ended with ${code} before that line.`)))
  })
}

/** A running `flowcell server start` of a user, with the client of its owner. */
export class Server {
  readonly note: ServerNote
  readonly client: Client
  readonly #child: ChildProcessWithoutNullStreams

  private constructor(child: ChildProcessWithoutNullStreams, note: ServerNote) {
    this.#child = child
    this.note = note
    this.client = createClient({ apiUrl: note.api_url, token: note.token })
  }

  static async start(user: User, words: readonly string[] = []): Promise<Server> {
    const child = user.spawn(['server', 'start', '--port', '0', '--json', ...words])
    let complaints = ''
    child.stderr.setEncoding('utf8').on('data', (part: string) => (complaints += part))
    try {
      return new Server(child, JSON.parse(await lineOf(child)))
    } catch (cause) {
      throw new Error(`The server did not start:\n${complaints}`, { cause })
    }
  }

  /** Kills workerd, which its launcher starts again; resolves when it answers. */
  async kill(): Promise<void> {
    const pid = readNote(this.note.data)?.workerd_pid ?? this.note.workerd_pid
    process.kill(pid, 'SIGKILL')
    await until(() => !isAlive(pid), 5_000)
    await until(() => isHealthy(this.note.url, 1_000), 10_000)
  }

  /** Ends it as Ctrl+C would. */
  stop(): Promise<number | null> {
    const gone = new Promise<number | null>((settle) => this.#child.on('close', settle))
    this.#child.kill('SIGINT')
    return gone
  }
}

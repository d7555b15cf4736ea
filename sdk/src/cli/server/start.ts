/**
 * The local server: prepares the data folder, keeps one workerd alive on it, and stops it well.
 *
 * 1. Nothing starts before the folder's lock is held; the lock is given back after workerd is gone.
 * 2. A workerd that dies or hangs is started again on the same port; acknowledged writes are on disk, so nothing is lost.
 * 3. Every refusal is a value with a code and a sentence; only a defect throws.
 * 4. It runs from a copy of the build in the data folder: what becomes of the build afterwards is nothing to it.
 * 5. Its note is written again when it was lost or damaged.
 * 6. Never parses arguments, never prints, never handles signals: the command does.
 */
import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { bindAddress, DEFAULT_HOST, DEFAULT_PORT, isLoopback, ownHosts, urlOf } from './address.ts'
import { builtServer, type BuiltServer } from './built.ts'
import { folderRefusal, keyOf, leftoverProcess, prepareFolder } from './folder.ts'
import { openNote } from './live-note.ts'
import type { ServerNote } from './note.ts'
import { ownCopy } from './own-copy.ts'
import { portTaken, takePort } from './port.ts'
import { refuse, type Refusal } from './refusal.ts'
import { supervise } from './supervise.ts'
import { firstAnswer, START_SECONDS } from './watch.ts'
import { startWorkerd, type Workerd } from './workerd.ts'
import { apiUrlOf, linkOf, ownWorkspace, planWorkspace } from './workspace.ts'

/** Answers in flight take milliseconds; an open socket would hold the drain for ever, and its client reconnects anyway. */
const STOP_MS = 1_000

export interface ServerOptions {
  /** The data folder; made when it does not exist. */
  readonly data: string
  /** DEFAULT_HOST when not given. With any but a loopback address, workspaces are made with ADMIN_TOKEN only. */
  readonly host?: string
  /** DEFAULT_PORT when not given; 0 takes any free port. */
  readonly port?: number
  /** Further names (`host` or `host:port`) that this server answers to, for a reverse proxy. */
  readonly allowHosts?: readonly string[]
  /** Hosts that cells of notebooks may reach beside what the notebook says, as `readKernelHost` takes them. */
  readonly kernelHosts?: readonly string[]
  /** Where cells get `npm:` modules from; `none` turns them off. The default is that of wrangler.toml. */
  readonly moduleHost?: string
  /** May give FLOWCELL_KEK, ADMIN_TOKEN and the variables of wrangler.toml. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** A line of workerd, or of ours about it. */
  readonly onLog: (line: string) => void
}

export interface Started {
  readonly kind: 'started'
  readonly note: ServerNote
  /** Resolves when the server is gone for good; rejects when workerd could not be kept alive. */
  readonly closed: Promise<void>
  /** Drains for a second, then ends workerd the hard way. A second call does not wait. */
  readonly stop: () => void
}

/**
 * Starts the local server and resolves once it answers and its workspace exists.
 * @example
 * const outcome = await startServer({ data: join(home, 'server'), environment: process.env, onLog: console.error })
 * if (outcome.kind === 'started') console.log(outcome.note.link)
 */
export async function startServer(options: ServerOptions): Promise<Started | Refusal> {
  const built = await builtServer(options.onLog)
  if (built.kind === 'refused') return built
  const binary = workerdBinary()
  if (binary === undefined)
    return refuse('no_workerd', 'The local server needs workerd, which is not installed. Add it with "npm install workerd".')
  const folder = prepareFolder(options.data)
  if (folder.kind === 'refused') return folder
  const outcome = await startIn(options, built, binary, folder.release)
  if (outcome.kind === 'refused') folder.release()
  return outcome
}

async function startIn(options: ServerOptions, built: BuiltServer, binary: string, release: () => void): Promise<Started | Refusal> {
  const { data, host = DEFAULT_HOST, port: wanted = DEFAULT_PORT, allowHosts = [], kernelHosts, moduleHost, environment, onLog } = options
  const startedAt = new Date().toISOString()
  const leftover = await leftoverProcess(data)
  if (leftover !== undefined) return leftover
  const file = join(data, 'server.json')
  rmSync(file, { force: true }) // of a server that was killed
  const key = keyOf(data, environment['FLOWCELL_KEK'])
  if (key.kind === 'refused') return key
  const plan = await planWorkspace(data, key.key)
  if (plan.kind === 'refused') return plan
  const free = await takePort(host, wanted)
  if (free.kind === 'refused') return free
  const { port } = free

  const adminToken = environment['ADMIN_TOKEN'] ?? randomBytes(32).toString('base64url')
  const listener = { host, port }
  const url = urlOf(listener)
  const creation = isLoopback(host) && allowHosts.length === 0 ? 'open' : 'token'
  const variables = Object.entries({ ...built.variables, WORKSPACE_CREATION: creation }).map(([name, value]) => [
    name,
    environment[name] ?? value,
  ])
  const given = {
    ...(kernelHosts !== undefined && { KERNEL_HOSTS: kernelHosts.join(' ') }),
    ...(moduleHost !== undefined && { MODULE_HOST: moduleHost }),
  }
  const program = tryOn(data, () => ownCopy(built.folder, data))
  if (typeof program !== 'string') return program
  const launch = (): Workerd =>
    startWorkerd({
      binary,
      config: join(program, 'flowcell.capnp'),
      address: bindAddress(listener),
      folders: { data: join(data, 'objects'), files: join(program, 'web'), encoded: join(program, 'encoded') },
      environment: {
        ...Object.fromEntries(variables),
        ...given,
        FLOWCELL_KEK: key.key,
        ADMIN_TOKEN: adminToken,
        FLOWCELL_HOSTS: ownHosts(listener, allowHosts).join(','),
      },
      onLog,
    })

  const workerd = launch()
  const end = async (refusal: Refusal): Promise<Refusal> => {
    workerd.signal('SIGKILL')
    await workerd.exited
    return refusal
  }
  const reach = { data, url, key: key.key, adminToken, onLog }
  const owning = workerd.listening.then(() => ownWorkspace(plan, reach)).catch((error: unknown) => folderRefusal(data, error))
  const first = await firstAnswer(workerd, url)
  if (first.kind === 'exited') {
    if (/address already in use/i.test(first.exit.lastWords)) return portTaken(host, port)
    return refuse('start_failed', `workerd ended before it answered (${first.exit.signal ?? first.exit.code}):\n${first.exit.lastWords}`)
  }
  if (first.kind === 'silent') return end(refuse('start_failed', `workerd did not answer within ${START_SECONDS} seconds.`))
  const workspace = await owning
  if ('kind' in workspace) return end(workspace)

  const noteOf = ({ pid }: Workerd): ServerNote => ({
    url,
    workspace: workspace.id,
    api_url: apiUrlOf(url, workspace),
    link: linkOf(url, workspace),
    token: workspace.token,
    data,
    pid: process.pid,
    workerd_pid: pid,
    started_at: startedAt,
  })
  const note = openNote(file, noteOf(workerd), onLog)
  const supervisor = supervise(workerd, { url, launch, onLaunched: (again) => note.tell(noteOf(again)), onLog })
  const closed = supervisor.closed.finally(() => {
    note.close()
    release()
  })
  let stopping = false
  const stop = (): void => {
    supervisor.end(stopping ? 'SIGKILL' : 'SIGTERM')
    if (!stopping) void delay(STOP_MS, undefined, { ref: false }).then(() => supervisor.end('SIGKILL'))
    stopping = true
  }
  return { kind: 'started', note: noteOf(workerd), closed, stop }
}

/** What the disk refuses is a refusal of ours. */
function tryOn<T>(data: string, act: () => T): T | Refusal {
  try {
    return act()
  } catch (error) {
    return folderRefusal(data, error)
  }
}

/** The path of the binary; undefined when the optional peer is not installed. */
function workerdBinary(): string | undefined {
  try {
    const { default: path }: { default: string } = createRequire(import.meta.url)('workerd')
    return path
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return undefined
    throw error
  }
}

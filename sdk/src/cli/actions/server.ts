/** What `flowcell server …` does. The server itself is in ../server/. Loads neither zod nor the client: a start is waited for. */
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { DataOptions, StartOptions, StatusOptions } from '../commands/server.ts'
import type { Context } from '../context.ts'
import { EXIT, Failure, type ExitCode } from '../failure.ts'
import { facts } from '../output/table.ts'
import { relative } from '../output/time.ts'
import { ownerLink, serverStatus, stopServer, type ServerStatus } from '../server/control.ts'
import type { ServerNote } from '../server/note.ts'
import { startServer } from '../server/start.ts'
import { flowcellFolder } from '../../hosts/flowcell-folder.ts'
import { readKernelHost, readModuleHost } from '../../protocol/kernel-hosts.ts'
import { VERSION } from '../../protocol/version.ts'

/** Starts the server and stays until it is gone. */
export async function start(context: Context, options: StartOptions): Promise<ExitCode> {
  const { port, host, data, allowHost, kernelHost, moduleHost, json } = options
  const { terminal, environment } = context
  if (port > 65_535) throw new Failure(`There is no port ${port}: ports go to 65535.`, EXIT.usage)
  checkKernelHosts(kernelHost ?? [])
  if (moduleHost !== undefined && readModuleHost(moduleHost) === undefined)
    throw new Failure(`--module-host: expected an address such as https://esm.sh/, or none, got ${moduleHost}.`, EXIT.usage)
  // workerd may speak before the address is printed; people are to see the address first.
  let waiting: string[] | undefined = []
  const onLog = (line: string): void => {
    if (line === BUILDING || waiting === undefined) terminal.note(line)
    else waiting.push(line)
  }
  const folder = folderOf(context, data)
  const outcome = await startServer({
    data: folder,
    host,
    port,
    environment,
    onLog,
    ...(allowHost === undefined ? {} : { allowHosts: allowHost }),
    ...(kernelHost === undefined ? {} : { kernelHosts: kernelHost }),
    ...(moduleHost === undefined ? {} : { moduleHost }),
  })
  if (outcome.kind === 'refused') throw new Failure(outcome.message)
  const { note, closed, stop } = outcome
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  await terminal.print(json === true ? JSON.stringify(note) : welcome(context, note, folder === dataFolder(context)))
  for (const line of waiting) terminal.note(line)
  waiting = undefined
  await closed
  if (json !== true) terminal.note('The server has stopped. Its data stay where they are.')
  return EXIT.ok
}

function checkKernelHosts(hosts: readonly string[]): void {
  const bad = hosts.find((host) => readKernelHost(host) === undefined)
  if (bad === undefined) return
  throw new Failure(`--kernel-host: expected a host such as api.example.com or http://127.0.0.1:9000, got ${bad}.`, EXIT.usage)
}

/** What the launcher says before a start that takes seconds. */
const BUILDING = 'Building the server…'

function welcome({ terminal }: Context, note: ServerNote, isDefault: boolean): string {
  const lines = facts(terminal, [
    ['Open', terminal.style(['bold', 'cyan'], note.link)],
    ['Dashboard', dashboardOf(note)],
    ['API', note.api_url],
    ['Data', note.data],
  ])
  const indented = lines.replace(/^/gm, '  ')
  const scripts = isDefault
    ? 'Scripts and commands on this machine find it by themselves.'
    : `Scripts and commands find it with\n  export FLOWCELL_API_URL=${note.api_url} FLOWCELL_API_KEY=${note.token}`
  return `Flowcell ${VERSION} is running.\n\n${indented}\n\n${scripts}\nWhoever has the link owns the workspace. Ctrl+C stops the server.\n`
}

export async function stop(context: Context, { data }: DataOptions): Promise<ExitCode> {
  const folder = folderOf(context, data)
  const outcome = await stopServer(folder)
  if (outcome.kind === 'refused') throw new Failure(outcome.message)
  if (outcome.kind === 'not_running') context.terminal.note(`No server runs on ${folder}.`)
  else await context.terminal.print(`The server at ${outcome.note.url} has stopped.`)
  return EXIT.ok
}

export async function status(context: Context, { data, output }: StatusOptions): Promise<ExitCode> {
  const { terminal, nowMs } = context
  const folder = folderOf(context, data)
  const found = await serverStatus(folder)
  const exit = found.kind === 'running' ? EXIT.ok : EXIT.unreachable
  if (output === 'json') {
    await terminal.print(
      JSON.stringify({ status: found.kind, ...('note' in found ? withoutSecrets(found.note) : { data: folder }) }, null, 2),
    )
    return exit
  }
  if (!('note' in found)) {
    terminal.note(
      found.kind === 'starting'
        ? `A server is just starting on ${folder}, or its note is just written again.`
        : `No server runs on ${folder}. "flowcell server start" starts one.`,
    )
    return exit
  }
  const { note } = found
  await terminal.print(
    facts(terminal, [
      ['Status', WORDS[found.kind](context)],
      ['Dashboard', dashboardOf(note)],
      ['API', note.api_url],
      ['Data', note.data],
      ['Started', relative(note.started_at, nowMs())],
      ['Process', `${note.pid} (workerd ${note.workerd_pid})`],
    ]),
  )
  return exit
}

const WORDS: Readonly<Record<Extract<ServerStatus, { note: ServerNote }>['kind'], (context: Context) => string>> = {
  running: ({ terminal }) => terminal.style('green', 'running'),
  silent: ({ terminal }) => terminal.style('red', 'does not answer'),
}

/** The status is what people paste into reports; `server link` gives the link, and the note's file the token. */
function withoutSecrets({ link: _link, token: _token, ...rest }: ServerNote): Omit<ServerNote, 'link' | 'token'> {
  return rest
}

export async function link(context: Context, { data }: DataOptions): Promise<void> {
  const folder = folderOf(context, data)
  const outcome = await ownerLink(folder)
  if (outcome.kind === 'link') return context.terminal.print(outcome.link)
  throw new Failure(
    `No server runs on ${folder}, and the link holds its address. "flowcell server start" starts it and prints the link.`,
    EXIT.unreachable,
  )
}

const dashboardOf = ({ url, workspace }: ServerNote): string => `${url}/w/${workspace}`

/** The default data folder of the local server. */
const dataFolder = ({ environment }: Context): string => join(flowcellFolder(environment, homedir()), 'server')

function folderOf(context: Context, data: string | undefined): string {
  if (data === undefined) return dataFolder(context)
  if (data.trim() === '') throw new Failure('--data needs the path of a folder.', EXIT.usage)
  return resolve(data)
}

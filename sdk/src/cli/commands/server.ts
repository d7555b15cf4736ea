/** `flowcell server …` */
import type { Command } from 'commander'
import { act, type Context } from '../context.ts'
import { DEFAULT_HOST, DEFAULT_PORT } from '../server/address.ts'
import { collect, outputOption, showExamples, wholeNumber, type OutputOptions } from './shared.ts'

export interface DataOptions {
  readonly data?: string
}
export interface StartOptions extends DataOptions {
  readonly port: number
  readonly host: string
  readonly allowHost?: readonly string[]
  readonly kernelHost?: readonly string[]
  readonly moduleHost?: string
  readonly json?: true
}
export interface StatusOptions extends DataOptions, OutputOptions {}

const DATA = 'Folder of its data; ~/.flowcell/server when left out'

export function register(server: Command, context: Context): void {
  const { terminal } = context
  const actions = () => import('../actions/server.ts')
  showExamples(server, terminal, [
    ['Start a workspace on this machine', 'flowcell server start'],
    ['Is it running, and where?', 'flowcell server status'],
  ])

  const start = server
    .command('start')
    .summary('Start the workspace on this machine')
    .description(
      'Starts the server, makes a workspace on the first start, and prints its link. Runs until Ctrl+C or "flowcell server stop".',
    )
    .option('-p, --port <number>', 'Port; 0 takes any free one', wholeNumber(0), DEFAULT_PORT)
    .option('--host <address>', 'Address to listen on; other than 127.0.0.1 others may reach it', DEFAULT_HOST)
    .option('--data <folder>', DATA)
    .option('--allow-host <names>', 'Further names (host or host:port) that it answers to, for a reverse proxy', collect)
    .option('--kernel-host <names>', 'Further hosts (host:port, http://host:port) that cells of notebooks may reach', collect)
    .option('--module-host <url>', 'Where cells get npm: modules from, or none (default: "https://esm.sh/")')
    .option('--json', 'Print one line of JSON once it answers: url, workspace, api_url, link, token, …')
    .action(act(context, async (options: StartOptions) => (await actions()).start(context, options)))
  showExamples(start, terminal, [
    ['With defaults', 'flowcell server start'],
    ['A second one beside it', 'flowcell server start --port 0 --data ./scratch'],
    ['For a script', 'flowcell server start --port 0 --json'],
  ])

  const stop = server
    .command('stop')
    .summary('Stop it')
    .description('Stops the server and waits until it is gone. Nothing that was acknowledged is lost.')
    .option('--data <folder>', DATA)
    .action(act(context, async (options: DataOptions) => (await actions()).stop(context, options)))
  showExamples(stop, terminal, [['The one of this user', 'flowcell server stop']])

  const status = server
    .command('status')
    .summary('Is it running, and where?')
    .description('Shows whether the server runs, and its addresses. Exit code 0 when it answers, 3 otherwise.')
    .option('--data <folder>', DATA)
    .addOption(outputOption())
    .action(act(context, async (options: StatusOptions) => (await actions()).status(context, options)))
  showExamples(status, terminal, [
    ['For people', 'flowcell server status'],
    ['In a script', 'flowcell server status > /dev/null || echo "not running"'],
  ])

  const link = server
    .command('link')
    .summary("Print the owner's link again")
    .description("Prints the owner's link of the running server. Whoever has it owns the workspace.")
    .option('--data <folder>', DATA)
    .action(act(context, async (options: DataOptions) => (await actions()).link(context, options)))
  showExamples(link, terminal, [
    ['When it is lost', 'flowcell server link'],
    ['Open it', 'open "$(flowcell server link)"'],
  ])
}

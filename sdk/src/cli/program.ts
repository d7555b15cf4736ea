/**
 * The `flowcell` command: its groups, its help, its wrong uses. A group's commands are loaded when the group is asked for, and what a
 * command does when it is run, so `--help` costs neither zod nor the client.
 */
import { Command, CommanderError } from 'commander'
import { ApiError } from '../client/errors.ts'
import { VERSION } from '../protocol/version.ts'
import { showExamples } from './commands/shared.ts'
import type { Context, Globals } from './context.ts'
import { EXIT, Failure, type ExitCode } from './failure.ts'
import type { Terminal } from './terminal.ts'

interface Group {
  readonly name: string
  readonly summary: string
  readonly load: () => Promise<{ readonly register: (command: Command, context: Context) => void }>
}

const GROUPS: readonly Group[] = [
  { name: 'server', summary: 'Start, stop and look at the workspace on this machine', load: () => import('./commands/server.ts') },
  { name: 'flow', summary: 'Flows of the workspace', load: () => import('./commands/flow.ts') },
  { name: 'flow-run', summary: 'Flow runs: list, inspect, logs, watch, cancel, delete', load: () => import('./commands/flow-run.ts') },
  { name: 'task-run', summary: 'Task runs: list, inspect, logs', load: () => import('./commands/task-run.ts') },
  { name: 'config', summary: 'Settings: view, set, unset, validate', load: () => import('./commands/config.ts') },
  { name: 'profile', summary: 'Named sets of settings, one of them active', load: () => import('./commands/profile.ts') },
  { name: 'version', summary: 'Versions of this command and of the workspace', load: () => import('./commands/version.ts') },
]

const EPILOGUE = `
Which workspace: --api-url and --api-key, else FLOWCELL_API_URL and FLOWCELL_API_KEY, else the active profile,
else the server that runs on this machine.

Exit codes:
  0  done
  1  failed: refused, not found, or a watched run that did not end Completed
  2  wrong use: the command line or a setting is wrong
  3  no workspace, or it does not answer
  4  the workspace refuses the token, or its role is too low`

export interface Surroundings {
  readonly terminal: Terminal
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly nowMs: () => number
}

/** Runs one command line (without `node` and the script) and answers how it ended. */
export async function run(words: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { terminal } = surroundings
  let exit: ExitCode = EXIT.ok
  const program = newProgram(terminal)
  const context: Context = { ...surroundings, globals: () => program.opts<Globals>(), end: (code) => (exit = code) }
  let current: Command = program
  const enter = async (command: Command): Promise<void> => {
    current = command
    command.hook('preSubcommand', (_, sub) => void (current = sub))
    const group = GROUPS.find(({ name }) => name === command.name())
    if (group !== undefined && command.parent === program) (await group.load()).register(command, context)
  }
  for (const { name, summary } of GROUPS) program.command(name).helpCommand(false).summary(summary).description(`${summary}.`)
  program.hook('preSubcommand', (_, sub) => enter(sub))
  try {
    const [first, ...rest] = words
    await program.parseAsync(first === 'help' ? [...rest, '--help'] : words, { from: 'user' })
    return exit
  } catch (error) {
    if (error instanceof CommanderError) return misuse(error, current, terminal)
    if (error instanceof Failure) {
      complain(terminal, error.message)
      return error.exit
    }
    if (!(error instanceof ApiError)) throw error
    complain(terminal, error.detail)
    return exitOf(error)
  }
}

export function complain(terminal: Terminal, message: string): void {
  terminal.note(`${terminal.style('red', 'Error:')} ${message}`)
}

function newProgram(terminal: Terminal): Command {
  const program = new Command('flowcell')
    .description('Flows and tasks in TypeScript, recorded and decided by a workspace of your own.')
    .version(VERSION, '-v, --version', 'Show the version')
    .helpOption('-h, --help', 'Show this help')
    .helpCommand(false)
    .option('--profile <name>', 'Use this profile instead of the active one')
    .option('--api-url <address>', "Address of the workspace's API")
    .option('--api-key <token>', 'Token for the workspace; FLOWCELL_API_KEY keeps it out of process lists')
    .exitOverride()
    .configureOutput({
      // Help is an answer, also where commander takes a bare group for a mistake. Errors are told by misuse().
      writeErr: (text) => void process.stdout.write(text),
      writeOut: (text) => void process.stdout.write(text),
      outputError: () => undefined,
      getOutHelpWidth: () => terminal.width ?? 100,
      getErrHelpWidth: () => terminal.width ?? 100,
      getOutHasColors: () => true,
      getErrHasColors: () => true,
    })
    .configureHelp({
      showGlobalOptions: true,
      styleTitle: (title) => terminal.style('bold', title),
      styleCommandText: (text) => terminal.style('cyan', text),
      styleSubcommandTerm: (text) => terminal.style('cyan', text),
      styleOptionTerm: (text) => terminal.style('cyan', text),
      styleArgumentTerm: (text) => terminal.style('cyan', text),
    })
  showExamples(program, terminal, [
    ['Start a workspace on this machine', 'flowcell server start'],
    ['The newest flow runs', 'flowcell flow-run ls'],
    ['The log of one, by its name', 'flowcell flow-run logs thundering-goshawk'],
  ])
  return program.addHelpText('after', EPILOGUE)
}

function exitOf({ code, status }: ApiError): ExitCode {
  if (code === 'unreachable') return EXIT.unreachable
  return status === 401 || status === 403 || code === 'unauthenticated' || code === 'forbidden' ? EXIT.forbidden : EXIT.failed
}

const SHOWN_HELP = new Set(['commander.help', 'commander.helpDisplayed', 'commander.version'])

/** `error: unknown command 'lss'\n(Did you mean ls?)` → `Unknown command 'lss'. Did you mean ls? See "flowcell flow-run --help".` */
function misuse(error: CommanderError, command: Command, terminal: Terminal): ExitCode {
  if (SHOWN_HELP.has(error.code)) return EXIT.ok
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n')
  const hint = rest.join(' ').replace(/^\((.*)\)$/, ' $1')
  const sentence = first.charAt(0).toUpperCase() + first.slice(1)
  const stop = /[.?!]$/.test(sentence) ? '' : '.'
  complain(terminal, `${sentence}${stop}${hint} See "${pathOf(command)} --help".`)
  return EXIT.usage
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`
}

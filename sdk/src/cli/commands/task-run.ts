/** `flowcell task-run …` */
import type { Command } from 'commander'
import { act, type Context } from '../context.ts'
import { addLogOptions, type LogOptions } from './logs.ts'
import { collect, outputOption, showExamples, wholeNumber, type OutputOptions } from './shared.ts'

export interface TaskRunListOptions extends OutputOptions {
  readonly limit: number
  readonly state?: readonly string[]
  readonly flowRun?: string
  readonly name?: string
}

const RUN = 'Id, beginning of an id (at least 4 digits), or name of a task run; of several with that name the newest'

export function register(taskRun: Command, context: Context): void {
  const { terminal } = context
  showExamples(taskRun, terminal, [
    ['The task runs of one flow run', 'flowcell task-run ls --flow-run thundering-goshawk'],
    ['Everything about one', 'flowcell task-run inspect 0199f3c2-41d7-7a3e-9b1c-5d2f8e6a0000'],
  ])

  const ls = taskRun
    .command('ls')
    .summary('List task runs')
    .description('Lists task runs, newest first. A narrow terminal shows no ids: names do as well.')
    .option('-n, --limit <count>', 'How many', wholeNumber(1), 20)
    .option('--flow-run <run>', 'Only of this flow run: its id or name')
    .option('--state <names>', 'Only in these states (failed, running, cached, …); several with commas', collect)
    .option('--name <text>', 'Only those with this text in their name')
    .addOption(outputOption())
    .action(act(context, async (options: TaskRunListOptions) => (await import('../actions/task-runs.ts')).listTaskRuns(context, options)))
  showExamples(ls, terminal, [
    ['Of one flow run', 'flowcell task-run ls --flow-run thundering-goshawk'],
    ['What failed', 'flowcell task-run ls --state failed'],
  ])

  const inspect = taskRun
    .command('inspect')
    .summary('Show everything about a task run')
    .description('Shows a task run: its states, inputs, retries and tags.')
    .argument('<run>', RUN)
    .addOption(outputOption())
    .action(
      act(context, async (run: string, options: OutputOptions) =>
        (await import('../actions/task-runs.ts')).inspectTaskRun(context, run, options),
      ),
    )
  showExamples(inspect, terminal, [
    ['By name', 'flowcell task-run inspect callUnreliableApi-0'],
    ['Why it failed', 'flowcell task-run inspect callUnreliableApi-0 --output json | jq .state.message'],
  ])

  const logs = addLogOptions(taskRun.command('logs'))
    .summary("Show a task run's log")
    .description('Shows the log lines of one task run. Times are of this machine’s zone.')
    .argument('<run>', RUN)
    .action(
      act(context, async (run: string, options: LogOptions) => (await import('../actions/logs.ts')).taskRunLogs(context, run, options)),
    )
  showExamples(logs, terminal, [['Errors only', 'flowcell task-run logs callUnreliableApi-0 --level error']])
}

/** `flowcell flow-run …` */
import type { Command } from 'commander'
import { act, type Context } from '../context.ts'
import { addLogOptions, type LogOptions } from './logs.ts'
import { collect, outputOption, showExamples, wholeNumber, type OutputOptions } from './shared.ts'

export interface FlowRunListOptions extends OutputOptions {
  readonly limit: number
  readonly state?: readonly string[]
  readonly flow?: string
  readonly name?: string
}
export interface ConfirmOptions {
  readonly yes?: true
}

const RUN = 'Id, beginning of an id (at least 4 digits), or name of a flow run; of several with that name the newest'

export function register(flowRun: Command, context: Context): void {
  const { terminal } = context
  showExamples(flowRun, terminal, [
    ['The newest flow runs', 'flowcell flow-run ls'],
    ['Everything about one', 'flowcell flow-run inspect thundering-goshawk'],
  ])

  const ls = flowRun
    .command('ls')
    .summary('List flow runs')
    .description('Lists flow runs, newest first. A narrow terminal shows no ids: names do as well.')
    .option('-n, --limit <count>', 'How many', wholeNumber(1), 20)
    .option('--state <names>', 'Only in these states (failed, running, late, …); several with commas', collect)
    .option('--flow <name>', 'Only of this flow: its name or id')
    .option('--name <text>', 'Only those with this text in their name')
    .addOption(outputOption())
    .action(act(context, async (options: FlowRunListOptions) => (await import('../actions/flow-runs.ts')).listFlowRuns(context, options)))
  showExamples(ls, terminal, [
    ['The newest twenty', 'flowcell flow-run ls'],
    ['What went wrong lately in one flow', 'flowcell flow-run ls --flow pipeline --state failed,crashed'],
    ['Ids for another program', "flowcell flow-run ls --limit 200 --output json | jq -r '.[].id'"],
  ])

  const inspect = flowRun
    .command('inspect')
    .summary('Show everything about a flow run')
    .description('Shows a flow run: its states, parameters, tags and counts of task runs.')
    .argument('<run>', RUN)
    .addOption(outputOption())
    .action(
      act(context, async (run: string, options: OutputOptions) =>
        (await import('../actions/flow-runs.ts')).inspectFlowRun(context, run, options),
      ),
    )
  showExamples(inspect, terminal, [
    ['By name', 'flowcell flow-run inspect thundering-goshawk'],
    ['Its parameters', 'flowcell flow-run inspect thundering-goshawk --output json | jq .parameters'],
  ])

  const logs = addLogOptions(flowRun.command('logs'))
    .summary("Show a flow run's log")
    .description('Shows the log of a flow run with the lines of its task runs. Times are of this machine’s zone.')
    .argument('<run>', RUN)
    .action(
      act(context, async (run: string, options: LogOptions) => (await import('../actions/logs.ts')).flowRunLogs(context, run, options)),
    )
  showExamples(logs, terminal, [
    ['The whole log', 'flowcell flow-run logs thundering-goshawk'],
    ['The last ten lines, then what comes, until the run has ended', 'flowcell flow-run logs thundering-goshawk --tail 10 --follow'],
    ['Only warnings and errors', 'flowcell flow-run logs thundering-goshawk --level warning'],
  ])

  const watch = flowRun
    .command('watch')
    .summary('Follow a flow run until it has ended')
    .description('Shows state by state what happens to a flow run until it has ended. Exit code 0 when it ended Completed, 1 otherwise.')
    .argument('<run>', RUN)
    .action(act(context, async (run: string) => (await import('../actions/watch.ts')).watchFlowRun(context, run)))
  showExamples(watch, terminal, [
    ['Wait for a run, then go on only if it succeeded', 'flowcell flow-run watch thundering-goshawk && echo done'],
  ])

  const cancel = flowRun
    .command('cancel')
    .summary('Cancel flow runs')
    .description('Asks for the end of flow runs: their processes are told and given time to stop.')
    .argument('<run...>', 'Ids, beginnings of ids or names of flow runs; a name must be of one run only')
    .option('-y, --yes', 'Do not ask')
    .action(
      act(context, async (runs: string[], options: ConfirmOptions) =>
        (await import('../actions/flow-runs.ts')).cancelFlowRuns(context, runs, options),
      ),
    )
  showExamples(cancel, terminal, [['Without being asked', 'flowcell flow-run cancel thundering-goshawk --yes']])

  const remove = flowRun
    .command('delete')
    .summary('Delete flow runs')
    .description('Deletes flow runs with their task runs and logs, for good.')
    .argument('<run...>', 'Ids, beginnings of ids or names of flow runs; a name must be of one run only')
    .option('-y, --yes', 'Do not ask')
    .action(
      act(context, async (runs: string[], options: ConfirmOptions) =>
        (await import('../actions/flow-runs.ts')).deleteFlowRuns(context, runs, options),
      ),
    )
  showExamples(remove, terminal, [['Two at once', 'flowcell flow-run delete thundering-goshawk ivory-chinchilla']])
}

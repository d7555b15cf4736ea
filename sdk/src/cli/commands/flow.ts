/** `flowcell flow …` */
import type { Command } from 'commander'
import { act, type Context } from '../context.ts'
import { outputOption, showExamples, wholeNumber, type OutputOptions } from './shared.ts'

export interface FlowListOptions extends OutputOptions {
  readonly limit: number
  readonly name?: string
}

export function register(flow: Command, context: Context): void {
  const { terminal } = context
  showExamples(flow, terminal, [['All flows', 'flowcell flow ls']])
  const ls = flow
    .command('ls')
    .summary('List flows')
    .description('Lists flows, newest first.')
    .option('-n, --limit <count>', 'How many', wholeNumber(1), 20)
    .option('--name <text>', 'Only those with this text in their name')
    .addOption(outputOption())
    .action(act(context, async (options: FlowListOptions) => (await import('../actions/flows.ts')).listFlows(context, options)))
  showExamples(ls, terminal, [
    ['The newest flows', 'flowcell flow ls'],
    ['Their names, for another program', "flowcell flow ls --output json | jq -r '.[].name'"],
  ])
}

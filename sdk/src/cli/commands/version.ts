/** `flowcell version` */
import type { Command } from 'commander'
import { act, type Context } from '../context.ts'
import { outputOption, showExamples, type OutputOptions } from './shared.ts'

export function register(version: Command, context: Context): void {
  version
    .description('Shows the versions of this command, of Node and of the workspace, if one answers.')
    .addOption(outputOption())
    .action(act(context, async (options: OutputOptions) => (await import('../actions/version.ts')).showVersion(context, options)))
  showExamples(version, context.terminal, [['For a report of a problem', 'flowcell version']])
}

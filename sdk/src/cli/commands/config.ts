/** `flowcell config …` */
import type { Command } from 'commander'
import { act, type Context } from '../context.ts'
import { outputOption, showExamples, type OutputOptions } from './shared.ts'

export interface ConfigViewOptions extends OutputOptions {
  readonly showDefaults?: true
  readonly showSources?: true
  readonly hideSources?: true
}

export function register(config: Command, context: Context): void {
  const { terminal } = context
  showExamples(config, terminal, [
    ['What applies here, and where it comes from', 'flowcell config view'],
    ['More log lines', 'flowcell config set LOGGING_LEVEL=DEBUG'],
  ])

  const view = config
    .command('view')
    .summary('Show settings')
    .description('Shows the settings that apply: environment first, then the profile, then defaults. Secrets are masked.')
    .option('--show-defaults', 'Also settings that have their default')
    .option('--show-sources', 'Where each value comes from, with its file or variable')
    .option('--hide-sources', 'Names and values only')
    .addOption(outputOption())
    .action(act(context, async (options: ConfigViewOptions) => (await import('../actions/config.ts')).viewConfig(context, options)))
  showExamples(view, terminal, [
    ['All settings there are', 'flowcell config view --show-defaults'],
    ['Of another profile', 'flowcell config view --profile production'],
  ])

  const set = config
    .command('set')
    .summary('Set settings in the profile')
    .description('Sets settings in the active profile, or in that of --profile.')
    .argument('<setting...>', 'NAME=VALUE; names with or without FLOWCELL_')
    .action(act(context, async (settings: string[]) => (await import('../actions/config.ts')).setConfig(context, settings)))
  showExamples(set, terminal, [
    ['Print debug lines', 'flowcell config set LOGGING_LEVEL=DEBUG'],
    ['Another workspace', 'flowcell config set API_URL=https://flows.example.com/w/abcdefghijklmnopqrst/api API_KEY=fc_…'],
  ])

  const unset = config
    .command('unset')
    .summary('Remove settings from the profile')
    .description('Removes settings from the active profile, or from that of --profile; their defaults apply again.')
    .argument('<name...>', 'Names of settings, with or without FLOWCELL_')
    .action(act(context, async (names: string[]) => (await import('../actions/config.ts')).unsetConfig(context, names)))
  showExamples(unset, terminal, [['Back to the default', 'flowcell config unset LOGGING_LEVEL']])

  const validate = config
    .command('validate')
    .summary('Check all settings')
    .description('Checks profiles and environment: unknown names, values that are not valid. Exit code 2 when something is wrong.')
    .action(act(context, async () => (await import('../actions/config.ts')).validateConfig(context)))
  showExamples(validate, terminal, [['Before a deployment', 'flowcell config validate']])
}

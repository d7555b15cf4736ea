/** `flowcell profile …` */
import type { Command } from 'commander'
import { act, type Context } from '../context.ts'
import { outputOption, showExamples, type OutputOptions } from './shared.ts'

export interface ProfileCreateOptions {
  readonly from?: string
}
export interface ProfileDeleteOptions {
  readonly yes?: true
}

export function register(profile: Command, context: Context): void {
  const { terminal } = context
  const actions = () => import('../actions/profiles.ts')
  showExamples(profile, terminal, [
    ['A profile for another workspace', 'flowcell profile create production && flowcell profile use production'],
    ['One command with another profile', 'flowcell --profile production flow-run ls'],
  ])

  const ls = profile
    .command('ls')
    .summary('List profiles')
    .description('Lists profiles; the active one has a star.')
    .addOption(outputOption())
    .action(act(context, async (options: OutputOptions) => (await actions()).listProfiles(context, options)))
  showExamples(ls, terminal, [['All profiles', 'flowcell profile ls']])

  const create = profile
    .command('create')
    .summary('Create a profile')
    .description('Creates an empty profile, or a copy of another.')
    .argument('<name>', 'Name of the new profile')
    .option('--from <profile>', 'Copy the settings of this one')
    .action(act(context, async (name: string, options: ProfileCreateOptions) => (await actions()).createProfile(context, name, options)))
  showExamples(create, terminal, [
    ['Empty', 'flowcell profile create production'],
    ['A copy', 'flowcell profile create staging --from production'],
  ])

  const use = profile
    .command('use')
    .summary('Make a profile the active one')
    .description('Makes a profile the active one, for every command and script of this user.')
    .argument('<name>', 'Name of a profile')
    .action(act(context, async (name: string) => (await actions()).useProfile(context, name)))
  showExamples(use, terminal, [['From now on', 'flowcell profile use production']])

  const inspect = profile
    .command('inspect')
    .summary("Show a profile's settings")
    .description('Shows the settings of a profile. Secrets are masked.')
    .argument('[name]', 'Name of a profile; the active one when left out')
    .addOption(outputOption())
    .action(
      act(context, async (name: string | undefined, options: OutputOptions) => (await actions()).inspectProfile(context, name, options)),
    )
  showExamples(inspect, terminal, [['The active one', 'flowcell profile inspect']])

  const rename = profile
    .command('rename')
    .summary('Rename a profile')
    .description('Renames a profile; if it is the active one, it stays so.')
    .argument('<name>', 'Its name')
    .argument('<new-name>', 'Its new name')
    .action(act(context, async (name: string, newName: string) => (await actions()).renameProfile(context, name, newName)))
  showExamples(rename, terminal, [['A better name', 'flowcell profile rename staging test']])

  const remove = profile
    .command('delete')
    .summary('Delete a profile')
    .description('Deletes a profile that is not the active one.')
    .argument('<name>', 'Name of a profile')
    .option('-y, --yes', 'Do not ask')
    .action(act(context, async (name: string, options: ProfileDeleteOptions) => (await actions()).deleteProfile(context, name, options)))
  showExamples(remove, terminal, [['Without being asked', 'flowcell profile delete staging --yes']])
}

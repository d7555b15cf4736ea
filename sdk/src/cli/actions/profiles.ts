/** What `flowcell profile …` does. */
import {
  createProfile as create,
  deleteProfile as remove,
  readProfiles,
  renameProfile as rename,
  useProfile as use,
} from '../../hosts/profiles.ts'
import type { ProfilesOutcome, Profiles } from '../../hosts/profiles.ts'
import type { ProfileCreateOptions, ProfileDeleteOptions } from '../commands/profile.ts'
import type { OutputOptions } from '../commands/shared.ts'
import type { Context } from '../context.ts'
import { EXIT, Failure, type ExitCode } from '../failure.ts'
import { facts, table } from '../output/table.ts'
import { settingsOf } from '../workspace.ts'
import { masked } from '../output/setting.ts'

/** @throws Failure with the sentence of a change or a reading that was refused. */
export function granted(outcome: ProfilesOutcome): Profiles {
  if (outcome.ok) return outcome.profiles
  throw new Failure(outcome.message, EXIT.usage)
}

export async function listProfiles(context: Context, { output }: OutputOptions): Promise<void> {
  const { terminal } = context
  const { folder, profile: current } = settingsOf(context)
  const { profiles } = granted(readProfiles(folder))
  const rows = Object.entries(profiles).map(([name, values]) => ({ name, active: name === current, api_url: values.API_URL ?? null }))
  if (output === 'json') return terminal.print(JSON.stringify(rows, null, 2))
  await terminal.print(
    table(terminal, rows, [
      { title: '', value: ({ active }) => (active ? '*' : ''), format: () => 'green' },
      { title: 'NAME', value: ({ name }) => name, format: ({ active }) => (active ? 'green' : undefined) },
      { title: 'WORKSPACE', value: ({ api_url }) => api_url ?? 'the server on this machine', least: 20 },
    ]),
  )
}

export async function createProfile(context: Context, name: string, { from }: ProfileCreateOptions): Promise<void> {
  granted(create(settingsOf(context).folder, name, from))
  await context.terminal.print(`Profile "${name}" is created. "flowcell profile use ${name}" makes it the active one.`)
}

export async function useProfile(context: Context, name: string): Promise<void> {
  granted(use(settingsOf(context).folder, name))
  await context.terminal.print(`Profile "${name}" is active now.`)
  const named = context.environment['FLOWCELL_PROFILE']
  if (named !== undefined && named !== '' && named !== name)
    context.terminal.note(`FLOWCELL_PROFILE is set: here "${named}" counts until it is unset.`)
}

export async function inspectProfile(context: Context, wanted: string | undefined, { output }: OutputOptions): Promise<void> {
  const { terminal } = context
  const { folder, profile } = settingsOf(context)
  const { profiles } = granted(readProfiles(folder))
  const name = wanted ?? profile
  const values = profiles[name]
  if (values === undefined) throw new Failure(`There is no profile "${name}". There are: ${Object.keys(profiles).join(', ')}.`)
  const shown = Object.entries(values).map(([setting, text]) => [setting, masked(setting, text)] as const)
  if (output === 'json') return terminal.print(JSON.stringify(Object.fromEntries(shown), null, 2))
  if (shown.length === 0) return terminal.note(`Profile "${name}" sets nothing.`)
  await terminal.print(facts(terminal, shown))
}

export async function renameProfile(context: Context, name: string, newName: string): Promise<void> {
  granted(rename(settingsOf(context).folder, name, newName))
  await context.terminal.print(`Profile "${name}" is called "${newName}" now.`)
}

export async function deleteProfile(context: Context, name: string, { yes }: ProfileDeleteOptions): Promise<ExitCode> {
  const { terminal } = context
  const { folder } = settingsOf(context)
  const { profiles } = granted(readProfiles(folder))
  if (name in profiles && yes !== true) {
    if (!terminal.isInteractive) throw new Failure(`Nobody is here to ask. Add --yes to delete profile "${name}".`, EXIT.usage)
    if (!(await terminal.confirm(`Delete profile "${name}"?`))) {
      terminal.note('Nothing was changed.')
      return EXIT.failed
    }
  }
  granted(remove(folder, name))
  await terminal.print(`Profile "${name}" is deleted.`)
  return EXIT.ok
}

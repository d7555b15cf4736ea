/** Where the values of settings come from: the environment, then the profile, then the default. Profiles themselves are kept by profiles.ts. */
import {
  environmentName,
  parseSetting,
  SETTING_NAMES,
  settingNamed,
  SETTINGS,
  type SettingName,
  type Settings,
} from '../protocol/settings.ts'
import { flowcellFolder } from './flowcell-folder.ts'
import { DEFAULT_PROFILE, profilesFile, readProfiles, type ProfileValues } from './profiles.ts'

export type Environment = Readonly<Record<string, string | undefined>>
export type SettingSource = 'environment' | 'profile' | 'default'

export interface SettingsReading {
  readonly values: Settings
  readonly sources: Readonly<Record<SettingName, SettingSource>>
  /** Sentences for people: values that were not understood (their default counts), names that mean nothing, a profile that is not there. */
  readonly problems: readonly string[]
  /** Flowcell's folder: profiles, and the local server's data below `server`. */
  readonly folder: string
  /** The profile that counts. */
  readonly profile: string
}

/**
 * Reads every setting once. An empty text in the environment counts as not set.
 *
 * @example
 * const { values, sources, problems } = readSettings(process.env, homedir())
 */
export function readSettings(environment: Environment, homeFolder: string): SettingsReading {
  const folder = flowcellFolder(environment, homeFolder)
  const { profile, values: profileValues, problems } = readProfile(environment, folder)
  const values: Record<string, unknown> = {}
  const sources: Partial<Record<SettingName, SettingSource>> = {}
  for (const name of SETTING_NAMES) {
    const fromEnvironment = given(environment, name)
    const text = fromEnvironment ?? profileValues[name]
    const parsed = text === undefined ? undefined : parseSetting(name, text)
    if (parsed?.ok === false) problems.push(fromEnvironment === undefined ? `Profile "${profile}": ${parsed.message}` : parsed.message)
    values[name] = parsed?.ok === true ? parsed.value : SETTINGS[name].default
    if (parsed?.ok !== true) sources[name] = 'default'
    else sources[name] = fromEnvironment === undefined ? 'profile' : 'environment'
  }
  // The loop above fills every name of the table with a value of its schema or its default.
  return { values: values as Settings, sources: sources as Record<SettingName, SettingSource>, problems, folder, profile }
}

/** The same reading, when everything in it was understood; a guess could send a run to the wrong workspace. */
export function usable(reading: SettingsReading): SettingsReading {
  if (reading.problems.length === 0) return reading
  throw new Error(`The settings cannot be used. ${reading.problems.join(' ')}`)
}

function readProfile(environment: Environment, folder: string): { profile: string; values: ProfileValues; problems: string[] } {
  const wanted = given(environment, 'PROFILE')
  const read = readProfiles(folder)
  if (!read.ok) return { profile: wanted ?? DEFAULT_PROFILE, values: {}, problems: [read.message] }
  const profile = wanted ?? read.profiles.active
  const values = read.profiles.profiles[profile]
  const known = Object.keys(read.profiles.profiles).join(', ')
  if (values === undefined) return { profile, values: {}, problems: [`There is no profile "${profile}". There are: ${known}.`] }
  const unknown = Object.keys(values).filter((name) => settingNamed(name) !== name)
  return {
    profile,
    values,
    problems: unknown.map((name) => `${profilesFile(folder)}: the profile "${profile}" sets "${name}", which is no setting.`),
  }
}

function given(environment: Environment, name: SettingName): string | undefined {
  const text = environment[environmentName(name)]?.trim()
  return text === '' ? undefined : text
}

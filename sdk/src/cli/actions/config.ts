/** What `flowcell config …` does. */
import { profilesFile, readProfiles, setValues, unsetValues } from '../../hosts/profiles.ts'
import type { SettingSource } from '../../hosts/settings.ts'
import { environmentName, SETTING_NAMES, settingNamed, type SettingName } from '../../protocol/settings.ts'
import type { ConfigViewOptions } from '../commands/config.ts'
import type { Context } from '../context.ts'
import { EXIT, Failure, type ExitCode } from '../failure.ts'
import { masked } from '../output/setting.ts'
import { table } from '../output/table.ts'
import { settingsOf } from '../workspace.ts'
import { granted } from './profiles.ts'

/** Names of the environment that belong to the server, to variables of flows and to this command, not to the table of settings. */
const OTHER_NAMES = /^FLOWCELL_(VARIABLE_.+|KEK|DEBUG)$/

export async function viewConfig(context: Context, options: ConfigViewOptions): Promise<void> {
  const { terminal } = context
  const { values, sources, problems, folder, profile } = settingsOf(context)
  granted(readProfiles(folder))
  const said: Readonly<Record<SettingSource, (name: SettingName) => string>> = {
    environment: (name) => (name === 'PROFILE' && context.globals().profile !== undefined ? '--profile' : `environment`),
    profile: () => `profile "${profile}"`,
    default: () => 'default',
  }
  const rows = SETTING_NAMES.filter((name) => options.showDefaults === true || sources[name] !== 'default').map((name) => {
    const value = values[name]
    return { name, value: value === undefined ? null : masked(name, String(value)), source: said[sources[name]](name) }
  })
  if (options.output === 'json') return terminal.print(JSON.stringify({ profile, folder, settings: rows }, null, 2))
  await terminal.print(`${terminal.style('dim', 'Profile')} ${profile}  ${terminal.style('dim', 'in')} ${profilesFile(folder)}`)
  if (rows.length === 0) terminal.note('Every setting has its default. "flowcell config view --show-defaults" shows them.')
  else {
    const source = { title: 'SOURCE', value: (row: (typeof rows)[number]) => row.source }
    const columns = [
      { title: 'NAME', value: (row: (typeof rows)[number]) => environmentName(row.name) },
      { title: 'VALUE', value: (row: (typeof rows)[number]) => row.value ?? '(not set)', least: 20 },
    ]
    await terminal.print(`\n${table(terminal, rows, options.hideSources === true ? columns : [...columns, source])}`)
  }
  for (const problem of problems) terminal.note(`${terminal.style('yellow', 'Warning:')} ${problem}`)
}

export async function setConfig(context: Context, settings: readonly string[]): Promise<void> {
  const { folder, profile } = settingsOf(context)
  const values: Record<string, string> = {}
  for (const setting of settings) {
    const at = setting.indexOf('=')
    if (at < 1) throw new Failure(`"${withoutValue(setting)}" is no setting: write NAME=VALUE.`, EXIT.usage)
    const name = known(setting.slice(0, at))
    values[name] = setting.slice(at + 1)
  }
  granted(setValues(folder, profile, values))
  for (const [name, text] of Object.entries(values))
    await context.terminal.print(`${environmentName(known(name))} is ${masked(name, text)} in profile "${profile}".`)
  warnOfEnvironment(context, Object.keys(values))
}

export async function unsetConfig(context: Context, names: readonly string[]): Promise<void> {
  const { folder, profile } = settingsOf(context)
  const before = granted(readProfiles(folder)).profiles[profile] ?? {}
  const settings = names.map(known)
  granted(unsetValues(folder, profile, settings))
  for (const name of settings) {
    if (before[name] === undefined) context.terminal.note(`${environmentName(name)} was not set in profile "${profile}".`)
    else await context.terminal.print(`${environmentName(name)} is unset in profile "${profile}".`)
  }
  warnOfEnvironment(context, settings)
}

export async function validateConfig(context: Context): Promise<ExitCode> {
  const { terminal, environment } = context
  const { problems, folder, profile } = settingsOf(context)
  const strangers = Object.keys(environment)
    .filter((name) => name.startsWith('FLOWCELL_') && settingNamed(name) === undefined && !OTHER_NAMES.test(name))
    .map((name) => `${name} in the environment is no setting.${suggestion(name)}`)
  const found = [...problems, ...strangers]
  for (const problem of found) terminal.note(`${terminal.style('red', 'Error:')} ${problem}`)
  if (found.length > 0) return EXIT.usage
  await terminal.print(`All settings are valid (profile "${profile}" in ${profilesFile(folder)}).`)
  return EXIT.ok
}

function known(text: string): SettingName {
  const name = settingNamed(text)
  if (name !== undefined) return name
  throw new Failure(`There is no setting "${text}".${suggestion(text)} "flowcell config view --show-defaults" shows them all.`, EXIT.usage)
}

/** What was meant, if one name is near: ` Did you mean API_KEY?` */
function suggestion(text: string): string {
  const wanted = text
    .trim()
    .toUpperCase()
    .replace(/^FLOWCELL_/, '')
  const near = SETTING_NAMES.map((name) => ({ name, distance: distanceOf(wanted, name) })).toSorted((a, b) => a.distance - b.distance)[0]
  return near !== undefined && near.distance <= Math.max(2, wanted.length / 3) ? ` Did you mean ${near.name}?` : ''
}

/** Letters to insert, delete or replace (Levenshtein). */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}

/** A value without its name may be a token that was typed alone. */
function withoutValue(text: string): string {
  return text.startsWith('fc_') ? 'fc_…' : text
}

function warnOfEnvironment({ environment, terminal }: Context, names: readonly string[]): void {
  for (const name of names.map(known)) {
    if ((environment[environmentName(name)] ?? '') === '') continue
    terminal.note(`${environmentName(name)} is set in the environment, which counts more than the profile.`)
  }
}

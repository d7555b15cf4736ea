/**
 * Profiles: named sets of settings in `profiles.json` of Flowcell's folder.
 *
 * 1. The file is only ever replaced whole, and only its owner may read it: it holds tokens.
 * 2. A file that cannot be understood is never overwritten; the answer says what is wrong with it.
 * 3. Values are kept as text, as they would stand in the environment, and are judged before they are kept.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { environmentName, parseSetting, settingNamed, type SettingName } from '../protocol/settings.ts'

/** The values of one profile by setting name. */
export type ProfileValues = { readonly [Name in SettingName]?: string }
export interface Profiles {
  readonly active: string
  readonly profiles: Readonly<Record<string, ProfileValues>>
}
export type ProfilesOutcome = { readonly ok: true; readonly profiles: Profiles } | { readonly ok: false; readonly message: string }

export const DEFAULT_PROFILE = 'default'
/** They say where the profiles are and which one counts, so no profile can hold them. */
const NOT_IN_PROFILES: readonly SettingName[] = ['HOME', 'PROFILE']
const PROFILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

export const profilesFile = (folder: string): string => join(folder, 'profiles.json')

/**
 * Reads the profiles. Where there is no file there is one empty profile, `default`.
 *
 * @param folder Flowcell's folder, see `flowcellFolder`.
 */
export function readProfiles(folder: string): ProfilesOutcome {
  const file = profilesFile(folder)
  try {
    return readShape(file, JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    if (isAbsent(error)) return { ok: true, profiles: { active: DEFAULT_PROFILE, profiles: { [DEFAULT_PROFILE]: {} } } }
    return failed(`${file} cannot be read: ${messageOf(error)}. Mend the file or move it away.`)
  }
}

/** Adds an empty profile, or a copy of `from`. */
export function createProfile(folder: string, name: string, from?: string): ProfilesOutcome {
  return change(folder, ({ active, profiles }) => {
    if (!PROFILE_NAME.test(name)) return failed(`"${name}" cannot name a profile: use letters, digits, dots, hyphens and underscores.`)
    if (name in profiles) return failed(`There is a profile "${name}" already.`)
    const values = from === undefined ? {} : profiles[from]
    return values === undefined ? noSuchProfile(from ?? name, profiles) : done({ active, profiles: { ...profiles, [name]: values } })
  })
}

/** Makes a profile the active one. */
export function useProfile(folder: string, name: string): ProfilesOutcome {
  return change(folder, ({ profiles }) => (name in profiles ? done({ active: name, profiles }) : noSuchProfile(name, profiles)))
}

/** Deletes a profile that is not the active one. */
export function deleteProfile(folder: string, name: string): ProfilesOutcome {
  return change(folder, ({ active, profiles }) => {
    if (!(name in profiles)) return noSuchProfile(name, profiles)
    if (name === active) return failed(`"${name}" is the active profile. Use another one first.`)
    const { [name]: _deleted, ...rest } = profiles
    return done({ active, profiles: rest })
  })
}

/** Renames a profile; an active one stays active. */
export function renameProfile(folder: string, from: string, to: string): ProfilesOutcome {
  return change(folder, ({ active, profiles }) => {
    const { [from]: values, ...rest } = profiles
    if (values === undefined) return noSuchProfile(from, profiles)
    if (!PROFILE_NAME.test(to)) return failed(`"${to}" cannot name a profile: use letters, digits, dots, hyphens and underscores.`)
    if (to in rest) return failed(`There is a profile "${to}" already.`)
    return done({ active: active === from ? to : active, profiles: { ...rest, [to]: values } })
  })
}

/**
 * Sets values of a profile, all or none.
 *
 * @param values Names as people write them (`API_URL`, `api_url`, `FLOWCELL_API_URL`) with their text.
 */
export function setValues(folder: string, profile: string, values: Readonly<Record<string, string>>): ProfilesOutcome {
  return change(folder, ({ active, profiles }) => {
    const old = profiles[profile]
    if (old === undefined) return noSuchProfile(profile, profiles)
    const added: Record<string, string> = {}
    for (const [given, text] of Object.entries(values)) {
      const name = settableName(given)
      if (!name.ok) return name
      const parsed = parseSetting(name.name, text)
      if (!parsed.ok) return parsed
      added[name.name] = text
    }
    return done({ active, profiles: { ...profiles, [profile]: { ...old, ...added } } })
  })
}

/** Takes values out of a profile; what was not set stays so. */
export function unsetValues(folder: string, profile: string, names: readonly string[]): ProfilesOutcome {
  return change(folder, ({ active, profiles }) => {
    const old = profiles[profile]
    if (old === undefined) return noSuchProfile(profile, profiles)
    const removed = new Set<string>()
    for (const given of names) {
      const name = settableName(given)
      if (!name.ok) return name
      removed.add(name.name)
    }
    const kept = Object.fromEntries(Object.entries(old).filter(([name]) => !removed.has(name)))
    return done({ active, profiles: { ...profiles, [profile]: kept } })
  })
}

function settableName(given: string): { readonly ok: true; readonly name: SettingName } | { readonly ok: false; readonly message: string } {
  const name = settingNamed(given)
  if (name === undefined) return { ok: false, message: `There is no setting "${given}".` }
  if (!NOT_IN_PROFILES.includes(name)) return { ok: true, name }
  return { ok: false, message: `${environmentName(name)} cannot stand in a profile: set it in the environment.` }
}

function change(folder: string, next: (profiles: Profiles) => ProfilesOutcome): ProfilesOutcome {
  const current = readProfiles(folder)
  if (!current.ok) return current
  const changed = next(current.profiles)
  return changed.ok ? write(folder, changed.profiles) : changed
}

function write(folder: string, profiles: Profiles): ProfilesOutcome {
  const file = profilesFile(folder)
  const unfinished = `${file}.${process.pid}.new`
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeFileSync(unfinished, `${JSON.stringify(profiles, undefined, 2)}\n`, { mode: 0o600 })
    renameSync(unfinished, file)
    return done(profiles)
  } catch (error) {
    return failed(`${file} cannot be written: ${messageOf(error)}.`)
  }
}

function readShape(file: string, value: unknown): ProfilesOutcome {
  const entries = isRecord(value) && isRecord(value['profiles']) ? Object.entries(value['profiles']) : undefined
  const active = isRecord(value) ? value['active'] : undefined
  if (entries === undefined || typeof active !== 'string')
    return failed(`${file} must hold {"active": name, "profiles": {name: {SETTING: text}}}.`)
  const profiles: Record<string, ProfileValues> = {}
  for (const [name, values] of entries) {
    if (!isTexts(values)) return failed(`${file}: the profile "${name}" must hold texts only.`)
    profiles[name] = values
  }
  return done({ active, profiles })
}

const done = (profiles: Profiles): ProfilesOutcome => ({ ok: true, profiles })
const failed = (message: string) => ({ ok: false, message }) as const
const noSuchProfile = (name: string, profiles: Profiles['profiles']): ProfilesOutcome =>
  failed(`There is no profile "${name}". There are: ${Object.keys(profiles).join(', ')}.`)

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isTexts = (value: unknown): value is ProfileValues =>
  isRecord(value) && Object.values(value).every((text) => typeof text === 'string')
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

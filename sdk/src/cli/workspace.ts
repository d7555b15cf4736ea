/**
 * Which workspace a command speaks to: `--api-url`, else FLOWCELL_API_URL, else the profile, else the server that runs on this machine.
 *
 * 1. A token goes only to the address that was given with it or in a weaker place: a profile's token never travels to an address from the
 *    environment or the command line.
 * 2. A setting that decides this and is wrong ends the command: it never speaks to another workspace than the one that was meant.
 */
import { homedir } from 'node:os'
import { join } from 'node:path'
import { ApiError } from '../client/errors.ts'
import { createClient, type Client } from '../client/http.ts'
import { chooseWorkspace, LOCAL_SERVER, type FoundWorkspace } from '../hosts/find-workspace.ts'
import { profilesFile, readProfiles } from '../hosts/profiles.ts'
import { readSettings, type SettingsReading } from '../hosts/settings.ts'
import { environmentName, parseSetting, type SettingName } from '../protocol/settings.ts'
import type { Context } from './context.ts'
import { EXIT, Failure } from './failure.ts'
import { isLocked } from '../hosts/folder-lock.ts'
import { readNote } from './server/note.ts'

export interface Workspace extends Client {
  readonly token: string | undefined
}

/** @throws Failure when there is no workspace or a setting is wrong. */
export async function connect(context: Context): Promise<Workspace> {
  const { apiUrl, token } = placeOf(context)
  return { ...createClient({ apiUrl, token }), token }
}

/** Undefined where the workspace knows no such thing. */
export async function ifThere<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call
  } catch (error) {
    if (error instanceof ApiError && error.code === 'not_found') return undefined
    throw error
  }
}

/** Settings as the command line sees them: `--profile` is FLOWCELL_PROFILE. */
export function settingsOf({ environment, globals }: Context): SettingsReading {
  const { profile } = globals()
  return readSettings(profile === undefined ? environment : { ...environment, FLOWCELL_PROFILE: profile }, homedir())
}

function placeOf(context: Context): FoundWorkspace {
  const place = findPlace(context)
  if (place !== undefined) return place
  throw new Failure(
    'There is no workspace: no server runs on this machine, and FLOWCELL_API_URL names no other. Start one with "flowcell server start".',
    EXIT.unreachable,
  )
}

export function findPlace(context: Context): FoundWorkspace | undefined {
  const { apiUrl: urlOption, apiKey: keyOption } = context.globals()
  const { folder, profile } = settingsOf(context)
  const profiles = readProfiles(folder)
  if (!profiles.ok) throw new Failure(profiles.message, EXIT.usage)
  const values = profiles.profiles.profiles[profile]
  if (values === undefined) {
    const known = Object.keys(profiles.profiles.profiles).join(', ')
    throw new Failure(`There is no profile "${profile}" in ${profilesFile(folder)}. There are: ${known}.`, EXIT.usage)
  }
  const place = chooseWorkspace([
    { name: 'the command line', url: urlOption, key: keyOption },
    { name: 'the environment', url: textOf(context, 'API_URL'), key: textOf(context, 'API_KEY') },
    { name: `profile "${profile}"`, url: values.API_URL, key: values.API_KEY },
    { name: LOCAL_SERVER, ...localServer(join(folder, 'server')) },
  ])
  return place && { ...place, apiUrl: checked('API_URL', place.apiUrl, place.source) }
}

/** The page of a thing in the dashboard of the workspace with this API. */
export const pageOf = (apiUrl: string, path: string): string => `${apiUrl.replace(/\/api$/, '')}/${path}`

function localServer(data: string): { readonly url: string | undefined; readonly key: string | undefined } {
  const note = isLocked(data) ? readNote(data) : undefined
  return { url: note?.api_url, key: note?.token }
}

function textOf({ environment }: Context, name: SettingName): string | undefined {
  const text = environment[environmentName(name)]?.trim()
  return text === '' ? undefined : text
}

function checked(name: 'API_URL', text: string, source: string): string {
  const parsed = parseSetting(name, text)
  if (parsed.ok && /^https?:$/.test(new URL(parsed.value).protocol)) return parsed.value
  throw new Failure(`"${text}" (from ${source}) is no address of a workspace. It looks like http://127.0.0.1:8787/w/…/api.`, EXIT.usage)
}

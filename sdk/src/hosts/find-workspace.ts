/**
 * Which workspace a program works with: the first place that names an address.
 *
 * A token goes only to an address that was given in the same place or in one that counts less: a profile's token never travels to an address
 * from the environment or the command line.
 */
import { localWorkspace } from './local-server.ts'
import type { SettingsReading, SettingSource } from './settings.ts'

/** Somewhere that may name an address, a token or both. */
export interface PlaceToLook {
  /** For people: `profile "work"`. */
  readonly name: string
  readonly url: string | undefined
  readonly key: string | undefined
}
export interface FoundWorkspace {
  readonly apiUrl: string
  readonly token: string | undefined
  /** The name of the place that gave the address. */
  readonly source: string
}

/** Chooses among places, the one that counts most first; undefined when none names an address. */
export function chooseWorkspace(places: readonly PlaceToLook[]): FoundWorkspace | undefined {
  const at = places.findIndex(({ url }) => url !== undefined)
  const place = places[at]
  if (place?.url === undefined) return undefined
  const token = places.slice(0, at + 1).find(({ key }) => key !== undefined)?.key
  return { apiUrl: place.url.replace(/\/+$/, ''), token, source: place.name }
}

export const LOCAL_SERVER = 'the server on this machine'

/** The workspace that the settings name, or that runs on this machine. */
export async function findWorkspace(reading: SettingsReading): Promise<FoundWorkspace | undefined> {
  const { values, sources, folder, profile } = reading
  const from = (source: SettingSource, name: string): PlaceToLook => ({
    name,
    url: sources.API_URL === source ? values.API_URL : undefined,
    key: sources.API_KEY === source ? values.API_KEY : undefined,
  })
  const named = [from('environment', 'the environment'), from('profile', `profile "${profile}"`)]
  const local = named.some(({ url }) => url !== undefined) ? undefined : await localWorkspace(folder)
  return chooseWorkspace([...named, { name: LOCAL_SERVER, url: local?.apiUrl, key: local?.token }])
}

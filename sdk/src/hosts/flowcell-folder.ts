/** Where Flowcell keeps things on this machine. Apart from the settings, whose schemas cost a start 50 ms (measured). */
import { join } from 'node:path'

/** `$FLOWCELL_HOME`, else `.flowcell` in the person's home folder. An empty text counts as not set. */
export function flowcellFolder(environment: Readonly<Record<string, string | undefined>>, homeFolder: string): string {
  const given = environment['FLOWCELL_HOME']?.trim()
  return given === undefined || given === '' ? join(homeFolder, '.flowcell') : given
}

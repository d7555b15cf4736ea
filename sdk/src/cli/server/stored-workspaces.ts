/**
 * The workspaces whose files lie in a data folder: for a folder that lost the note of which one is its own.
 *
 * Reads the objects' SQLite files, so it may be asked only while no workerd runs on them. Never writes a row.
 */
import { globSync, lstatSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

export interface StoredWorkspace {
  readonly id: string
  readonly name: string
}

export interface StoredWorkspaces {
  /** By id. */
  readonly found: readonly StoredWorkspace[]
  /** Files that are no SQLite, or damaged. */
  readonly unreadable: readonly string[]
}

export function storedWorkspaces(data: string): StoredWorkspaces {
  const found: StoredWorkspace[] = []
  const unreadable: string[] = []
  for (const file of objectFiles(data)) {
    const workspace = readStored(file)
    if (workspace === 'unreadable') unreadable.push(file)
    else if (workspace !== undefined) found.push(workspace)
  }
  return { found: found.toSorted((a, b) => a.id.localeCompare(b.id)), unreadable }
}

/** Whether anything was ever kept in this folder. */
export function hasObjects(data: string): boolean {
  return objectFiles(data).length > 0
}

/** workerd's own metadata is no object. */
function objectFiles(data: string): readonly string[] {
  const folder = join(data, 'objects')
  const names = globSync('*/*.sqlite', { cwd: folder }).filter((name) => /[\\/][0-9a-f]{64}\.sqlite$/.test(name))
  return names.map((name) => join(folder, name)).filter((file) => lstatSync(file).isFile())
}

/** Undefined for an object that was woken, but never made a workspace. */
function readStored(file: string): StoredWorkspace | undefined | 'unreadable' {
  try {
    const database = new DatabaseSync(file)
    try {
      if (database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'meta'").get() === undefined) return undefined
      const valueOf = database.prepare('SELECT value FROM meta WHERE key = ?')
      const [id, name] = [valueOf.get('id')?.['value'], valueOf.get('name')?.['value']]
      return typeof id === 'string' && typeof name === 'string' ? { id, name } : undefined
    } finally {
      database.close()
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR') return 'unreadable'
    throw error
  }
}

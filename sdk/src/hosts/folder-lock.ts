/**
 * One server per data folder. The lock is the operating system's, held through an open SQLite transaction: it goes with the
 * process, however that ends, on Linux, macOS and Windows, so there is no stale lock to clean up.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

export type LockOutcome =
  | { readonly kind: 'held'; readonly release: () => void }
  | { readonly kind: 'busy' }
  | { readonly kind: 'failed'; readonly cause: Error }

/** Long enough to outwait `isLocked` of another process, which holds the lock for less than a millisecond. */
const PATIENCE_MS = 100

/** Takes the folder's lock, or says that another process has it. */
export function lockFolder(folder: string): LockOutcome {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(join(folder, 'lock'), { timeout: PATIENCE_MS })
    database.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE')
  } catch (cause) {
    database?.close()
    if (!(cause instanceof Error)) throw cause
    return /locked|busy/i.test(cause.message) ? { kind: 'busy' } : { kind: 'failed', cause }
  }
  const held = database
  return { kind: 'held', release: () => held.close() }
}

/** Does a server hold this folder? */
export function isLocked(folder: string): boolean {
  if (!existsSync(join(folder, 'lock'))) return false
  const outcome = lockFolder(folder)
  if (outcome.kind === 'held') outcome.release()
  return outcome.kind === 'busy'
}

/**
 * The built server as one start found it, copied into the data folder: a build that is renewed, or a package that is updated, takes nothing
 * from a server that runs, and a workerd that is started again is the one that was started.
 */
import { copyFileSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** A build may take the place of another in the middle of the copy. */
const ATTEMPTS = 3

/** Copies the folder and answers where; the copy of an earlier start goes. It costs three milliseconds (measured, 0.7 MB). */
export function ownCopy(built: string, data: string): string {
  const copy = join(data, 'program')
  for (let attempt = 1; ; attempt++) {
    rmSync(copy, { recursive: true, force: true })
    const before = identityOf(built)
    try {
      copyFolder(built, copy)
      if (identityOf(built) === before) return copy
    } catch (error) {
      if (attempt === ATTEMPTS) throw error
    }
  }
}

/** File by file: the recursive copy of Node calls a full disk EIO. */
function copyFolder(from: string, to: string): void {
  mkdirSync(to, { mode: 0o700 })
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) copyFolder(source, target)
    else if (entry.isFile()) copyFileSync(source, target)
  }
}

const identityOf = (folder: string): number | undefined => statSync(folder, { throwIfNoEntry: false })?.ino

/**
 * The built server as one start found it, kept in the data folder: a build that is renewed, or a package that is updated, takes nothing
 * from a server that runs, and a workerd that is started again is the one that was started.
 *
 * Files are linked where the disk can do that: builds and package managers put new files in the place of old ones and write into none.
 */
import { copyFileSync, existsSync, linkSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { SETTINGS_FILE } from './built.ts'

/** A build may take the place of another in the middle of the copy. */
const ATTEMPTS = 3

/** Copies the folder and answers where; a copy of the same build stays. */
export function ownCopy(built: string, data: string): string {
  const copy = join(data, 'program')
  for (let attempt = 1; ; attempt++) {
    try {
      const build = identityOf(built)
      if (existsSync(join(copy, SETTINGS_FILE)) && identityOf(copy) === build) return copy
      rmSync(copy, { recursive: true, force: true })
      copyFolder(built, copy)
      if (identityOf(built) !== build) continue
      copyFileSync(join(built, SETTINGS_FILE), join(copy, SETTINGS_FILE)) // the last: it says that the copy is whole
      return copy
    } catch (error) {
      if (attempt >= ATTEMPTS) throw error
    }
  }
}

/** The settings hold a hash of everything else. */
const identityOf = (folder: string): string => readFileSync(join(folder, SETTINGS_FILE), 'utf8')

/** File by file: the recursive copy of Node calls a full disk EIO. */
function copyFolder(from: string, to: string, place = linkOrCopy()): void {
  mkdirSync(to, { mode: 0o700 })
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) copyFolder(source, target, place)
    else if (entry.isFile() && entry.name !== SETTINGS_FILE) place(source, target)
  }
}

/** Links until a link is refused (another disk, another owner, a file system without links), and copies from there on. */
function linkOrCopy(): (source: string, target: string) => void {
  let links = true
  return (source, target) => {
    if (links) {
      try {
        linkSync(source, target)
        return
      } catch {
        links = false // copying says what is wrong, if it is more than that
      }
    }
    copyFileSync(source, target)
  }
}

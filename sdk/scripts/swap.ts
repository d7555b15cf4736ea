/** Puts a finished build in the place of the one before. */
import { existsSync, globSync, readFileSync, renameSync, rmSync, utimesSync } from 'node:fs'
import { join } from 'node:path'

/** Two builds may end at once; whoever loses a step of the swap tries again. */
const ATTEMPTS = 10

/**
 * Swaps `staging` in for `target`. When both hold the same files the old one stays, only as fresh as the new one: a server that runs
 * from it keeps its files.
 * @param stamp the file whose time says when the build was made
 */
export function swapIn(staging: string, target: string, stamp: string, madeAt: Date): void {
  if (isSame(staging, target)) return utimesSync(join(target, stamp), madeAt, madeAt)
  utimesSync(join(staging, stamp), madeAt, madeAt)
  const old = `${staging}-old`
  for (let attempt = 1; ; attempt++) {
    try {
      if (existsSync(target)) renameSync(target, old)
      renameSync(staging, target)
      return
    } catch (error) {
      if (attempt === ATTEMPTS) throw error
    } finally {
      rmSync(old, { recursive: true, force: true })
    }
  }
}

function isSame(one: string, other: string): boolean {
  const [ones, others] = [filesOf(one), filesOf(other)]
  if (ones.join('\0') !== others.join('\0')) return false
  return ones.every((file) => readFileSync(join(one, file)).equals(readFileSync(join(other, file))))
}

function filesOf(folder: string): string[] {
  const entries = globSync('**/*', { cwd: folder, withFileTypes: true }).filter((entry) => entry.isFile())
  return entries.map((entry) => join(entry.parentPath, entry.name).slice(folder.length)).toSorted()
}

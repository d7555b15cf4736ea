/**
 * The note of a server that runs. Everything on this machine finds the server by it, so it is written again when it was lost or damaged.
 *
 * A disk that takes no note is no reason to end: the server goes on, says so once and tries again.
 */
import { readFileSync, rmSync } from 'node:fs'
import { NOTE_EVERY_MS, writePrivateJson, type ServerNote } from './note.ts'

export interface LiveNote {
  readonly tell: (note: ServerNote) => void
  /** Takes it away. */
  readonly close: () => void
}

export function openNote(file: string, first: ServerNote, onLog: (line: string) => void): LiveNote {
  let current = first
  let told = ''
  const keep = (): void => {
    try {
      if (textIn(file) !== `${JSON.stringify(current)}\n`) writePrivateJson(file, current)
      told = ''
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      if (message !== told) onLog(`The note ${file} cannot be written: ${message}`)
      told = message
    }
  }
  keep()
  const timer = setInterval(keep, NOTE_EVERY_MS).unref()
  return {
    tell: (note) => {
      current = note
      keep()
    },
    close: () => {
      clearInterval(timer)
      rmSync(file, { force: true })
    },
  }
}

function textIn(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

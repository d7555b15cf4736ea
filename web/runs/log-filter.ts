/** Which lines of a log are shown, and where what is searched for stands. Works on from where it was when lines were only added. */
import { plainText } from '../ui/ansi.ts'
import type { Line, LogLines } from './log-lines.ts'

export interface LogQuery {
  /** The least level. */
  readonly level: number
  /** Of this task run only. */
  readonly task: string | null
  /** Searched for whatever its case; empty: nothing. */
  readonly text: string
}

export class ShownLines {
  #lines: Line[] = []
  #hits: number[] = []
  #query: LogQuery = { level: 0, task: null, text: '' }
  #epoch = -1
  #seen = 0

  get lines(): readonly Line[] {
    return this.#lines
  }
  /** Places in {@link lines} of the lines in which the text stands. */
  get hits(): readonly number[] {
    return this.#hits
  }

  /** Which of the hits is the line of that number; -1: none. */
  hitOf(number: number | undefined): number {
    return this.#hits.findIndex((place) => this.#lines[place]?.number === number)
  }

  /** The line of the hit that many behind the one whose line has that number, round the ends; from nowhere -1 is the last. */
  hitFrom(number: number | undefined, by: number): Line | undefined {
    const count = this.#hits.length
    const from = this.hitOf(number)
    const place = this.#hits[((((from < 0 && by < 0 ? 0 : from) + by) % count) + count) % count]
    return place === undefined ? undefined : this.#lines[place]
  }

  placeOf(number: number): number {
    return this.#lines.findIndex((line) => line.number === number)
  }

  /** How many lines are newer than the one of that number. */
  newerThan(number: number): number {
    return this.#lines.length - 1 - this.#lines.findLastIndex((line) => line.number <= number)
  }

  update(log: LogLines, query: LogQuery): void {
    const isSame = query.level === this.#query.level && query.task === this.#query.task && query.text === this.#query.text
    if (!isSame || log.epoch !== this.#epoch) {
      this.#lines = []
      this.#hits = []
      this.#seen = 0
      this.#query = query
      this.#epoch = log.epoch
    }
    const wanted = query.text.toLowerCase()
    for (; this.#seen < log.all.length; this.#seen++) {
      const line = log.all[this.#seen]
      if (line === undefined || line.level < query.level || (query.task !== null && line.task !== query.task)) continue
      if (wanted !== '' && plainText(line.text).toLowerCase().includes(wanted)) this.#hits.push(this.#lines.length)
      this.#lines.push(line)
    }
  }
}

export interface Part {
  readonly text: string
  readonly isHit: boolean
}

/** The text in parts, those that were searched for apart. */
export function hitParts(text: string, wanted: string): readonly Part[] {
  if (wanted === '') return [{ text, isHit: false }]
  const [lower, part] = [text.toLowerCase(), wanted.toLowerCase()]
  // Some letters have no lower case of their own length; then nothing can be marked exactly.
  if (lower.length !== text.length) return [{ text, isHit: lower.includes(part) }]
  const parts: Part[] = []
  let at = 0
  for (let found = lower.indexOf(part); found >= 0; found = lower.indexOf(part, at)) {
    if (found > at) parts.push({ text: text.slice(at, found), isHit: false })
    at = found + part.length
    parts.push({ text: text.slice(found, at), isHit: true })
  }
  if (at < text.length) parts.push({ text: text.slice(at), isHit: false })
  return parts
}

/**
 * The lines of one log that the page holds.
 *
 * 1. Lines are in the order of their numbers, each once, whatever order they came in: the newest are here first, older ones come in pages.
 * 2. The newest {@link MAX_HELD_LINES} lines are held; older ones are asked for no more, and lines that came live push the oldest out.
 */
import { MAX_HELD_LOG_LINES } from '#sdk/protocol/limits.ts'
import type { JsonObject } from '#sdk/protocol/json.ts'
import type { LogPage } from '#sdk/protocol/overviews.ts'
import { instantOf } from './instant.ts'

export interface Line {
  readonly number: number
  readonly at: number
  readonly level: number
  readonly text: string
  readonly logger: string
  readonly task: string | null
  /** It came after the lease of its executor had ended. */
  readonly isLate: boolean
}

const NUMBER_DIGITS = 12
/** Room for lines that come live, so that not each of them moves all others. */
const SLACK = 10_000

export class LogLines {
  #lines: Line[] = []
  /** Counts whatever changed lines that were there before; appending does not. */
  epoch = 0

  get all(): readonly Line[] {
    return this.#lines
  }

  get isFull(): boolean {
    return this.#lines.length >= MAX_HELD_LOG_LINES
  }

  /** Adds lines in the order of their numbers; those that are here already are skipped. */
  add(lines: readonly Line[]): void {
    const [first] = lines
    if (first === undefined) return
    const last = this.#lines.at(-1)
    if (last === undefined || first.number > last.number) {
      for (const line of lines) this.#lines.push(line)
      if (this.#lines.length > MAX_HELD_LOG_LINES + SLACK) {
        this.#lines.splice(0, this.#lines.length - MAX_HELD_LOG_LINES)
        this.epoch += 1
      }
      return
    }
    const merged = merge(lines, this.#lines)
    if (merged.length === this.#lines.length) return
    const tail = merged.slice(-MAX_HELD_LOG_LINES)
    // Lines that only follow keep what was computed of the ones before.
    if (tail[0] !== this.#lines[0] || !startsWith(tail, this.#lines)) this.epoch += 1
    this.#lines = tail
  }

  clear(): void {
    this.#lines = []
    this.epoch += 1
  }
}

function merge(a: readonly Line[], b: readonly Line[]): Line[] {
  const lastOfA = a.at(-1)
  const [firstOfB] = b
  if (lastOfA !== undefined && firstOfB !== undefined && lastOfA.number < firstOfB.number) return [...a, ...b]
  const merged: Line[] = []
  let [i, j] = [0, 0]
  for (;;) {
    const [left, right] = [a[i], b[j]]
    if (left === undefined && right === undefined) return merged
    if (right === undefined || (left !== undefined && left.number < right.number)) {
      if (left !== undefined) merged.push(left)
      i += 1
    } else {
      merged.push(right)
      if (left?.number === right.number) i += 1
      j += 1
    }
  }
}

function startsWith(lines: readonly Line[], head: readonly Line[]): boolean {
  const last = head.length - 1
  return last < 0 || lines[last] === head[last]
}

/** Lines of an answer with short lines, oldest first. */
export function linesOfPage({ names, tasks, segments }: LogPage): readonly Line[] {
  return segments.flatMap(({ first, base, lines }) =>
    lines.map(([t, level, text, name, task, late], at) => ({
      number: first + at,
      at: base + t,
      level,
      text,
      logger: names[name] ?? '',
      task: tasks[task] ?? null,
      isLate: late === 1,
    })),
  )
}

/** Rows of a topic; those that are no lines are left out. */
export const linesOfEvents = (rows: readonly JsonObject[] = []): readonly Line[] => rows.flatMap((row) => lineOfEvent(row) ?? [])

/** A row of the topic: its number stands at the end of its id. */
export function lineOfEvent({ id, timestamp, level, message, name, task_run_id, late }: JsonObject): Line | undefined {
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof message !== 'string') return undefined
  return {
    number: Number.parseInt(id.slice(-NUMBER_DIGITS), 16),
    at: instantOf(timestamp),
    level: typeof level === 'number' ? level : 0,
    text: message,
    logger: typeof name === 'string' ? name : '',
    task: typeof task_run_id === 'string' ? task_run_id : null,
    isLate: late === true,
  }
}

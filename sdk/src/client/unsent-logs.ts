/**
 * Log lines that wait to be sent: one buffer per run (or per task run outside flows) and epoch.
 *
 * 1. A line gets its number when it leaves; every epoch has a range of its own.
 * 2. All buffers together keep both limits. Beyond, the longest buffer loses its oldest DEBUG and INFO lines, and where it has none its
 *    oldest lines; a WARNING at the head of what is left says how many and why.
 */
import { MAX_LOG_MESSAGE_LENGTH, MAX_LOG_SEGMENT_BYTES, MAX_UNSENT_LOG_BYTES, MAX_UNSENT_LOG_LINES } from '../protocol/limits.ts'
import type { LogLine } from '../protocol/log.ts'
import { firstLineOf, LOG_LEVELS } from '../protocol/log-levels.ts'
import { utf8Length } from '../protocol/utf8-length.ts'

interface Line {
  readonly json: string
  readonly bytes: number
  /** DEBUG or INFO. */
  readonly low: boolean
}

export interface UnsentLog {
  readonly run: string | null
  /** It has lines that need not wait: a full segment of them, or all of them. */
  readonly isDue: boolean
}

/** What is known and told about lines that are dropped. */
export interface DropWords {
  /** Whether there is no connection now; else lines are dropped because they came too fast. */
  isAway(): boolean
  /** Told once until everything that waited has left. */
  onDrop(sentence: string): void
}

class Buffer implements UnsentLog {
  readonly run: string | null
  /** JSON of the item up to `first`. */
  readonly fields: string
  next: number
  lines: Line[] = []
  bytes = 0
  /** All of its lines shall leave. */
  isRipe = false
  readonly dropped = { away: 0, tooFast: 0 }
  /** What the line about dropped lines is made from. */
  firstDropped: LogLine | undefined

  constructor(run: string | null, task: string | undefined, epoch: number) {
    this.run = run
    this.fields = JSON.stringify({ type: 'log', run, ...(task === undefined ? {} : { task }), epoch })
    this.next = firstLineOf(epoch)
  }
  get hasLines(): boolean {
    return this.lines.length > 0
  }
  get isDue(): boolean {
    return this.hasLines && (this.isRipe || this.bytes >= FULL_BYTES)
  }
}

/** Room for `,"first":…,"lines":[]}` and the item's other fields. */
const ITEM_BYTES = 512
const FULL_BYTES = MAX_LOG_SEGMENT_BYTES - ITEM_BYTES
/** So many lines go at once, so that dropping stays cheap. */
const DROPPED_AT_ONCE = 2_000
/** Logs of runs that came to their end are remembered for so many other logs, to number a late line right. */
const MAX_REMEMBERED = 50_000
type Reason = keyof Buffer['dropped']
const REASONS: Readonly<Record<Reason, string>> = {
  away: `the workspace was away, and at most ${MAX_UNSENT_LOG_LINES} lines are kept until it is back.`,
  tooFast: `they were written faster than they could be sent, and at most ${MAX_UNSENT_LOG_LINES} lines wait.`,
}
const droppedMessage = (count: number, reason: Reason): string =>
  `${count} log ${count === 1 ? 'line was' : 'lines were'} dropped here: ${REASONS[reason]}`
const droppingMessage = (reason: Reason): string => `Log lines are being dropped: ${REASONS[reason]} The run's log says how many.`

export class LogBuffers {
  readonly #buffers = new Map<string, Buffer>()
  readonly #finished = new Set<string>()
  readonly #filled = new Set<Buffer>()
  readonly #due = new Set<Buffer>()
  readonly #words: DropWords
  #lines = 0
  #bytes = 0
  #isDropTold = false

  constructor(words: DropWords) {
    this.#words = words
  }

  get hasDue(): boolean {
    return this.#due.size > 0
  }

  add({ run, task, epoch }: LogOwner, lines: readonly LogLine[]): void {
    const buffer = this.#bufferOf({ run, task, epoch })
    for (const line of lines) {
      const json = jsonOf(line)
      const bytes = utf8Length(json)
      buffer.lines.push({ json, bytes, low: line.l <= LOG_LEVELS.INFO })
      buffer.bytes += bytes
      this.#lines++
      this.#bytes += bytes
      if (this.#lines > MAX_UNSENT_LOG_LINES || this.#bytes > MAX_UNSENT_LOG_BYTES) this.#drop()
    }
    this.#sort(buffer)
  }

  /** The log of a run that is about to end: its lines leave before the last proposal. */
  ofEnding(owner: LogOwner): UnsentLog {
    this.#finished.add(keyOf(owner))
    if (this.#finished.size > MAX_REMEMBERED) this.#forget()
    return this.#bufferOf(owner)
  }

  ripen(): void {
    for (const buffer of this.#filled) this.ripenOne(buffer)
  }

  ripenOne(log: UnsentLog): void {
    if (!(log instanceof Buffer)) return
    log.isRipe = log.hasLines
    this.#sort(log)
  }

  due(): readonly UnsentLog[] {
    return [...this.#due]
  }

  /** JSON of one item with as many lines as fit into `room` bytes; undefined when not even one does. */
  take(log: UnsentLog, room: number): string | undefined {
    if (!(log instanceof Buffer)) return undefined
    this.#tell(log)
    let bytes = ITEM_BYTES
    let count = 0
    for (const line of log.lines) {
      bytes += line.bytes + 1
      if (bytes > Math.min(room, MAX_LOG_SEGMENT_BYTES)) break
      count++
    }
    if (count === 0) return undefined
    const taken = log.lines.splice(0, count)
    this.#lost(log, taken)
    const first = log.next
    log.next += count
    this.#sort(log)
    return `${log.fields.slice(0, -1)},"first":${first},"lines":[${taken.map((line) => line.json).join(',')}]}`
  }

  /** Puts a buffer where its lines belong now. */
  #sort(buffer: Buffer): void {
    if (buffer.hasLines) this.#filled.add(buffer)
    else this.#filled.delete(buffer)
    buffer.isRipe &&= buffer.hasLines
    if (buffer.isDue) this.#due.add(buffer)
    else this.#due.delete(buffer)
    this.#isDropTold &&= this.#lines > 0
  }

  #bufferOf(owner: LogOwner): Buffer {
    const key = keyOf(owner)
    let buffer = this.#buffers.get(key)
    if (buffer === undefined) {
      buffer = new Buffer(owner.run, owner.task, owner.epoch)
      this.#buffers.set(key, buffer)
    }
    return buffer
  }

  #drop(): void {
    let longest: Buffer | undefined
    for (const buffer of this.#buffers.values()) if (buffer.bytes > (longest?.bytes ?? 0)) longest = buffer
    if (longest === undefined) return
    const wanted = Math.max(1, Math.min(DROPPED_AT_ONCE, Math.floor(longest.lines.length / 10)))
    const low = longest.lines.some((line) => line.low)
    const gone: Line[] = []
    longest.lines = longest.lines.filter((line) => {
      const stays = gone.length >= wanted || (low && !line.low)
      if (!stays) gone.push(line)
      return stays
    })
    const first: LogLine | undefined = gone[0] === undefined ? undefined : JSON.parse(gone[0].json)
    longest.firstDropped ??= first
    const reason: Reason = this.#words.isAway() ? 'away' : 'tooFast'
    longest.dropped[reason] += gone.length
    this.#lost(longest, gone)
    this.#sort(longest)
    if (!this.#isDropTold) this.#words.onDrop(droppingMessage(reason))
    this.#isDropTold = true
  }

  /** Puts the line about dropped lines in front of what is left. */
  #tell(buffer: Buffer): void {
    if (buffer.firstDropped === undefined) return
    const { t, n } = buffer.firstDropped
    for (const reason of ['tooFast', 'away'] as const) {
      const count = buffer.dropped[reason]
      if (count === 0) continue
      const json = JSON.stringify({ t, l: LOG_LEVELS.WARNING, m: droppedMessage(count, reason), n } satisfies LogLine)
      const line: Line = { json, bytes: utf8Length(json), low: false }
      buffer.lines.unshift(line)
      buffer.bytes += line.bytes
      this.#lines++
      this.#bytes += line.bytes
      buffer.dropped[reason] = 0
    }
    buffer.firstDropped = undefined
  }

  #lost(buffer: Buffer, lines: readonly Line[]): void {
    const bytes = lines.reduce((sum, line) => sum + line.bytes, 0)
    buffer.bytes -= bytes
    this.#bytes -= bytes
    this.#lines -= lines.length
  }

  /** The older half of the logs that came to their end, as far as they are empty. */
  #forget(): void {
    for (const key of [...this.#finished].slice(0, MAX_REMEMBERED / 2)) {
      this.#finished.delete(key)
      if (this.#buffers.get(key)?.hasLines === false) this.#buffers.delete(key)
    }
  }
}

export interface LogOwner {
  readonly run: string | null
  readonly task?: string | undefined
  readonly epoch: number
}
const keyOf = ({ run, task, epoch }: LogOwner): string => `${run ?? task ?? ''}/${epoch}`

/** A line that is too long is cut and says so; control characters take six bytes each, so bytes count, not characters. */
function jsonOf(line: LogLine): string {
  const whole = line.m.length
  let message = whole > MAX_LOG_MESSAGE_LENGTH ? cut(line.m, MAX_LOG_MESSAGE_LENGTH) : line.m
  for (;;) {
    const json = JSON.stringify(message === line.m ? line : { ...line, m: message })
    if (utf8Length(json) <= MAX_LOG_SEGMENT_BYTES - 2 * ITEM_BYTES) return json
    message = cut(line.m, message.length >> 1)
  }
}

function cut(message: string, length: number): string {
  const mark = ` … (cut; ${message.length} characters in all)`
  return message.slice(0, Math.max(0, length - mark.length)) + mark
}

/**
 * Log lines that wait to be sent: one buffer per run (or per task run outside flows) and epoch.
 *
 * 1. A line gets its number when it leaves; every epoch has a range of its own.
 * 2. All buffers together keep both limits. Beyond, the longest buffer loses its oldest DEBUG and INFO lines, and where it has none its
 *    oldest lines; a WARNING at the head of what is left says how many.
 */
import { MAX_LOG_MESSAGE_LENGTH, MAX_LOG_SEGMENT_BYTES, MAX_UNSENT_LOG_BYTES, MAX_UNSENT_LOG_LINES } from '../protocol/limits.ts'
import { firstLineOf, LOG_LEVELS, type LogLine } from '../protocol/log.ts'
import { utf8Length } from './utf8.ts'

interface Line {
  readonly json: string
  readonly bytes: number
  /** DEBUG or INFO. */
  readonly low: boolean
}

export interface UnsentLog {
  readonly run: string | null
  readonly hasLines: boolean
}

class Buffer implements UnsentLog {
  readonly run: string | null
  /** JSON of the item up to `first`. */
  readonly fields: string
  next: number
  lines: Line[] = []
  bytes = 0
  due = false
  dropped = 0
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
}

/** Room for `,"first":…,"lines":[]}` and the item's other fields. */
const ITEM_BYTES = 512
/** So many lines go at once, so that dropping stays cheap. */
const DROPPED_AT_ONCE = 2_000
/** Logs of runs that came to their end are remembered for so many other logs, to number a late line right. */
const MAX_REMEMBERED = 50_000
const DROPPED_MESSAGE = (count: number): string =>
  `${count} log ${count === 1 ? 'line was' : 'lines were'} dropped here: the workspace was away, and at most ${MAX_UNSENT_LOG_LINES} lines are kept until it is back.`

export class LogBuffers {
  readonly #buffers = new Map<string, Buffer>()
  readonly #finished = new Set<string>()
  readonly #filled = new Set<Buffer>()
  readonly #maxLines: number
  readonly #maxBytes: number
  #lines = 0
  #bytes = 0

  constructor(maxLines = MAX_UNSENT_LOG_LINES, maxBytes = MAX_UNSENT_LOG_BYTES) {
    this.#maxLines = maxLines
    this.#maxBytes = maxBytes
  }

  get hasLines(): boolean {
    return this.#filled.size > 0
  }
  get hasDue(): boolean {
    return this.due().length > 0
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
      if (this.#lines > this.#maxLines || this.#bytes > this.#maxBytes) this.#drop()
    }
    if (buffer.hasLines) this.#filled.add(buffer)
    if (buffer.bytes >= MAX_LOG_SEGMENT_BYTES - ITEM_BYTES) buffer.due = true
  }

  /** The log of a run that is about to end: its lines leave before the last proposal. */
  ofEnding(owner: LogOwner): UnsentLog {
    this.#finished.add(keyOf(owner))
    if (this.#finished.size > MAX_REMEMBERED) this.#forget()
    return this.#bufferOf(owner)
  }

  ripen(): void {
    for (const buffer of this.#filled) buffer.due = true
  }

  due(): readonly UnsentLog[] {
    return [...this.#filled].filter((buffer) => buffer.due)
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
    if (!log.hasLines) {
      log.due = false
      this.#filled.delete(log)
    }
    return `${log.fields.slice(0, -1)},"first":${first},"lines":[${taken.map((line) => line.json).join(',')}]}`
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
    longest.dropped += gone.length
    this.#lost(longest, gone)
  }

  /** Puts the line about dropped lines in front of what is left. */
  #tell(buffer: Buffer): void {
    if (buffer.firstDropped === undefined) return
    const { t, n } = buffer.firstDropped
    const json = JSON.stringify({ t, l: LOG_LEVELS.WARNING, m: DROPPED_MESSAGE(buffer.dropped), n } satisfies LogLine)
    const line: Line = { json, bytes: utf8Length(json), low: false }
    buffer.lines.unshift(line)
    buffer.bytes += line.bytes
    this.#lines++
    this.#bytes += line.bytes
    buffer.firstDropped = undefined
    buffer.dropped = 0
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

/**
 * What waits to be sent to the workspace, and how it becomes frames. Pure: no timers, no socket.
 *
 * 1. Order: items leave in the order in which they came, except that states of a task run join those that still wait; a run's log lines
 *    leave before its last proposal.
 * 2. Lines are numbered when they leave, so lines that are dropped before leave no gap.
 * 3. Bounded: lines beyond the limits are dropped, DEBUG and INFO first, oldest first, from the longest log; a line says how many.
 * 4. A frame keeps both limits, items and bytes.
 * 5. What a cell shows takes the place of what it showed before and still waits: only the newest is of use.
 */
import type {
  CellOutputItem,
  ItemAnswer,
  LogItem,
  NotebookOpItem,
  RunCreateItem,
  RunProposeItem,
  SubscribeItem,
  TaskItem,
  UnsubscribeItem,
} from '../protocol/frames.ts'
import { MAX_FRAME_BYTES, MAX_FRAME_ITEMS, MAX_LOG_SEGMENT_BYTES, MAX_STATES_PER_RUN } from '../protocol/limits.ts'
import { LogBuffers, type DropWords, type UnsentLog } from './unsent-logs.ts'
import { utf8Length } from '../protocol/utf8-length.ts'

export type ControlItem = RunCreateItem | RunProposeItem | NotebookOpItem | CellOutputItem | SubscribeItem | UnsubscribeItem
export type Settle = (answer: ItemAnswer) => void
type Refused = Extract<ItemAnswer, { readonly type: 'refused' }>
/** Who is told what became of an item. */
export interface Sent {
  readonly run: string | null
  readonly what: 'control' | 'task' | 'log'
  readonly settle?: Settle
}
export interface Frame {
  /** JSON text of the array of items. */
  readonly items: string
  readonly sent: readonly Sent[]
}

interface ControlEntry {
  readonly kind: 'control'
  json: string
  sent: Sent
  /** Of a cell's output. */
  readonly key?: string
  /** Its run's log lines leave first. */
  readonly logs: UnsentLog | undefined
}
interface TaskEntry {
  readonly kind: 'task'
  readonly run: string | null
  readonly id: string
  readonly epoch: number
  readonly from: number
  /** Attempt of its flow run. */
  attempt: number | undefined
  /** JSON of everything but `states`. */
  fields: string
  /** JSON of the states, some in a row without brackets; as text, because what waits is many. */
  readonly texts: string[]
  /** How many states that are. */
  count: number
  bytes: number
  hasLeft: boolean
}
type Entry = ControlEntry | TaskEntry

/** Room for `{"type":"frame","n":…,"items":[]}`. */
const ENVELOPE_BYTES = 64
/** What waits beyond this makes frames larger, and nothing faster. */
const ENOUGH_BYTES = 64 * 1024
const MAX_ITEM_BYTES = MAX_FRAME_BYTES - ENVELOPE_BYTES
const TERMINAL: ReadonlySet<string> = new Set(['COMPLETED', 'CANCELLED', 'FAILED', 'CRASHED'])

export class Outbox {
  readonly #logs: LogBuffers
  /** The last entry of each task run since the queue was empty. */
  #open = new Map<string, TaskEntry>()
  /** What cells show and still waits. */
  readonly #outputs = new Map<string, ControlEntry>()
  #queue: Entry[] = []
  #head = 0
  /** Of the states that wait. */
  #bytes = 0

  constructor(words: DropWords) {
    this.#logs = new LogBuffers(words)
  }

  /** Something waits that need not wait for company. */
  get hasItems(): boolean {
    return this.#head < this.#queue.length || this.#logs.hasDue
  }
  /** More states of task runs would only wait beside those that do. */
  get isFull(): boolean {
    return this.#bytes >= ENOUGH_BYTES
  }
  get hasDueLines(): boolean {
    return this.#logs.hasDue
  }

  /** An item that somebody waits for. */
  control(item: ControlItem, settle: Settle): void {
    const json = JSON.stringify(item)
    if (utf8Length(json) > MAX_ITEM_BYTES) return settle(tooLarge(item.type))
    if (item.type === 'cell.output') return this.#output(item, json, settle)
    const run = item.type === 'run.create' ? item.id : item.type === 'run.propose' ? item.run : null
    const isLast = item.type === 'run.propose' && TERMINAL.has(item.state.type)
    const logs = isLast ? this.#logs.ofEnding({ run: item.run, epoch: item.epoch }) : undefined
    this.#queue.push({ kind: 'control', json, sent: { run, what: 'control', settle }, logs })
  }

  /** Who waited for the older one is told that it is done with: a newer one has taken its place. */
  #output({ notebook, run: { cell } }: CellOutputItem, json: string, settle: Settle): void {
    const key = `${notebook}/${cell}`
    const waiting = this.#outputs.get(key)
    const sent: Sent = { run: null, what: 'control', settle }
    if (waiting !== undefined) {
      waiting.sent.settle?.({ type: 'done' })
      waiting.json = json
      waiting.sent = sent
      return
    }
    const entry: ControlEntry = { kind: 'control', key, json, sent, logs: undefined }
    this.#outputs.set(key, entry)
    this.#queue.push(entry)
  }

  /** New states of a task run; they join what still waits of it. Answers a refusal at once when the item is too large. */
  task(item: TaskItem): Refused | undefined {
    const text = JSON.stringify(item.states).slice(1, -1)
    const bytes = utf8Length(text) + 1
    const open = this.#open.get(item.id)
    if (open !== undefined && this.#joins(open, item, bytes)) {
      open.texts.push(text)
      open.count += item.states.length
      this.#grow(open, bytes)
      if (item.name !== undefined || item.flow_run_run_count !== open.attempt) this.#renew(open, item)
      return undefined
    }
    const fields = JSON.stringify({ ...item, states: undefined })
    const total = utf8Length(fields) + bytes + '"states":[],'.length
    if (total > MAX_ITEM_BYTES) return tooLarge('task')
    const { run, id, epoch, from, flow_run_run_count: attempt } = item
    const entry: TaskEntry = {
      kind: 'task',
      run,
      id,
      epoch,
      from,
      attempt,
      fields,
      texts: [text],
      count: item.states.length,
      bytes: 0,
      hasLeft: false,
    }
    this.#grow(entry, total)
    this.#open.set(id, entry)
    this.#queue.push(entry)
    return undefined
  }

  #grow(entry: TaskEntry, bytes: number): void {
    entry.bytes += bytes
    this.#bytes += bytes
  }

  log(item: Omit<LogItem, 'type' | 'first'>): void {
    this.#logs.add(item, item.lines)
  }

  /** All lines that wait now need not wait any longer. */
  ripenLogs(): void {
    this.#logs.ripen()
  }

  /** The next frame; undefined when nothing is ready to leave. */
  take(): Frame | undefined {
    const frame = new FrameBuilder()
    for (; this.#head < this.#queue.length; this.#head++) {
      const entry = this.#queue[this.#head]
      if (entry === undefined || !this.#put(entry, frame)) break
    }
    if (this.#head === this.#queue.length) {
      // A new map: one that many things pass through keeps them (docs/gotchas.md).
      this.#open = new Map()
      this.#queue = []
      this.#head = 0
      for (const log of this.#logs.due()) if (!this.#putLog(log, frame)) break
    }
    return frame.done()
  }

  #joins(open: TaskEntry, item: TaskItem, bytes: number): boolean {
    const follows = !open.hasLeft && open.epoch === item.epoch && open.from + open.count === item.from && item.create === undefined
    return follows && open.count + item.states.length <= MAX_STATES_PER_RUN && open.bytes + bytes <= MAX_LOG_SEGMENT_BYTES
  }

  /** The later name and attempt count. */
  #renew(open: TaskEntry, { name, flow_run_run_count }: TaskItem): void {
    const before = open.fields
    const fields: unknown = JSON.parse(before)
    open.fields = JSON.stringify({
      ...Object(fields),
      ...(name === undefined ? {} : { name }),
      ...(flow_run_run_count === undefined ? {} : { flow_run_run_count }),
    })
    open.attempt = flow_run_run_count ?? open.attempt
    this.#grow(open, utf8Length(open.fields) - utf8Length(before))
  }

  /** False when the frame has no room for it; it stays where it is. */
  #put(entry: Entry, frame: FrameBuilder): boolean {
    if (entry.kind === 'control') {
      if (entry.logs !== undefined) this.#logs.ripenOne(entry.logs)
      if (entry.logs !== undefined && !this.#putLog(entry.logs, frame)) return false
      if (!frame.add(entry.json, utf8Length(entry.json), entry.sent)) return false
      if (entry.key !== undefined) this.#outputs.delete(entry.key)
      return true
    }
    const json = `${entry.fields.slice(0, -1)},"states":[${entry.texts.join(',')}]}`
    if (!frame.add(json, entry.bytes, { run: entry.run, what: 'task' })) return false
    this.#bytes -= entry.bytes
    entry.hasLeft = true
    return true
  }

  #putLog(log: UnsentLog, frame: FrameBuilder): boolean {
    while (log.isDue) {
      const room = Math.min(MAX_LOG_SEGMENT_BYTES, frame.room)
      const json = frame.isFull ? undefined : this.#logs.take(log, room)
      if (json === undefined || !frame.add(json, utf8Length(json), { run: log.run, what: 'log' })) return false
    }
    return true
  }
}

class FrameBuilder {
  readonly #items: string[] = []
  readonly #sent: Sent[] = []
  #bytes = ENVELOPE_BYTES

  get room(): number {
    return MAX_FRAME_BYTES - this.#bytes - 1
  }
  get isFull(): boolean {
    return this.#items.length >= MAX_FRAME_ITEMS
  }

  add(json: string, bytes: number, sent: Sent): boolean {
    if (this.isFull || bytes > this.room) return false
    this.#bytes += bytes + 1
    this.#items.push(json)
    this.#sent.push(sent)
    return true
  }

  done(): Frame | undefined {
    return this.#items.length === 0 ? undefined : { items: `[${this.#items.join(',')}]`, sent: this.#sent }
  }
}

const tooLarge = (type: string): Refused => ({
  type: 'refused',
  code: 'too_large',
  detail: `An item of type ${type} is larger than the ${MAX_FRAME_BYTES} bytes that one frame may have.`,
})

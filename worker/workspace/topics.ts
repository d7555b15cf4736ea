/**
 * What watchers hear: events by topic, numbered, kept for a while for those who come back.
 *
 * 1. Events belong to one boot of the object and live in memory only. Who names another boot, or a number that is gone, gets the truth now
 *    (`reset`), so nothing can be lost.
 * 2. Numbers of a topic follow one another without gaps.
 * 3. Changes are gathered for EVENT_COALESCE_MS: a thousand commits a second are twenty events.
 */
import type { Event, Reset, Topic, TopicPatch } from '#sdk/protocol/frames.ts'
import type { FlowRunId, TaskRunId } from '#sdk/protocol/ids.ts'
import { MAX_TOPIC_CHARACTERS, MAX_TOPIC_EVENTS } from '#sdk/protocol/limits.ts'
import type { CellId, NotebookId, PlacedBatch } from '#sdk/protocol/notebook.ts'
import type { Changes, NewLines } from '../operations/unit.ts'

const EVENT_COALESCE_MS = 50
/** Changes of one event; a snapshot is cheaper than more. */
const MAX_GATHERED = 2_000
/** Topics that are remembered; the one that nobody asked for longest goes first. */
const MAX_TOPICS = 256
/** A topic to which nobody listened for so long is forgotten: who left a page for good shall cost nothing more. */
const UNHEARD_MS = 60_000

/** Changes since the last event of a topic. */
export interface Gathered {
  readonly flowRuns: Set<FlowRunId>
  readonly taskRuns: Set<TaskRunId>
  readonly lines: NewLines[]
  readonly notebooks: Set<NotebookId>
  readonly batches: PlacedBatch[]
  readonly cellRuns: Map<CellId, NotebookId>
  readonly deleted: Set<string>
  size: number
}

interface Channel {
  /** Number of the last event. */
  seq: number
  /** The last ones, as they were sent; the newest has number `seq`. */
  readonly events: string[]
  /** Of those events. */
  characters: number
  gathered: Gathered | undefined
  /** When somebody last listened, in milliseconds. */
  heardAt: number
  /** Its listeners count in another boot. */
  isForeign: boolean
}

export interface TopicSource {
  /** `isReturning`: its listeners were there before, and may have edits of their own. */
  snapshot(topic: Topic, isReturning: boolean): TopicPatch
  patch(gathered: Gathered): TopicPatch
  listeners(topic: Topic): readonly WebSocket[]
  send(socket: WebSocket, text: string): void
}

const runTopic = (id: FlowRunId): Topic => `flow_run:${id}`
/** Who hears of a task run: those who watch its flow run, or itself where it has none. */
const taskTopic = (id: string, run: FlowRunId | null): Topic => (run === null ? `task_run:${id}` : runTopic(run))
const notebookTopic = (id: NotebookId): Topic => `notebook:${id}`

export class Topics {
  readonly #boot: string
  readonly #source: TopicSource
  readonly #channels = new Map<Topic, Channel>()
  /** The greatest number that any topic has used: a topic that was forgotten begins behind it. */
  #seq = 0
  #timer: number | null = null

  constructor(boot: string, source: TopicSource) {
    this.#boot = boot
    this.#source = source
  }

  /** Knows the topics that sockets listened to before the object slept. Their numbers are of another boot, so the next they hear is the truth. */
  resume(watched: Iterable<Topic>): void {
    for (const topic of watched) this.#channel(topic).isForeign = true
  }

  /** Answers a subscription: the events behind `seq` when they are still there, else the truth. */
  subscribe(socket: WebSocket, topic: Topic, boot: string | undefined, seq: number | undefined): void {
    const channel = this.#channel(topic)
    this.#flush(topic, channel)
    const missed = boot === this.#boot && seq !== undefined ? channel.seq - seq : undefined
    if (missed === undefined || missed < 0 || missed > channel.events.length)
      return this.#source.send(socket, this.#resetFrame(topic, channel, boot !== undefined))
    for (const event of channel.events.slice(channel.events.length - missed)) this.#source.send(socket, event)
  }

  /** Gathers what a commit changed for the topics that somebody knows. */
  note(changes: Changes): void {
    if (this.#channels.size === 0) return
    this.#noteNotebooks(changes)
    const { flowRuns, taskRuns, lines, deleted } = changes
    for (const id of flowRuns) {
      this.#gather('flow_runs', (gathered) => gathered.flowRuns.add(id))
      this.#gather(runTopic(id), (gathered) => gathered.flowRuns.add(id))
    }
    for (const [id, run] of taskRuns) this.#gather(taskTopic(id, run), (gathered) => gathered.taskRuns.add(id))
    for (const added of lines) {
      const topic = added.kind === 'flow_run' ? runTopic(added.stream as FlowRunId) : taskTopic(added.stream, null)
      this.#gather(topic, (gathered) => gathered.lines.push(added), added.lines.length)
    }
    for (const [id, run] of deleted) {
      this.#gather(taskTopic(id, run), (gathered) => gathered.deleted.add(id))
      if (run === id) this.#gather('flow_runs', (gathered) => gathered.deleted.add(id))
    }
  }

  #noteNotebooks({ notebooks, deletedNotebooks, batches, cellRuns }: Changes): void {
    for (const id of notebooks) this.#gather('notebooks', (gathered) => gathered.notebooks.add(id))
    for (const { notebook, batch } of batches) {
      this.#gather(notebookTopic(notebook), (gathered) => gathered.batches.push(batch))
    }
    for (const { notebook, cell } of cellRuns) {
      this.#gather(notebookTopic(notebook), (gathered) => gathered.cellRuns.set(cell, notebook))
    }
    for (const id of deletedNotebooks) {
      for (const topic of ['notebooks', notebookTopic(id)] as const) this.#gather(topic, (gathered) => gathered.deleted.add(id))
    }
  }

  #gather(topic: Topic, add: (gathered: Gathered) => void, size = 1): void {
    const channel = this.#channels.get(topic)
    if (channel === undefined) return
    channel.gathered ??= nothing()
    channel.gathered.size += size
    if (channel.gathered.size <= MAX_GATHERED) add(channel.gathered)
    this.#timer ??= setTimeout(() => this.flush(), EVENT_COALESCE_MS)
  }

  /** Sends what was gathered. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = null
    for (const [topic, channel] of this.#channels) this.#flush(topic, channel)
  }

  #flush(topic: Topic, channel: Channel): void {
    const { gathered } = channel
    if (gathered === undefined) return
    channel.gathered = undefined
    const listeners = this.#source.listeners(topic)
    if (listeners.length > 0) channel.heardAt = Date.now()
    else if (Date.now() - channel.heardAt > UNHEARD_MS) return void this.#channels.delete(topic)
    if (channel.isForeign || gathered.size > MAX_GATHERED) return this.#reset(topic, channel)
    this.#count(channel)
    const event: Event = { type: 'event', topic, boot: this.#boot, seq: channel.seq, patch: this.#source.patch(gathered) }
    const text = JSON.stringify(event)
    channel.events.push(text)
    channel.characters += text.length
    while (channel.events.length > MAX_TOPIC_EVENTS || (channel.characters > MAX_TOPIC_CHARACTERS && channel.events.length > 0)) {
      channel.characters -= channel.events.shift()?.length ?? 0
    }
    for (const socket of listeners) this.#source.send(socket, text)
  }

  #reset(topic: Topic, channel: Channel): void {
    this.#count(channel)
    channel.isForeign = false
    channel.events.length = 0
    channel.characters = 0
    const text = this.#resetFrame(topic, channel, true)
    for (const socket of this.#source.listeners(topic)) this.#source.send(socket, text)
  }

  #resetFrame(topic: Topic, { seq }: Channel, isReturning: boolean): string {
    const reset: Reset = { type: 'reset', topic, boot: this.#boot, seq, snapshot: this.#source.snapshot(topic, isReturning) }
    return JSON.stringify(reset)
  }

  #count(channel: Channel): void {
    channel.seq += 1
    this.#seq = Math.max(this.#seq, channel.seq)
  }

  #channel(topic: Topic): Channel {
    const known = this.#channels.get(topic)
    const channel = known ?? { seq: this.#seq + 1, events: [], characters: 0, heardAt: Date.now(), gathered: undefined, isForeign: false }
    this.#seq = Math.max(this.#seq, channel.seq)
    this.#channels.delete(topic)
    this.#channels.set(topic, channel)
    if (known === undefined && this.#channels.size > MAX_TOPICS) this.#forgetOne()
    return channel
  }

  #forgetOne(): void {
    for (const topic of this.#channels.keys()) {
      if (this.#source.listeners(topic).length > 0) continue
      this.#channels.delete(topic)
      return
    }
  }
}

const nothing = (): Gathered => ({
  flowRuns: new Set(),
  taskRuns: new Set(),
  lines: [],
  notebooks: new Set(),
  batches: [],
  cellRuns: new Map(),
  deleted: new Set(),
  size: 0,
})

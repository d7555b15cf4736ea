/**
 * The live socket as programs and pages use it: ask and get an answer, report and forget, subscribe and be told.
 *
 * Gathers what is sent into frames; the link below it carries them and never loses one.
 * 0. While there is no connection nothing is made into frames: what waits can still be merged, and log lines dropped.
 * 1. What somebody waits for leaves at once when nothing is on its way, else with company after {@link FRAME_COALESCE_MS}.
 * 2. States of task runs wait {@link FRAME_COALESCE_MS}, log lines {@link LOG_COALESCE_MS}, unless something else leaves first that needs them.
 * 3. Log lines that fill a segment leave at once, while the link has room: a flow that logs in a loop never gives the timers a turn.
 */
import type { Cancel, Event, ItemAnswer, LogItem, Lost, Reset, TaskItem, Topic, Welcome } from '../protocol/frames.ts'
import { PROTOCOL_VERSION } from '../protocol/wire.ts'
import { FRAME_COALESCE_MS, LOG_COALESCE_MS, MAX_FRAMES_IN_FLIGHT } from '../protocol/limits.ts'
import { platformClock, type LiveClock } from './clock.ts'
import { ApiError, unreachable } from './errors.ts'
import { probe, type Failure } from './failures.ts'
import { Flushes } from './flushes.ts'
import { openLink, type OpenLink } from './link.ts'
import type { LiveOptions } from './live-options.ts'
import { Topics, type TopicChange } from './topics.ts'
import { Outbox, type ControlItem, type Frame } from './outbox.ts'

/** A workspace that is not there is given so long to answer for the first time. */
const FIRST_ANSWER_MS = 3_000
/** Log frames that a link without a word of its own is handed before the first of them is answered: 8 MiB. */
const MAX_FRAMES_AHEAD = 32

export class Live {
  readonly #options: LiveOptions
  readonly #clock: LiveClock
  readonly #outbox: Outbox
  readonly #topics: Topics
  /** Oldest first. */
  readonly #inFlight: { readonly number: number; readonly sent: Frame['sent'] }[] = []
  readonly #flushes = new Flushes()
  readonly #ready = Promise.withResolvers<Welcome>()
  readonly #link: ReturnType<OpenLink>
  readonly #waiters = new Set<(error: ApiError) => void>()
  #waitingForRoom: (() => void)[] = []
  #greeted = false
  #isConnected = false
  #isHeld = false
  #lastFrame = 0
  #ending: ApiError | undefined
  #lastLoss: Failure | undefined
  #soon = false
  #stopGathering: (() => void) | undefined
  #stopRipening: (() => void) | undefined

  constructor(options: LiveOptions) {
    this.#options = options
    this.#clock = options.clock ?? platformClock
    this.#outbox = new Outbox({
      isAway: () => !this.#isUp,
      onDrop: (detail) => options.onTrouble?.({ code: 'log_lines_dropped', detail }),
    })
    this.#topics = new Topics(
      (item) => this.request(item),
      (failure) => options.onTrouble?.(failure),
    )
    this.#ready.promise.catch(() => undefined) // whoever waits is told; nobody waiting is no crash
    const { apiUrl, token, kind, name, labels } = options
    const hello = { protocol: PROTOCOL_VERSION, kind, name, ...(labels === undefined ? {} : { labels }) }
    const link: OpenLink = options.link ?? ((events) => openLink({ probe: () => probe(apiUrl, token), ...options, hello }, events))
    this.#link = link({
      welcome: (welcome, resumed) => this.#welcomed(welcome, resumed),
      acked: (frame, answers) => this.#settle(frame, (index) => answers[index]),
      refused: (frame, failure) => this.#settle(frame, () => ({ type: 'refused', ...failure })),
      down: (frame) => this.#down(frame),
      lost: (failure) => this.#lost(failure),
      trouble: (failure) => options.onTrouble?.(failure),
      closed: (failure) => this.#end(new ApiError({ ...failure, status: 0 })),
    })
  }

  /**
   * The first greeting, once it has come.
   *
   * @throws ApiError `unreachable` after {@link FIRST_ANSWER_MS}, or why the workspace refuses; the socket is then given up.
   */
  async ready(timeoutMs = FIRST_ANSWER_MS): Promise<Welcome> {
    const stop = this.#clock.after(timeoutMs, () => {
      this.#end(new ApiError({ code: 'unreachable', status: 0, detail: this.#whyNot() }))
      this.#link.close()
    })
    try {
      return await this.#ready.promise
    } finally {
      stop()
    }
  }

  /** Sends an item and waits for its answer, however long the workspace is away. A refusal is an answer. */
  request(item: ControlItem): Promise<ItemAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#ending !== undefined) return reject(this.#ending)
      this.#waiters.add(reject)
      this.#outbox.control(item, (answer) => {
        this.#waiters.delete(reject)
        resolve(answer)
      })
      this.#wake('now')
    })
  }

  /** Reports states of a task run; never waits. */
  task(item: TaskItem): void {
    if (this.#ending !== undefined) return
    const refused = this.#outbox.task(item)
    if (refused !== undefined) return this.#options.onReportRefused?.({ run: item.run, what: 'task', failure: refused })
    this.#wake('gather')
  }

  /** Undefined while more may be reported; else resolves when what waits has left, or when nothing is sent for lack of a connection. */
  room(): Promise<void> | undefined {
    return this.#isHeldUp ? new Promise((go) => this.#waitingForRoom.push(go)) : undefined
  }

  get #isHeldUp(): boolean {
    return this.#isConnected && this.#ending === undefined && this.#outbox.isFull
  }

  #giveRoom(): void {
    if (this.#waitingForRoom.length === 0 || this.#isHeldUp) return
    for (const go of this.#waitingForRoom.splice(0)) go()
  }

  /** Reports log lines; never waits. */
  log(item: Omit<LogItem, 'type' | 'first'>): void {
    if (this.#ending !== undefined) return
    this.#outbox.log(item)
    while (this.#outbox.hasDueLines && this.#hasRoom && this.#sendFrame()) continue
    if (this.#outbox.hasItems) this.#wake('gather')
    this.#stopRipening ??= this.#clock.after(LOG_COALESCE_MS, () => this.#ripen(), 'idle')
  }

  /** Resolves when everything reported until now is durable. */
  async flush(): Promise<void> {
    if (this.#ending !== undefined) throw this.#ending
    this.#ripen()
    while (this.#outbox.hasItems) await this.#settled(this.#lastFrame + 1)
    if (this.#inFlight.length > 0) await this.#settled(this.#lastFrame)
  }

  /** Hands over everything at once, above the usual number of frames on their way: the process is about to end. */
  handOver(): void {
    this.#outbox.ripenLogs()
    while (this.#sendFrame()) continue
  }

  /** Listens to a topic, also across lost connections. Answers how to stop. */
  subscribe(topic: Topic, listener: (change: TopicChange) => void): () => void {
    return this.#topics.subscribe(topic, listener)
  }

  close(): void {
    this.#end(new ApiError({ code: 'closed', status: 0, detail: 'The connection to the workspace was closed by this program.' }))
    this.#link.close()
  }

  #settled(frame: number): Promise<void> {
    const settled = this.#flushes.until(frame)
    this.#wake('now')
    return settled
  }

  get #isUp(): boolean {
    return this.#link.isUp?.() ?? this.#isConnected
  }

  get #hasRoom(): boolean {
    return this.#isUp && (this.#link.hasRoom?.() ?? this.#inFlight.length < MAX_FRAMES_AHEAD)
  }

  #ripen(): void {
    this.#stopRipening?.()
    this.#stopRipening = undefined
    this.#outbox.ripenLogs()
    if (this.#outbox.hasItems) this.#wake('now')
  }

  #wake(how: 'now' | 'gather'): void {
    this.#hold()
    if (this.#soon || !this.#isConnected || this.#inFlight.length >= MAX_FRAMES_IN_FLIGHT) return
    if (how === 'now' && this.#inFlight.length === 0) {
      this.#soon = true
      this.#clock.soon(() => this.#pump())
      return
    }
    this.#stopGathering ??= this.#clock.after(FRAME_COALESCE_MS, () => this.#pump())
  }

  #pump(): void {
    this.#soon = false
    this.#stopGathering?.()
    this.#stopGathering = undefined
    while (this.#isConnected && this.#inFlight.length < MAX_FRAMES_IN_FLIGHT && this.#sendFrame()) continue
    this.#hold()
  }

  #sendFrame(): boolean {
    const frame = this.#ending === undefined ? this.#outbox.take() : undefined
    if (frame === undefined) return false
    const number = ++this.#lastFrame
    this.#inFlight.push({ number, sent: frame.sent })
    this.#link.send(number, frame.items)
    this.#giveRoom()
    return true
  }

  #settle(frame: number, answerOf: (index: number) => ItemAnswer | undefined): void {
    const at = this.#inFlight.findIndex(({ number }) => number === frame)
    const [answered] = at < 0 ? [] : this.#inFlight.splice(at, 1)
    if (answered === undefined) return
    for (const [index, { run, what, settle }] of answered.sent.entries()) {
      const answer = answerOf(index) ?? {
        type: 'refused',
        code: 'unexpected_answer',
        detail: 'The workspace answered fewer items than it was sent.',
      }
      if (settle !== undefined) settle(answer)
      else if (answer.type === 'refused' && what !== 'control') this.#options.onReportRefused?.({ run, what, failure: answer })
    }
    this.#flushes.answered(this.#inFlight[0]?.number ?? this.#lastFrame + 1)
    if (this.#outbox.hasItems) this.#wake('now')
    this.#hold()
  }

  #welcomed(welcome: Welcome, resumed: boolean): void {
    this.#lastLoss = undefined
    this.#isConnected = true
    this.#ready.resolve(welcome)
    this.#options.onWelcome?.(welcome, resumed)
    if (this.#greeted) this.#topics.askAgain()
    this.#greeted = true
    if (this.#outbox.hasItems) this.#wake('now')
  }

  #lost(failure: Failure): void {
    this.#lastLoss = failure
    this.#isConnected = false
    this.#giveRoom()
    this.#options.onLost?.(failure)
  }

  #whyNot(): string {
    const loss = this.#lastLoss
    if (loss?.isPassing === true) return loss.detail
    return unreachable(this.#options.apiUrl, loss?.code === 'unreachable' ? undefined : loss?.detail)
  }

  /** The process must live as long as somebody waits, or something reported is on its way. */
  #hold(): void {
    const isNeeded = this.#ending === undefined && (this.#inFlight.length > 0 || this.#outbox.hasItems)
    if (isNeeded === this.#isHeld) return
    this.#isHeld = isNeeded
    this.#link.hold?.(isNeeded)
  }

  #down(frame: Cancel | Lost | Event | Reset): void {
    if (frame.type === 'cancel' || frame.type === 'lost') return this.#options.onStop?.(frame)
    this.#topics.hear(frame)
  }

  #end(error: ApiError): void {
    if (this.#ending !== undefined) return
    this.#ending = error
    this.#stopGathering?.()
    this.#stopRipening?.()
    this.#inFlight.length = 0
    this.#ready.reject(error)
    for (const fail of this.#waiters) fail(error)
    this.#flushes.fail(error)
    this.#waiters.clear()
    this.#giveRoom()
    this.#topics.end(error)
    this.#hold()
  }
}

/**
 * One session with a workspace over as many sockets as it takes: greets, sends frames, sends them again, pings, and comes back.
 *
 * It never reads what is inside a frame, never gives one up by itself, and imports no schema: it runs in a thread of its own.
 * 1. Numbers and order of the frames are the queue's; at most as many frames are unanswered as the welcome allows, the others wait.
 * 2. After a lost socket it comes back after a random pause (full jitter, at most {@link MAX_PAUSE_MS}), for ever; only a close that says
 *    that coming back is no use ends it.
 * 3. A frame that the workspace cannot read costs only the items that make it so: over a new socket its items go one by one. Where the
 *    workspace cannot tell which frame it was, those that were on their way go one by one first.
 */
import type { Ack, Cancel, Event, FrameProblem, Hello, Lost, Reset, Welcome } from '../protocol/frames.ts'
import { MAX_FRAMES_IN_FLIGHT } from '../protocol/limits.ts'
import { platformClock, type LiveClock } from './clock.ts'
import { closeFailure, unusableAddress, type Failure } from './failures.ts'
import { FrameQueue, type Answered, type Unanswered } from './frame-queue.ts'
import { platformSocket, readDown, type Socket, type SocketConstructor } from './socket.ts'

export interface LinkEvents {
  /** Greeted: `resumed` is false when the workspace has begun a new session. */
  welcome(welcome: Welcome, resumed: boolean): void
  acked(frame: number, answers: Ack['answers']): void
  /** The workspace cannot take this frame, however often it comes. */
  refused(frame: number, failure: Failure): void
  down(frame: Cancel | Lost | Event | Reset): void
  /** The socket is gone, or did not open; another one will be tried. */
  lost(failure: Failure): void
  /** The workspace said something that nobody asked or that is not known here. */
  trouble(failure: Failure): void
  /** It is over: coming back is no use. Nothing is called after this. */
  closed(failure: Failure): void
}

export interface LinkOptions {
  /** Such as `http://127.0.0.1:8787/w/…/api`. */
  readonly apiUrl: string
  /** For programs; pages have their cookie. */
  readonly token?: string | undefined
  readonly hello: Omit<Hello, 'type' | 'session'>
  readonly socket?: SocketConstructor
  readonly clock?: LiveClock
  /** Asks over HTTP why a socket does not open: a refused upgrade tells its client nothing. Undefined: no final reason is known. */
  readonly probe?: () => Promise<Failure | undefined>
}

/** Hands frames over: their own number, which the answers name, and the JSON text of their items. */
export interface Link {
  send(frame: number, items: string): void
  /** Whether the program waits for something; a link in a thread of its own keeps the process alive for it. */
  hold?(isNeeded: boolean): void
  /** Whether there is a connection, for a link that knows without a turn of this thread's event loop. */
  isUp?(): boolean
  /** Whether another frame of log lines may be handed over. A link that needs no turn of this thread's event loop may wait for it. */
  hasRoom?(): boolean
  /** The network is back, or somebody looks again: the next try need not wait. */
  hurry?(): void
  close(): void
}
export type OpenLink = (events: LinkEvents) => Link

const FIRST_PAUSE_MS = 250
const MAX_PAUSE_MS = 10_000
const GREETING_MS = 10_000
/** A frame that the workspace fails at without a reason is not sent more often than this. */
const MAX_TRIES = 5
const PASSING: readonly string[] = ['overloaded', 'rate_limited', 'unexpected']
/** One item may be the reason, and the others good. */
const UNREADABLE: readonly string[] = ['malformed_frame', 'malformed_json', 'too_large', 'unexpected']
const OUT_OF_ORDER = 'frame_out_of_order'
const DONE = 1000
const ABNORMAL = 1006
const MALFORMED_HELLO = 4400

/** Opens the session and keeps it open. */
export function openLink(options: LinkOptions, events: LinkEvents): Link {
  const link = new SocketLink(options, events)
  link.connect()
  return link
}

class SocketLink implements Link {
  readonly #options: LinkOptions
  readonly #events: LinkEvents
  readonly #clock: LiveClock
  readonly #queue = new FrameQueue()
  #socket: Socket | undefined
  #session: string | undefined
  #window = 0
  #attempts = 0
  #heardAt = 0
  #over = false
  /** Between two tries. */
  #isPausing = false
  /** The workspace failed at something without a reason in us. */
  #isTroublePassing = false
  #stopTimer = (): void => undefined

  constructor(options: LinkOptions, events: LinkEvents) {
    this.#options = options
    this.#events = events
    this.#clock = options.clock ?? platformClock
  }

  send(frame: number, items: string): void {
    if (this.#over) return
    this.#queue.push(frame, items)
    this.#pump()
  }

  close(): void {
    if (this.#over) return
    this.#over = true
    this.#stopTimer()
    this.#socket?.close(DONE)
  }

  hurry(): void {
    if (!this.#isPausing || this.#over) return
    this.#stopTimer()
    this.connect()
  }

  connect(): void {
    this.#isPausing = false
    const protocols = ['flowcell', ...(this.#options.token === undefined ? [] : [`token.${this.#options.token}`])]
    const Socket = this.#options.socket ?? platformSocket()
    const url = `${this.#options.apiUrl.replace(/^http/, 'ws').replace(/\/+$/, '')}/live`
    let socket: Socket
    try {
      socket = new Socket(url, protocols)
    } catch (error) {
      return this.#end(unusableAddress(this.#options.apiUrl, error))
    }
    this.#socket = socket
    const isMine = () => this.#socket === socket && !this.#over
    socket.addEventListener('open', () => isMine() && socket.send(this.#greeting()))
    socket.addEventListener('message', ({ data }) => isMine() && this.#hear(data))
    socket.addEventListener('close', ({ code = ABNORMAL, reason = '' }) => isMine() && this.#lose(code, reason))
    socket.addEventListener('error', () => isMine() && this.#lose(ABNORMAL, ''))
    this.#stopTimer = this.#clock.after(GREETING_MS, () => isMine() && this.#drop('no greeting within 10 seconds'), 'idle')
  }

  #greeting(): string {
    const session = this.#session === undefined ? {} : { session: this.#session }
    return JSON.stringify({ type: 'hello', ...this.#options.hello, ...session })
  }

  #hear(data: unknown): void {
    this.#heardAt = this.#clock.now()
    if (data === 'pong') return void (this.#attempts = 0)
    const frame = readDown(data)
    switch (frame?.type) {
      case 'welcome':
        return this.#greeted(frame)
      case 'ack':
        return this.#acked(frame)
      case 'problem':
        return this.#problem(frame)
      case 'cancel':
      case 'lost':
      case 'event':
      case 'reset':
        return this.#events.down(frame)
      case undefined:
        return this.#events.trouble({
          code: 'unexpected_answer',
          detail: 'The workspace sent a frame that this version of Flowcell does not know.',
        })
    }
  }

  #greeted(welcome: Welcome): void {
    const resumed = this.#session === welcome.session
    if (!resumed) this.#queue.beginSession()
    this.#session = welcome.session
    this.#window = Math.min(MAX_FRAMES_IN_FLIGHT, welcome.limits.frames_in_flight)
    this.#stopTimer()
    this.#pingEvery(welcome.ping_seconds * 1_000)
    this.#events.welcome(welcome, resumed)
    this.#pump()
  }

  #pingEvery(ms: number): void {
    this.#stopTimer = this.#clock.after(
      ms,
      () => {
        if (this.#clock.now() - this.#heardAt >= 2 * ms) return this.#drop('no sign of life')
        this.#socket?.send('ping')
        this.#pingEvery(ms)
      },
      'idle',
    )
  }

  #pump(): void {
    for (let text = this.#queue.next(this.#window); text !== undefined; text = this.#queue.next(this.#window)) this.#socket?.send(text)
  }

  #acked({ n, answers }: Ack): void {
    this.#attempts = 0 // a greeting alone proves little: a full disk greets as well
    this.#tell(this.#queue.answer(n, answers))
    this.#pump()
  }

  #problem({ n, code, detail }: FrameProblem): void {
    const bad = n === null ? this.#queue.only : this.#queue.find(n)
    const isOurs = bad !== undefined || (n === null && this.#queue.inFlight > 0)
    if (!isOurs) {
      this.#isTroublePassing = PASSING.includes(code)
      return this.#events.trouble({ code, detail })
    }
    if (bad === undefined) {
      this.#queue.suspectAll()
      return this.#reopen()
    }
    const isWorthATry = PASSING.includes(code) || code === OUT_OF_ORDER
    if (isWorthATry && ++bad.failures < MAX_TRIES) return code === OUT_OF_ORDER ? this.#reopen() : this.#drop(detail)
    this.#giveUp(bad, { code, detail })
  }

  /** What comes after it was counted on from it, so another socket begins after it. */
  #giveUp(bad: Unanswered, failure: Failure): void {
    const isApart = UNREADABLE.includes(failure.code) && this.#queue.takeApart(bad)
    if (!isApart) this.#tell(this.#queue.refuse(bad, failure))
    this.#reopen()
  }

  #tell(answered: Answered | undefined): void {
    if (answered === undefined) return
    if ('answers' in answered) this.#events.acked(answered.frame, answered.answers)
    else this.#events.refused(answered.frame, answered.refusal)
  }

  /** Begins again over another socket, where the workspace takes any number first. */
  #reopen(): void {
    const socket = this.#socket
    this.#leave()
    socket?.close(DONE)
    this.#stopTimer = this.#clock.after(this.#clock.random() * FIRST_PAUSE_MS, () => this.connect())
  }

  #leave(): void {
    this.#socket = undefined
    this.#window = 0
    this.#isTroublePassing = false
    this.#queue.beginSocket()
    this.#stopTimer()
  }

  /** Gives up the socket itself, since nothing good comes out of it any more. */
  #drop(why: string): void {
    const socket = this.#socket
    this.#lose(ABNORMAL, why)
    socket?.close()
  }

  #lose(closeCode: number, reason: string): void {
    // A greeting that was understood before, or that failed in passing, is worth another try.
    const isPassing = closeCode === MALFORMED_HELLO && (this.#window > 0 || this.#isTroublePassing)
    const code = isPassing ? ABNORMAL : closeCode
    this.#leave()
    const failure = closeFailure(this.#options.apiUrl, code, reason)
    if (failure.final) return this.#end(failure)
    this.#events.lost(failure)
    void this.#comeBack()
  }

  async #comeBack(): Promise<void> {
    const reason = await this.#options.probe?.()
    if (this.#over) return
    if (reason?.isPassing === true) this.#events.lost(reason)
    else if (reason !== undefined && (this.#session === undefined || reason.onlyAtFirst !== true)) return this.#end(reason)
    const pause = this.#clock.random() * Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#attempts)
    this.#attempts = Math.min(this.#attempts + 1, 16)
    this.#isPausing = true
    this.#stopTimer = this.#clock.after(pause, () => this.connect())
  }

  #end(failure: Failure): void {
    this.#over = true
    this.#events.closed(failure)
  }
}

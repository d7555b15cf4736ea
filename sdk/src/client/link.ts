/**
 * One session with a workspace over as many sockets as it takes: greets, sends frames, sends them again, pings, and comes back.
 *
 * It never reads what is inside a frame, never gives one up by itself, and imports no schema: it runs in a thread of its own.
 * 1. A frame gets its number when it is first sent and keeps number and bytes until it is acked; a new session counts from 1 again.
 * 2. At most as many frames are unanswered as the welcome allows; the others wait in order.
 * 3. After a lost socket it comes back after a random pause (full jitter, at most {@link MAX_PAUSE_MS}), for ever; only a close that says
 *    that coming back is no use ends it.
 */
import type { Ack, Cancel, DownFrame, Event, FrameProblem, Hello, Lost, Reset, Welcome } from '../protocol/frames.ts'
import { MAX_FRAMES_IN_FLIGHT } from '../protocol/limits.ts'
import { platformClock, type LiveClock } from './clock.ts'
import { closeFailure, type Failure } from './failures.ts'

interface SocketEvent {
  readonly data?: unknown
  readonly code?: number
  readonly reason?: string
}
/** What we use of the platform's WebSocket. */
export interface Socket {
  send(text: string): void
  close(code?: number, reason?: string): void
  addEventListener(type: 'open' | 'message' | 'close' | 'error', listener: (event: SocketEvent) => void): void
}
export type SocketConstructor = new (url: string, protocols: string[]) => Socket

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
  close(): void
}
export type OpenLink = (events: LinkEvents) => Link

const FIRST_PAUSE_MS = 250
const MAX_PAUSE_MS = 10_000
const GREETING_MS = 10_000
/** A frame that the workspace fails at without a reason is not sent more often than this. */
const MAX_TRIES = 5
const PASSING: readonly string[] = ['overloaded', 'rate_limited', 'unexpected']
const DONE = 1000
const ABNORMAL = 1006
const MALFORMED_HELLO = 4400

interface Waiting {
  readonly frame: number
  readonly items: string
  n: number
  text: string
  tries: number
}

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
  readonly #waiting: Waiting[] = []
  #socket: Socket | undefined
  #session: string | undefined
  #lastNumber = 0
  #sent = 0
  #window = 0
  #attempts = 0
  #heardAt = 0
  #over = false
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
    this.#waiting.push({ frame, items, n: 0, text: '', tries: 0 })
    this.#pump()
  }

  close(): void {
    if (this.#over) return
    this.#over = true
    this.#stopTimer()
    this.#socket?.close(DONE)
  }

  connect(): void {
    const protocols = ['flowcell', ...(this.#options.token === undefined ? [] : [`token.${this.#options.token}`])]
    const Socket = this.#options.socket ?? platformSocket()
    const socket = new Socket(`${this.#options.apiUrl.replace(/^http/, 'ws').replace(/\/+$/, '')}/live`, protocols)
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
    if (data === 'pong') return
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
    if (!resumed) this.#beginSession(welcome.session)
    this.#sent = 0
    this.#window = Math.min(MAX_FRAMES_IN_FLIGHT, welcome.limits.frames_in_flight)
    this.#attempts = 0
    this.#stopTimer()
    this.#pingEvery(welcome.ping_seconds * 1_000)
    this.#events.welcome(welcome, resumed)
    this.#pump()
  }

  #beginSession(session: string): void {
    this.#session = session
    this.#lastNumber = 0
    for (const waiting of this.#waiting) waiting.n = 0
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
    for (; this.#sent < Math.min(this.#window, this.#waiting.length); this.#sent++) {
      const next = this.#waiting[this.#sent]
      if (next === undefined) return
      if (next.n === 0) {
        next.n = ++this.#lastNumber
        next.text = `{"type":"frame","n":${next.n},"items":${next.items}}`
      }
      this.#socket?.send(next.text)
    }
  }

  #acked({ n, answers }: Ack): void {
    const acked = this.#remove(n)
    if (acked === undefined) return // answered before the socket was lost, and again after
    this.#events.acked(acked.frame, answers)
    this.#pump()
  }

  #problem({ n, code, detail }: FrameProblem): void {
    const bad = n === null ? undefined : this.#waiting.find((waiting) => waiting.n === n)
    if (bad === undefined) {
      this.#isTroublePassing = PASSING.includes(code)
      return this.#events.trouble({ code, detail })
    }
    if (PASSING.includes(code) && ++bad.tries < MAX_TRIES) return this.#drop(detail)
    this.#remove(bad.n)
    this.#events.refused(bad.frame, { code, detail })
    this.#pump()
  }

  #remove(n: number): Waiting | undefined {
    const index = this.#waiting.findIndex((waiting) => waiting.n === n)
    if (index < 0 || index >= this.#sent) return undefined
    this.#sent--
    return this.#waiting.splice(index, 1)[0]
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
    this.#socket = undefined
    this.#window = 0
    this.#isTroublePassing = false
    this.#stopTimer()
    const failure = closeFailure(this.#options.apiUrl, code, reason)
    if (failure.final) return this.#end(failure)
    this.#events.lost(failure)
    void this.#comeBack()
  }

  async #comeBack(): Promise<void> {
    const reason = await this.#options.probe?.()
    if (this.#over) return
    if (reason !== undefined && (this.#session === undefined || reason.onlyAtFirst !== true)) return this.#end(reason)
    const pause = this.#clock.random() * Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#attempts)
    this.#attempts = Math.min(this.#attempts + 1, 16)
    this.#stopTimer = this.#clock.after(pause, () => this.connect())
  }

  #end(failure: Failure): void {
    this.#over = true
    this.#events.closed(failure)
  }
}

function readDown(data: unknown): DownFrame | undefined {
  if (typeof data !== 'string') return undefined
  try {
    const value: unknown = JSON.parse(data)
    // The protocol's version was agreed on in the greeting; the type tells which shape it is.
    return typeof value === 'object' && value !== null && 'type' in value && DOWN.has(value.type) ? (value as DownFrame) : undefined
  } catch {
    return undefined // no JSON: told as a frame that is not known
  }
}

const DOWN: ReadonlySet<unknown> = new Set<DownFrame['type']>(['welcome', 'ack', 'problem', 'cancel', 'lost', 'event', 'reset'])

function platformSocket(): SocketConstructor {
  const constructor: unknown = globalThis.WebSocket
  if (typeof constructor !== 'function') throw new Error('There is no WebSocket here. Flowcell needs Node 22 or newer, or a browser.')
  // Browsers, Node and workerd agree on what we use of it; their typings do not.
  return constructor as SocketConstructor
}

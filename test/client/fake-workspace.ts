/** A workspace at the other end of a fake socket, and a clock that only goes when told. */
import type { Hello, Item, ItemAnswer, Welcome } from '#sdk/protocol/frames.ts'
import { CLOSE_CODES } from '#sdk/protocol/wire.ts'
import { SessionId } from '#sdk/protocol/ids.ts'
import type { LiveClock } from '#sdk/client/clock.ts'
import type { Socket, SocketConstructor } from '#sdk/client/socket.ts'

export class FakeClock implements LiveClock {
  time = 0
  chance = 0.5
  #timers: { readonly at: number; readonly callback: () => void }[] = []
  readonly #soon: (() => void)[] = []

  now = (): number => this.time
  random = (): number => this.chance
  soon = (callback: () => void): void => void this.#soon.push(callback)
  after = (ms: number, callback: () => void): (() => void) => {
    const timer = { at: this.time + ms, callback }
    this.#timers.push(timer)
    return () => void (this.#timers = this.#timers.filter((other) => other !== timer))
  }

  /** Lets everything happen that is due until `ms` from now. */
  async pass(ms = 0): Promise<void> {
    const until = this.time + ms
    for (;;) {
      await settle()
      const soon = this.#soon.shift()
      if (soon !== undefined) {
        soon()
        continue
      }
      const next = this.#timers.filter(({ at }) => at <= until).sort((left, right) => left.at - right.at)[0]
      if (next === undefined) break
      this.#timers = this.#timers.filter((other) => other !== next)
      this.time = Math.max(this.time, next.at)
      next.callback()
    }
    this.time = until
  }
}

/** Promises that are settled have told everybody. */
async function settle(): Promise<void> {
  for (let turns = 0; turns < 20; turns++) await Promise.resolve()
}

type Listener = (event: { data?: unknown; code?: number; reason?: string }) => void

/** One socket as the workspace sees it. */
export class FakeSocket implements Socket {
  readonly url: string
  readonly protocols: readonly string[]
  readonly received: string[] = []
  readonly #listeners = new Map<string, Listener[]>()
  isClosed = false
  onText: (text: string) => void = () => undefined

  constructor(url: string, protocols: string[]) {
    this.url = url
    this.protocols = protocols
  }
  addEventListener(type: string, listener: Listener): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener])
  }
  send(text: string): void {
    if (this.isClosed) return
    this.received.push(text)
    this.onText(text)
  }
  close(): void {
    this.isClosed = true
  }
  emit(type: string, event: Parameters<Listener>[0] = {}): void {
    for (const listener of this.#listeners.get(type) ?? []) listener(event)
  }
  open(): void {
    this.emit('open')
  }
  say(frame: unknown): void {
    this.emit('message', { data: typeof frame === 'string' ? frame : JSON.stringify(frame) })
  }
  lose(code = 1006, reason = ''): void {
    this.isClosed = true
    this.emit('close', { code, reason })
  }
  /** The frames that came up, parsed, without greeting and pings. */
  get frames(): { readonly n: number; readonly items: readonly Item[] }[] {
    return this.received
      .filter((text) => text !== 'ping')
      .map((text) => JSON.parse(text))
      .filter(({ type }) => type === 'frame')
  }
  get hello(): Hello | undefined {
    return this.received
      .filter((text) => text !== 'ping')
      .map((text) => JSON.parse(text))
      .find(({ type }) => type === 'hello')
  }
}

export const SESSION = SessionId.parse('0198c0de-0000-7000-8000-00000000aaaa')
export const OTHER_SESSION = SessionId.parse('0198c0de-0000-7000-8000-00000000bbbb')

export const welcome = (session = SESSION, limits: Partial<Welcome['limits']> = {}): Welcome => ({
  type: 'welcome',
  protocol: 1,
  session,
  role: 'owner',
  boot: 'boot-1',
  now: 0,
  ping_seconds: 10,
  lease_seconds: 30,
  limits: { frame_bytes: 1024 * 1024, frames_in_flight: 8, frame_items: 2_000, ...limits },
})

/** All sockets that a link opens, in order; each waits to be opened by the test. */
export function fakeSockets(): {
  readonly sockets: FakeSocket[]
  readonly constructor: SocketConstructor
  readonly last: () => FakeSocket
} {
  const sockets: FakeSocket[] = []
  class Opened extends FakeSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols)
      sockets.push(this)
    }
  }
  const last = (): FakeSocket => {
    const socket = sockets.at(-1)
    if (socket === undefined) throw new Error('no socket was opened')
    return socket
  }
  return { sockets, constructor: Opened, last }
}

export const FINAL_CODES = [
  CLOSE_CODES.malformed_hello,
  CLOSE_CODES.unauthenticated,
  CLOSE_CODES.forbidden,
  CLOSE_CODES.no_such_workspace,
  CLOSE_CODES.protocol_mismatch,
  CLOSE_CODES.revoked,
] as const

export const done: ItemAnswer = { type: 'done' }

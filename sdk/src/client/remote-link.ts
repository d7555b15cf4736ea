/**
 * A link whose socket is held elsewhere, by another thread or another page: what both sides say to each other, as plain data. How it gets across
 * is the host's.
 */
import type { Ack, Cancel, Event, Lost, Reset, Welcome } from '../protocol/frames.ts'
import type { Failure } from './failures.ts'
import type { Link, LinkEvents } from './link.ts'

/** What is asked of the side that holds the socket. */
export type LinkOrder =
  | { readonly type: 'send'; readonly frame: number; readonly items: string }
  | { readonly type: 'hurry' }
  | { readonly type: 'close' }

/** What it tells: each is a call of {@link LinkEvents}. */
export type LinkEvent =
  | { readonly type: 'welcome'; readonly welcome: Welcome; readonly resumed: boolean }
  | { readonly type: 'acked'; readonly frame: number; readonly answers: Ack['answers'] }
  | { readonly type: 'refused'; readonly frame: number; readonly failure: Failure }
  | { readonly type: 'down'; readonly frame: Cancel | Lost | Event | Reset }
  | { readonly type: 'lost' | 'trouble' | 'closed'; readonly failure: Failure }

/** Where the socket is: calls become what `say` hands over. */
export function sayEvents(say: (event: LinkEvent) => void): LinkEvents {
  return {
    welcome: (welcome, resumed) => say({ type: 'welcome', welcome, resumed }),
    acked: (frame, answers) => say({ type: 'acked', frame, answers }),
    refused: (frame, failure) => say({ type: 'refused', frame, failure }),
    down: (frame) => say({ type: 'down', frame }),
    lost: (failure) => say({ type: 'lost', failure }),
    trouble: (failure) => say({ type: 'trouble', failure }),
    closed: (failure) => say({ type: 'closed', failure }),
  }
}

/** Where the socket is: does what the other side asks for. */
export function obeyOrder(link: Link, order: LinkOrder): void {
  switch (order.type) {
    case 'send':
      return link.send(order.frame, order.items)
    case 'hurry':
      return link.hurry?.()
    case 'close':
      return link.close()
  }
}

/** On the other side: what was handed over becomes a call again. */
export function hearEvent(events: LinkEvents, event: LinkEvent): void {
  switch (event.type) {
    case 'welcome':
      return events.welcome(event.welcome, event.resumed)
    case 'acked':
      return events.acked(event.frame, event.answers)
    case 'refused':
      return events.refused(event.frame, event.failure)
    case 'down':
      return events.down(event.frame)
    case 'lost':
    case 'trouble':
    case 'closed':
      return events[event.type](event.failure)
  }
}

/** The side that holds the socket, as the other one reaches it. */
export interface LinkHolder {
  post(order: LinkOrder): void
  /** It is over, and not by a `close` from here: nothing more is asked for. */
  leave(): void
}

/** The link of the side without the socket. It says nothing once it is over, and is over once. */
export class RemoteLink implements Link {
  readonly #holder: LinkHolder
  readonly #events: LinkEvents
  #isOver = false

  constructor(holder: LinkHolder, events: LinkEvents) {
    this.#holder = holder
    this.#events = events
  }

  get isOver(): boolean {
    return this.#isOver
  }

  send(frame: number, items: string): void {
    if (!this.#isOver) this.#holder.post({ type: 'send', frame, items })
  }

  hurry(): void {
    if (!this.#isOver) this.#holder.post({ type: 'hurry' })
  }

  close(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#holder.post({ type: 'close' })
  }

  hear(event: LinkEvent): void {
    if (event.type === 'closed') this.end(event.failure)
    else if (!this.#isOver) hearEvent(this.#events, event)
  }

  /** The holder has ended, or says that the link has. */
  end(failure: Failure): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#holder.leave()
    this.#events.closed(failure)
  }
}

/**
 * The frames of one session that the workspace has not answered, oldest first. Pure: no socket, no timers.
 *
 * 1. A frame gets its number when it is first sent and keeps number and bytes until it is answered; a new session counts from 1 again. Only
 *    after a frame was refused or taken apart the others are counted anew from it on, and then on a new socket only.
 * 2. A frame that is taken apart goes item by item and is answered as one, once every item has its answer.
 * 3. While a frame is suspected of being the one that cannot be read, it goes alone.
 */
import type { ItemAnswer } from '../protocol/frames.ts'
import type { Failure } from './failures.ts'
import { splitItems } from './split-items.ts'

/** The answers to a frame that goes item by item. */
interface Whole {
  readonly answers: ItemAnswer[]
  missing: number
}
export interface Unanswered {
  readonly frame: number
  readonly items: string
  readonly part?: { readonly whole: Whole; readonly index: number }
  /** 0 until it is sent. */
  n: number
  /** How often the workspace failed at it. */
  failures: number
  isSuspect: boolean
}
export type Answered =
  | { readonly frame: number; readonly answers: readonly ItemAnswer[] }
  | { readonly frame: number; readonly refusal: Failure }

export class FrameQueue {
  #queue: Unanswered[] = []
  /** So many, from the head, went over this socket. */
  #sent = 0
  #lastNumber = 0

  get inFlight(): number {
    return this.#sent
  }

  push(frame: number, items: string): void {
    this.#queue.push({ frame, items, n: 0, failures: 0, isSuspect: false })
  }

  beginSession(): void {
    this.#countAnew(0)
  }

  /** Nothing has gone over the new socket. */
  beginSocket(): void {
    this.#sent = 0
  }

  /** The text of the next frame, when so many may be unanswered. */
  next(window: number): string | undefined {
    const limit = this.#queue[0]?.isSuspect === true ? Math.min(1, window) : window
    const next = this.#sent < limit ? this.#queue[this.#sent] : undefined
    if (next === undefined) return undefined
    if (next.n === 0) next.n = ++this.#lastNumber
    this.#sent++
    return `{"type":"frame","n":${next.n},"items":${next.items}}`
  }

  /** The frame of this number that is on its way. */
  find(n: number): Unanswered | undefined {
    return this.#queue.slice(0, this.#sent).find((waiting) => waiting.n === n)
  }

  /** The frame that a complaint without a number must mean; undefined when there are several. */
  get only(): Unanswered | undefined {
    return this.#sent === 1 ? this.#queue[0] : undefined
  }

  suspectAll(): void {
    for (const waiting of this.#queue.slice(0, this.#sent)) waiting.isSuspect = true
  }

  /** Undefined when nobody waits for it, or more answers are missing. */
  answer(n: number, answers: readonly ItemAnswer[]): Answered | undefined {
    const waiting = this.find(n)
    if (waiting === undefined) return undefined // answered before the socket was lost, and again after
    this.#replace(waiting, [])
    return waiting.part === undefined ? { frame: waiting.frame, answers } : settlePart(waiting, answers[0])
  }

  /** Gives a frame up; needs a new socket. Undefined when more answers of its whole are missing. */
  refuse(waiting: Unanswered, refusal: Failure): Answered | undefined {
    this.#replace(waiting, [])
    this.#countAnew(waiting.n - 1)
    return waiting.part === undefined ? { frame: waiting.frame, refusal } : settlePart(waiting, { type: 'refused', ...refusal })
  }

  /** Puts its items in its place; needs a new socket. False when there is only one. */
  takeApart(waiting: Unanswered): boolean {
    const items = splitItems(waiting.items)
    if (items.length < 2) return false
    const whole: Whole = { answers: [], missing: items.length }
    const { frame } = waiting
    const parts = items.map((item, index): Unanswered => {
      return { frame, items: `[${item}]`, part: { whole, index }, n: 0, failures: 0, isSuspect: true }
    })
    this.#replace(waiting, parts)
    this.#countAnew(waiting.n - 1)
    return true
  }

  #replace(waiting: Unanswered, others: readonly Unanswered[]): void {
    this.#queue.splice(this.#queue.indexOf(waiting), 1, ...others)
    this.#sent--
  }

  #countAnew(last: number): void {
    this.#lastNumber = last
    for (const waiting of this.#queue) if (waiting.n > last) waiting.n = 0
  }
}

function settlePart({ frame, part }: Unanswered, answer: ItemAnswer | undefined): Answered | undefined {
  if (part === undefined) return undefined
  const { whole, index } = part
  whole.answers[index] = answer ?? { type: 'refused', code: 'unexpected_answer', detail: 'The workspace did not answer an item.' }
  return --whole.missing === 0 ? { frame, answers: whole.answers } : undefined
}

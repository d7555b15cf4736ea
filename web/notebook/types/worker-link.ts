/**
 * The page's end of the types Worker: questions out, answers in, and what happens when it stops.
 *
 * 1. Every question settles: with an answer, or with undefined when it was dropped, failed, or the Worker is gone.
 * 2. A Worker that breaks or does not answer in time is replaced once; after the second time it stays off.
 */
import { TYPES_ANSWER_MS } from '#sdk/protocol/limits.ts'
import type { FromTypes, Question, ToTypes } from './types-protocol.ts'

export interface TypesWorker {
  postMessage(message: ToTypes): void
  addEventListener(type: 'message', listener: (event: { readonly data: FromTypes }) => void): void
  addEventListener(type: 'error', listener: (event: { readonly message?: string }) => void): void
  terminate(): void
}

export interface WorkerEvents {
  /** It has loaded and answers from now on. */
  ready(): void
  /** There is a new one: it knows no cells. */
  started(): void
  /** A fault of the language service's took a question; the next one may have an answer. */
  failed(message: string): void
  /** It stays off. */
  off(): void
}

const MOST_STARTS = 2

export class WorkerLink {
  readonly #make: () => TypesWorker
  readonly #events: WorkerEvents
  readonly #asked = new Map<
    number,
    { readonly settle: (result: unknown) => void; readonly timer: ReturnType<typeof setTimeout> | undefined }
  >()
  #worker: TypesWorker | undefined
  #isReady = false
  #starts = 0
  #nextId = 1

  constructor(make: () => TypesWorker, events: WorkerEvents) {
    this.#make = make
    this.#events = events
  }

  get isRunning(): boolean {
    return this.#worker !== undefined
  }

  start(): void {
    if (this.#worker !== undefined) return
    this.#starts += 1
    this.#isReady = false
    const worker = this.#make()
    this.#worker = worker
    worker.addEventListener('message', ({ data }) => {
      if (this.#worker === worker) this.#heard(data)
    })
    worker.addEventListener('error', () => {
      if (this.#worker === worker) this.#broke()
    })
    this.#events.started()
  }

  tellCells(message: Extract<ToTypes, { readonly type: 'cells' }>): void {
    this.#worker?.postMessage(message)
  }

  /** Answers the result as it came, or undefined. `drop` tells that nobody waits any more. */
  ask(question: Question): { readonly result: Promise<unknown>; readonly drop: () => void } {
    const worker = this.#worker
    if (worker === undefined) return { result: Promise.resolve(undefined), drop: () => undefined }
    const id = this.#nextId++
    const result = new Promise<unknown>((settle) => {
      this.#asked.set(id, { settle, timer: this.#isReady ? this.#watch() : undefined })
      worker.postMessage({ type: 'ask', id, ...question })
    })
    const drop = (): void => {
      if (!this.#settle(id, undefined)) return
      if (this.#worker === worker) worker.postMessage({ type: 'drop', id })
    }
    return { result, drop }
  }

  /** Ends it; `start` begins with a new one. */
  stop(): void {
    this.#worker?.terminate()
    this.#worker = undefined
    for (const id of this.#asked.keys()) this.#settle(id, undefined)
  }

  #heard(message: FromTypes): void {
    switch (message.type) {
      case 'ready':
        this.#isReady = true
        for (const [id, asked] of this.#asked) this.#asked.set(id, { settle: asked.settle, timer: this.#watch() })
        return this.#events.ready()
      case 'answer':
        return void this.#settle(message.id, message.result)
      case 'failed':
        this.#events.failed(message.message)
        return void this.#settle(message.id, undefined)
    }
  }

  #watch(): ReturnType<typeof setTimeout> {
    return setTimeout(() => this.#broke(), TYPES_ANSWER_MS)
  }

  #settle(id: number, result: unknown): boolean {
    const asked = this.#asked.get(id)
    if (asked === undefined) return false
    clearTimeout(asked.timer)
    this.#asked.delete(id)
    asked.settle(result)
    return true
  }

  #broke(): void {
    this.stop()
    if (this.#starts < MOST_STARTS) this.start()
    else this.#events.off()
  }
}

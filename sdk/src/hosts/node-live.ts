/**
 * The main thread's side of the live socket: a link whose socket lives in a thread of its own.
 *
 * 1. The thread keeps the process alive until the first greeting and while something waits or is on its way, and not a moment longer.
 * 2. A thread that cannot start or dies ends the link with a sentence.
 */
import { Worker } from 'node:worker_threads'
import type { Ack, Cancel, Event, Hello, Lost, Reset, Welcome } from '../protocol/frames.ts'
import type { Failure } from '../client/failures.ts'
import type { Link, LinkEvents, OpenLink } from '../client/link.ts'

export interface ThreadSetup {
  readonly apiUrl: string
  readonly token: string | undefined
  readonly hello: Omit<Hello, 'type' | 'session'>
  readonly settled: SharedArrayBuffer
}
export type ToThread = { readonly type: 'send'; readonly frame: number; readonly items: string } | { readonly type: 'close' }
export type ToMain =
  | { readonly type: 'welcome'; readonly welcome: Welcome; readonly resumed: boolean }
  | { readonly type: 'acked'; readonly frame: number; readonly answers: Ack['answers'] }
  | { readonly type: 'refused'; readonly frame: number; readonly failure: Failure }
  | { readonly type: 'down'; readonly frame: Cancel | Lost | Event | Reset }
  | { readonly type: 'lost'; readonly failure: Failure }
  | { readonly type: 'trouble'; readonly failure: Failure }
  | { readonly type: 'closed'; readonly failure: Failure }

export interface ThreadLink {
  readonly open: OpenLink
  /** Blocks this thread until everything that was handed over is durable, or the time is up. Answers which. */
  waitSettled(timeoutMs: number): boolean
}

/** The compiled package has `.js` where the source has `.ts`. */
const SCRIPT = new URL(`./node-live-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)

export function threadLink(setup: Omit<ThreadSetup, 'settled'>): ThreadLink {
  const settled = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)
  const counter = new Int32Array(settled)
  let handedOver = 0
  return {
    open: (events) => new WorkerLink({ ...setup, settled }, events, () => handedOver++),
    waitSettled: (timeoutMs) => {
      const until = performance.now() + timeoutMs
      for (;;) {
        const now = Atomics.load(counter, 0)
        if (now >= handedOver) return true
        const left = until - performance.now()
        if (left <= 0 || Atomics.wait(counter, 0, now, left) === 'timed-out') return false
      }
    },
  }
}

class WorkerLink implements Link {
  readonly #worker: Worker
  readonly #events: LinkEvents
  readonly #count: () => void
  #isGreeted = false
  #isHeld = false
  #isOver = false

  constructor(setup: ThreadSetup, events: LinkEvents, count: () => void) {
    this.#events = events
    this.#count = count
    // Without the process's own flags: a loader or a watcher of the user is no business of this thread.
    this.#worker = new Worker(SCRIPT, { name: 'flowcell-live', workerData: setup, execArgv: [], stdout: false, stderr: false })
    this.#worker.on('message', (message: ToMain) => this.#hear(message))
    this.#worker.on('error', (error) => this.#died(String(error)))
    this.#worker.on('exit', (code) => this.#died(`it exited with ${code}`))
  }

  send(frame: number, items: string): void {
    if (this.#isOver) return
    this.#count()
    this.#post({ type: 'send', frame, items })
  }

  hold(isNeeded: boolean): void {
    this.#isHeld = isNeeded
    if (isNeeded || !this.#isGreeted) this.#worker.ref()
    else this.#worker.unref()
  }

  close(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#worker.unref()
    this.#post({ type: 'close' })
  }

  #post(message: ToThread): void {
    this.#worker.postMessage(message)
  }

  #hear(message: ToMain): void {
    if (this.#isOver) return
    switch (message.type) {
      case 'welcome':
        this.#isGreeted = true
        this.hold(this.#isHeld)
        return this.#events.welcome(message.welcome, message.resumed)
      case 'acked':
        return this.#events.acked(message.frame, message.answers)
      case 'refused':
        return this.#events.refused(message.frame, message.failure)
      case 'down':
        return this.#events.down(message.frame)
      case 'lost':
        return this.#events.lost(message.failure)
      case 'trouble':
        return this.#events.trouble(message.failure)
      case 'closed':
        return this.#end(message.failure)
    }
  }

  #died(why: string): void {
    this.#end({ code: 'unexpected', detail: `The thread that holds the connection to the workspace ended: ${why}` })
  }

  #end(failure: Failure): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#worker.unref()
    this.#post({ type: 'close' })
    this.#events.closed(failure)
  }
}

/**
 * The main thread's side of the live socket: a link whose socket lives in a thread of its own.
 *
 * 1. The thread keeps the process alive until the first greeting and while something waits or is on its way, and not a moment longer.
 * 2. A thread that cannot start or dies ends the link with a sentence.
 */
import { Worker } from 'node:worker_threads'
import type { Failure } from '../client/failures.ts'
import type { Link, LinkEvents, OpenLink } from '../client/link.ts'
import { SharedProgress, type ThreadSetup, type ToMain, type ToThread } from './shared-progress.ts'

export interface ThreadLink {
  readonly open: OpenLink
  /** Blocks this thread until everything that was handed over is durable, or the time is up. Answers which. */
  waitSettled(timeoutMs: number): boolean
}

/** The compiled package has `.js` where the source has `.ts`. */
const SCRIPT = new URL(`./node-live-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)

export function threadLink(setup: Omit<ThreadSetup, 'shared'>): ThreadLink {
  const progress = new SharedProgress()
  return {
    open: (events) => new WorkerLink(setup, events, progress),
    waitSettled: (timeoutMs) => progress.waitSettled(timeoutMs),
  }
}

class WorkerLink implements Link {
  readonly #worker: Worker
  readonly #events: LinkEvents
  readonly #progress: SharedProgress
  #isGreeted = false
  #isHeld = false
  #isOver = false

  constructor(setup: Omit<ThreadSetup, 'shared'>, events: LinkEvents, progress: SharedProgress) {
    this.#events = events
    this.#progress = progress
    const workerData: ThreadSetup = { ...setup, shared: progress.memory }
    // Without the process's own flags: a loader or a watcher of the user is no business of this thread.
    this.#worker = new Worker(SCRIPT, { name: 'flowcell-live', workerData, execArgv: [], stdout: false, stderr: false })
    this.#worker.on('message', (message: ToMain) => this.#hear(message))
    this.#worker.on('error', (error) => this.#died(String(error)))
    this.#worker.on('exit', (code) => this.#died(`it exited with ${code}`))
  }

  send(frame: number, items: string): void {
    if (this.#isOver) return
    this.#progress.handOver()
    this.#post({ type: 'send', frame, items })
  }

  isUp(): boolean {
    return this.#progress.isUp
  }

  hasRoom(): boolean {
    return !this.#isOver && this.#progress.waitForRoom()
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

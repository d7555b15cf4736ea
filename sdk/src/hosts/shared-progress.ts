/**
 * What the main thread and the thread of the live socket share beside their messages: with what the thread begins, and a little memory that a
 * main thread without a turn of its event loop can read and wait on.
 */
import type { Hello } from '../protocol/frames.ts'

export interface ThreadSetup {
  readonly apiUrl: string
  readonly token: string | undefined
  readonly hello: Omit<Hello, 'type' | 'session'>
  /** See {@link SharedProgress}. */
  readonly shared: SharedArrayBuffer
}

/** Cells of the shared memory: how many frames need no more care, and 1 while there is a connection. */
export const SETTLED = 0
export const UP = 1
/** Frames of log lines that the thread is given ahead of the answers: 8 MiB of full segments. */
const MAX_FRAMES_AHEAD = 32
/** So long a flow that logs is held up by a workspace that is there and takes nothing; then its lines wait here, and in the end are dropped. */
const MAX_HOLD_UP_MS = 2_000

/** The main thread's side of the shared memory. */
export class SharedProgress {
  readonly memory = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)
  readonly #cells = new Int32Array(this.memory)
  #handedOver = 0
  /** What was settled when waiting was last in vain. */
  #stuckAt = -1

  handOver(): void {
    this.#handedOver++
  }

  get isUp(): boolean {
    return Atomics.load(this.#cells, UP) === 1
  }

  /** Blocks this thread until everything that was handed over is durable, or the time is up. Answers which. */
  waitSettled(timeoutMs: number): boolean {
    return this.#wait(timeoutMs, (settled) => settled >= this.#handedOver)
  }

  /** Whether another frame of log lines may be handed over. Blocks this thread while the workspace takes what it has: that is its pace. */
  waitForRoom(): boolean {
    const hasRoom = (settled: number): boolean => !this.isUp || this.#handedOver - settled < MAX_FRAMES_AHEAD
    const patience = Atomics.load(this.#cells, SETTLED) === this.#stuckAt ? 0 : MAX_HOLD_UP_MS
    if (this.#wait(patience, hasRoom)) return this.isUp
    this.#stuckAt = Atomics.load(this.#cells, SETTLED)
    return false
  }

  #wait(timeoutMs: number, holds: (settled: number) => boolean): boolean {
    const until = performance.now() + timeoutMs
    for (;;) {
      const settled = Atomics.load(this.#cells, SETTLED)
      if (holds(settled)) return true
      const left = until - performance.now()
      if (left <= 0 || Atomics.wait(this.#cells, SETTLED, settled, left) === 'timed-out') return false
    }
  }
}

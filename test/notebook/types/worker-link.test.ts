/** The page's end of the types Worker: every question settles, and what breaks is begun anew once. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { TYPES_ANSWER_MS } from '#sdk/protocol/limits.ts'
import { WorkerLink, type TypesWorker } from '../../../web/notebook/types/worker-link.ts'
import type { FromTypes, ToTypes } from '../../../web/notebook/types/types-protocol.ts'

/** A Worker whose other end is the test. */
class Bench implements TypesWorker {
  readonly sent: ToTypes[] = []
  isEnded = false
  readonly #message: ((event: { readonly data: FromTypes }) => void)[] = []
  readonly #error: ((event: { readonly message?: string }) => void)[] = []

  postMessage(message: ToTypes): void {
    this.sent.push(message)
  }
  addEventListener(type: 'message' | 'error', listener: (event: never) => void): void {
    if (type === 'message') this.#message.push(listener as (event: { readonly data: FromTypes }) => void)
    else this.#error.push(listener as (event: { readonly message?: string }) => void)
  }
  terminate(): void {
    this.isEnded = true
  }
  say(data: FromTypes): void {
    for (const listener of this.#message) listener({ data })
  }
  break(): void {
    for (const listener of this.#error) listener({})
  }
}

const HOVER = { method: 'hover', cell: 'a', params: { at: 1 } } as const

describe('the link to the types Worker', () => {
  let workers: Bench[] = []
  let events: string[] = []
  let link = new WorkerLink(() => new Bench(), {
    ready: () => undefined,
    started: () => undefined,
    failed: () => undefined,
    off: () => undefined,
  })

  beforeEach(() => {
    vi.useFakeTimers()
    workers = []
    events = []
    link = new WorkerLink(
      () => {
        const worker = new Bench()
        workers.push(worker)
        return worker
      },
      {
        ready: () => events.push('ready'),
        started: () => events.push('started'),
        failed: (message) => events.push(message),
        off: () => events.push('off'),
      },
    )
  })
  afterEach(() => vi.useRealTimers())

  test('[TY52] an answer settles its own question, in whatever order', async () => {
    link.start()
    const first = link.ask(HOVER)
    const second = link.ask(HOVER)
    workers[0]?.say({ type: 'ready' })
    workers[0]?.say({ type: 'answer', id: 2, result: [] })
    workers[0]?.say({ type: 'answer', id: 1, result: null })
    expect([await first.result, await second.result, events]).toEqual([null, [], ['started', 'ready']])
  })

  test('[TY53] what is dropped settles with nothing, the Worker is told, and its late answer is nobody’s', async () => {
    link.start()
    const { result, drop } = link.ask(HOVER)
    drop()
    drop()
    workers[0]?.say({ type: 'answer', id: 1, result: null })
    expect([await result, workers[0]?.sent]).toEqual([
      undefined,
      [
        { type: 'ask', id: 1, ...HOVER },
        { type: 'drop', id: 1 },
      ],
    ])
  })

  test('[TY54] a Worker that breaks is begun anew once; its questions settle with nothing; after the second time it stays off', async () => {
    link.start()
    const lost = link.ask(HOVER)
    workers[0]?.break()
    const again = link.ask(HOVER)
    workers[1]?.break()
    expect([await lost.result, await again.result]).toEqual([undefined, undefined])
    expect([events, workers.map(({ isEnded }) => isEnded), link.isRunning]).toEqual([['started', 'started', 'off'], [true, true], false])
    expect(await link.ask(HOVER).result).toBe(undefined)
  })

  test('[TY55] a question without an answer in time begins it anew; the time of loading does not count', async () => {
    link.start()
    const { result } = link.ask(HOVER)
    vi.advanceTimersByTime(TYPES_ANSWER_MS * 10)
    expect(workers.length).toBe(1)
    workers[0]?.say({ type: 'ready' })
    vi.advanceTimersByTime(TYPES_ANSWER_MS - 1)
    expect(workers.length).toBe(1)
    vi.advanceTimersByTime(1)
    expect([await result, workers.length, events]).toEqual([undefined, 2, ['started', 'ready', 'started']])
  })

  test('[TY57] a fault takes one question, is told, and leaves the Worker as it is', async () => {
    link.start()
    const { result } = link.ask(HOVER)
    workers[0]?.say({ type: 'failed', id: 1, message: 'Debug Failure' })
    expect([await result, events, link.isRunning]).toEqual([undefined, ['started', 'Debug Failure'], true])
  })

  test('[TY56] what a Worker says that is ended is not heard', async () => {
    link.start()
    workers[0]?.break()
    const { result } = link.ask(HOVER)
    workers[0]?.say({ type: 'answer', id: 1, result: [] })
    workers[1]?.say({ type: 'answer', id: 1, result: null })
    expect(await result).toBe(null)
  })
})

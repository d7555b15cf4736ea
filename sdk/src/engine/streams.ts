/** Generators: their values go out as they come, one at a time, and never faster than they are asked for. */
import type { Outcome } from './run-state.ts'

type Step = <R>(step: () => R) => R
type AnyIterator = Iterator<unknown, unknown, unknown> | AsyncIterator<unknown, unknown, unknown>
/** Runs a generator to its end; each of its steps in its own context. */
export type Drive = (iterator: AnyIterator, inContext: Step) => Promise<unknown>

export function isIterator(value: unknown): value is AnyIterator {
  return typeof value === 'object' && value !== null && 'next' in value && typeof value.next === 'function'
}

/** All values as a list, for those who cannot take them one by one. */
export const collect: Drive = async (iterator, inContext) => {
  const values: unknown[] = []
  for (;;) {
    const { done, value } = await inContext(() => iterator.next())
    if (done === true) return values
    values.push(value)
  }
}

interface Open {
  /** Ends a stream whose reader has gone. */
  readonly streams: Set<() => void>
}

/**
 * What a generator flow or task answers. The run begins at the first `next()`, and ends when the generator does, or when the reader stops.
 * A retry begins the generator again, so its first values come again.
 */
export async function* stream(
  start: (drive: Drive) => Promise<Outcome>,
  open: Open | undefined,
): AsyncGenerator<unknown, unknown, unknown> {
  const channel = new Channel()
  const cancel = () => channel.cancel()
  open?.streams.add(cancel)
  const ended = start(channel.drive).then((outcome) => channel.end(outcome))
  try {
    for (;;) {
      const item = await channel.take()
      if (item.kind === 'end') {
        if (item.outcome.ok) return item.outcome.value
        throw item.outcome.error
      }
      channel.reply(yield item.value)
    }
  } finally {
    cancel()
    open?.streams.delete(cancel)
    await ended
  }
}

type Item = { readonly kind: 'value'; readonly value: unknown } | { readonly kind: 'end'; readonly outcome: Outcome }

/** Passes one value at a time from the generator to its reader, and the reader's answer back. */
class Channel {
  #item: Item | undefined
  #taken: ((item: Item) => void) | undefined
  #answered: ((sent: unknown) => void) | undefined
  #isCancelled = false

  readonly drive: Drive = async (iterator, inContext) => {
    let sent: unknown
    for (;;) {
      const step = await inContext(() => iterator.next(sent))
      if (step.done === true) return step.value
      const answer = new Promise<unknown>((answered) => (this.#answered = answered))
      this.#put({ kind: 'value', value: step.value })
      if (!this.#isCancelled) sent = await answer
      if (this.#isCancelled) {
        await inContext(() => iterator.return?.())
        return undefined
      }
    }
  }

  #put(item: Item): void {
    const taken = this.#taken
    this.#taken = undefined
    if (taken === undefined) this.#item = item
    else taken(item)
  }

  take(): Promise<Item> {
    const item = this.#item
    this.#item = undefined
    return item === undefined ? new Promise((taken) => (this.#taken = taken)) : Promise.resolve(item)
  }
  reply(sent: unknown): void {
    this.#answered?.(sent)
  }
  end(outcome: Outcome): void {
    this.#put({ kind: 'end', outcome })
  }
  cancel(): void {
    this.#isCancelled = true
    this.#answered?.(undefined)
  }
}

/** `progress()`: how far work has come. Rate and time left are made by the page, from what is said here a few times a second. */
import { OptionError } from '#sdk/engine/errors.ts'
import type { ProgressBar, ProgressFunction } from '#sdk/hosts/display-face.ts'
import { optional, optionsOf } from '#sdk/hosts/input-values.ts'
import { OUTPUT_COALESCE_MS } from '#sdk/protocol/limits.ts'
import type { ProgressOutput } from '../media.ts'

export interface ProgressPorts {
  now(): number
  later(ms: number, work: () => void): void
  /** Draws it; answers how to draw it anew in the same place. */
  draw(output: ProgressOutput): (output: ProgressOutput) => void
}

export function newProgress(ports: ProgressPorts): ProgressFunction {
  const begin = (label: string, total: number | null): Bar => new Bar(ports, label, total)
  const progress = (given: unknown, options: unknown = {}): unknown => {
    const where = 'progress'
    const read = optionsOf(options, where, ['label', 'total'])
    const label = optional(read, 'label', 'string', where) ?? ''
    const total = optional(read, 'total', 'number', where)
    if (typeof given === 'number') {
      if (!(given >= 0)) throw new OptionError(where, 'progress: the total is a number of 0 or more.')
      return begin(label, Number.isFinite(given) ? given : null)
    }
    if (typeof given === 'object' && given !== null) {
      if (isAsyncIterable(given)) return overAsync(given, () => begin(label, total ?? null))
      if (isIterable(given)) return over(given, () => begin(label, total ?? sizeOf(given)))
    }
    throw new OptionError(where, 'progress: expected a number, a list or something else to go through.')
  }
  return progress as ProgressFunction // its overloads, told apart above
}

const isIterable = (value: object): value is Iterable<unknown> => Symbol.iterator in value
const isAsyncIterable = (value: object): value is AsyncIterable<unknown> => Symbol.asyncIterator in value

function sizeOf(items: object): number | null {
  if (Array.isArray(items)) return items.length
  if (items instanceof Map || items instanceof Set) return items.size
  return ArrayBuffer.isView(items) && 'length' in items && typeof items.length === 'number' ? items.length : null
}

function over<T>(items: Iterable<T>, begin: () => Bar): Iterable<T> {
  return {
    *[Symbol.iterator]() {
      const bar = begin()
      try {
        for (const item of items) {
          yield item
          bar.step()
        }
      } finally {
        bar.end()
      }
    },
  }
}

/** By hand, so that each `next` of the list is asked from where the reader stands, in its run. */
function overAsync<T>(items: AsyncIterable<T>, begin: () => Bar): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]() {
      const bar = begin()
      const inner = items[Symbol.asyncIterator]()
      let isFirst = true
      return {
        next: async () => {
          if (!isFirst) bar.step()
          isFirst = false
          const next = inner.next()
          try {
            const result = await next
            if (result.done === true) bar.end()
            return result
          } catch (error) {
            bar.end()
            throw error
          }
        },
        return: async (value?: unknown) => {
          bar.end()
          await inner.return?.(value)
          return { done: true as const, value }
        },
      }
    },
  }
}

class Bar implements ProgressBar {
  readonly #ports: ProgressPorts
  readonly #label: string
  readonly #total: number | null
  readonly #startedAt: number
  readonly #draw: (output: ProgressOutput) => void
  #value = 0
  #isDone = false
  #isTimed = false
  #drawnAt: number

  constructor(ports: ProgressPorts, label: string, total: number | null) {
    this.#ports = ports
    this.#label = label
    this.#total = total
    this.#startedAt = ports.now()
    this.#drawnAt = this.#startedAt
    this.#draw = ports.draw(this.#output())
  }

  get value(): number {
    return this.#value
  }
  step(by = 1): void {
    this.set(this.#value + by)
  }
  set(value: number): void {
    if (this.#isDone || !Number.isFinite(value)) return
    this.#value = value
    const passed = this.#ports.now() - this.#drawnAt
    if (passed >= OUTPUT_COALESCE_MS) return this.#drawNow()
    if (this.#isTimed) return
    // The last step of many in a row is seen too.
    this.#isTimed = true
    this.#ports.later(OUTPUT_COALESCE_MS - passed, () => {
      this.#isTimed = false
      if (!this.#isDone) this.#drawNow()
    })
  }
  end(): void {
    if (this.#isDone) return
    this.#isDone = true
    this.#drawNow()
  }

  #drawNow(): void {
    this.#drawnAt = this.#ports.now()
    this.#draw(this.#output())
  }

  #output(): ProgressOutput {
    return {
      label: this.#label,
      value: this.#value,
      total: this.#total,
      startedAt: this.#startedAt,
      updatedAt: this.#ports.now(),
      isDone: this.#isDone,
    }
  }
}

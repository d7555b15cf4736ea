/**
 * Changes of one text: two that did not know of each other, and two that follow one another.
 *
 * 1. Either order leads to the same text.
 * 2. What one inserts, the other never takes away: only text that its author saw is deleted.
 * 3. Where both insert at one place, the text of the change that was first stands first.
 */
import type { TextSpan } from '../protocol/notebook.ts'

export interface TextChange {
  /** Units of the text before. */
  readonly length: number
  readonly spans: readonly TextSpan[]
}

/** Units of the text after the change. */
export function lengthAfter({ length, spans }: TextChange): number {
  return length + spans.reduce((sum, { from, to, insert }) => sum + insert.length - (to - from), 0)
}

/** The change as it is after `other`. `isFirst`: of the two, this one was first. */
export function changeOver(change: TextChange, other: TextChange, isFirst: boolean): TextChange {
  const [own, others] = [new Sections(change), new Sections(other)]
  const result = new SpanBuilder()
  while (!own.isOver || !others.isOver) {
    if (own.kind === 'insert' && (isFirst || others.kind !== 'insert')) result.insert(own.takeText(own.size))
    else if (others.kind === 'insert') result.keep(others.takeText(others.size).length)
    else {
      const size = Math.min(own.size, others.size)
      const isRemoved = others.kind === 'remove'
      if (!isRemoved && own.kind === 'remove') result.remove(size)
      else if (!isRemoved) result.keep(size)
      own.skip(size)
      others.skip(size)
    }
  }
  return { length: lengthAfter(other), spans: result.done() }
}

/** One change in place of two, the second of which is of the text after the first. */
export function composeChanges(first: TextChange, second: TextChange): TextChange {
  const [one, two] = [new Sections(first), new Sections(second)]
  const result = new SpanBuilder()
  while (!one.isOver || !two.isOver) {
    if (one.kind === 'remove') {
      result.remove(one.size)
      one.skip(one.size)
    } else if (two.kind === 'insert') result.insert(two.takeText(two.size))
    else {
      const size = Math.min(one.size, two.size)
      const isKept = two.kind !== 'remove'
      if (one.kind === 'insert') {
        const text = one.takeText(size)
        if (isKept) result.insert(text)
      } else {
        if (isKept) result.keep(size)
        else result.remove(size)
        one.skip(size)
      }
      two.skip(size)
    }
  }
  return { length: first.length, spans: result.done() }
}

/**
 * Where a place of the text is after the spans. `side`: in front of text that was inserted exactly there, or behind it; a place in deleted
 * text is behind what stands there instead.
 */
export function placeAfter(place: number, spans: readonly TextSpan[], side: 'front' | 'behind'): number {
  let shift = 0
  for (const { from, to, insert } of spans) {
    if (from > place || (from === place && side === 'front')) break
    if (to > place) return from + shift + insert.length
    shift += insert.length - (to - from)
  }
  return place + shift
}

/** A change as the parts of which its text consists: kept, removed, inserted; at one place what is inserted comes first. */
class Sections {
  readonly #parts: ({ readonly kind: 'keep' | 'remove'; readonly size: number } | { readonly kind: 'insert'; readonly text: string })[] = []
  #index = 0
  /** Units of the present part that were taken. */
  #taken = 0

  constructor({ length, spans }: TextChange) {
    let at = 0
    for (const { from, to, insert } of spans) {
      if (from > at) this.#parts.push({ kind: 'keep', size: from - at })
      if (insert !== '') this.#parts.push({ kind: 'insert', text: insert })
      if (to > from) this.#parts.push({ kind: 'remove', size: to - from })
      at = to
    }
    if (length > at) this.#parts.push({ kind: 'keep', size: length - at })
  }

  get isOver(): boolean {
    return this.#index >= this.#parts.length
  }
  /** Behind the end everything is kept, whatever the other change speaks of. */
  get kind(): 'keep' | 'remove' | 'insert' {
    return this.#parts[this.#index]?.kind ?? 'keep'
  }
  get size(): number {
    const part = this.#parts[this.#index]
    if (part === undefined) return Number.POSITIVE_INFINITY
    return (part.kind === 'insert' ? part.text.length : part.size) - this.#taken
  }

  skip(size: number): void {
    const isWhole = size >= this.size
    this.#taken = isWhole ? 0 : this.#taken + size
    if (isWhole) this.#index++
  }

  takeText(size: number): string {
    const part = this.#parts[this.#index]
    const text = part?.kind === 'insert' ? part.text.slice(this.#taken, this.#taken + size) : ''
    this.skip(size)
    return text
  }
}

/** Spans in order, with kept text between any two. */
class SpanBuilder {
  readonly #spans: TextSpan[] = []
  #at = 0
  #removed = 0
  #inserted = ''

  keep(size: number): void {
    this.#close()
    this.#at += size
  }
  remove(size: number): void {
    this.#removed += size
  }
  insert(text: string): void {
    this.#inserted += text
  }

  done(): TextSpan[] {
    this.#close()
    return this.#spans
  }

  #close(): void {
    const to = this.#at + this.#removed
    if (to > this.#at || this.#inserted !== '') this.#spans.push({ from: this.#at, to, insert: this.#inserted })
    this.#at = to
    this.#removed = 0
    this.#inserted = ''
  }
}

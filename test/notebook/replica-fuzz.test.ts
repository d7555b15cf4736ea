/**
 * Many tabs over one workspace, with everything that goes wrong between them: late and lost answers, batches that arrive twice, connections
 * that are away for long, pages that are loaded again, a log that is too short.
 */
import { describe, expect, test } from 'vitest'
import { afterBatch, placeBatch } from '#sdk/notebook/place.ts'
import { NotebookReplica } from '#sdk/notebook/replica.ts'
import { applySpans } from '#sdk/notebook/text-spans.ts'
import type { ItemAnswer } from '#sdk/protocol/frames.ts'
import type { Random } from '#sdk/protocol/mint.ts'
import {
  BatchId,
  type CellId,
  type Notebook,
  type NotebookBatch,
  type NotebookOperation,
  type PlacedBatch,
} from '#sdk/protocol/notebook.ts'
import { cell, chance, id, notebook } from './documents.ts'

/** As the workspace does it, in memory. */
class Authority {
  notebook: Notebook
  readonly log: PlacedBatch[] = []
  readonly kept: number
  constructor(start: Notebook, kept: number) {
    this.notebook = start
    this.kept = kept
  }
  get version(): number {
    return this.log.length
  }
  /** The operations that it still has. */
  get tail(): readonly PlacedBatch[] {
    return this.log.slice(-this.kept)
  }
  take(batch: NotebookBatch): ItemAnswer {
    const known = this.log.find((entry) => entry.id === batch.id && entry.version > this.version - this.kept)
    if (known !== undefined) return { type: 'placed', version: known.version, refused: known.refused ?? [] }
    if (batch.base < this.version - this.kept) return { type: 'refused', code: 'too_old', detail: 'Too old.' }
    const placed = placeBatch(this.notebook, batch, this.log.slice(batch.base))
    const refused = placed.refused.map(({ index, code, detail }) => ({ index, code, detail }))
    if (placed.applied.length === 0) return { type: 'placed', version: null, refused }
    const entry = { version: this.version + 1, id: batch.id, ops: placed.applied.map(({ op }) => op), refused, session: null }
    if (JSON.stringify(afterBatch(this.notebook, entry)) !== JSON.stringify(placed.notebook))
      throw new Error('the log tells something else')
    this.notebook = placed.notebook
    this.log.push(entry)
    return { type: 'placed', version: entry.version, refused }
  }
}

/** Every written mark, a character that is used once, and whether somebody deleted it. */
class Marks {
  readonly written = new Set<string>()
  readonly deleted = new Set<string>()
  #count = 0
  next(): string {
    const mark = String.fromCharCode(0x2200 + this.#count++)
    this.written.add(mark)
    return mark
  }
}
const MARK = /[\u2200-\u2fff]/g
const marksIn = ({ cells, bin }: Notebook): string[] =>
  [...cells, ...bin.map((one) => one.cell)].flatMap(({ source }) => source.match(MARK) ?? [])

/** A tab: its replica, an editor per cell that only applies what it is told, and a connection with two directions. */
class Tab {
  replica: NotebookReplica
  readonly #authority: Authority
  readonly #marks: Marks
  readonly #random: Random
  /** What an editor shows. */
  texts = new Map<CellId, string>()
  readonly told: string[] = []
  isOnline = true
  /** On its way to the workspace, unanswered; and what the workspace said that has not arrived. */
  sent: NotebookBatch | undefined
  answer: ItemAnswer | undefined
  #seen = 0

  constructor(authority: Authority, marks: Marks, random: Random) {
    this.#authority = authority
    this.#marks = marks
    this.#random = random
    this.replica = this.#open()
  }

  #open(): NotebookReplica {
    const { notebook: start, version } = this.#authority
    this.#seen = version
    this.texts = new Map(start.cells.map((one) => [one.id, one.source]))
    return new NotebookReplica({ notebook: start, version, mintId: () => uuid(this.#random) })
  }

  pick<T>(items: readonly T[]): T | undefined {
    return items[Math.floor(this.#random() * items.length)]
  }

  #show(changes: ReturnType<NotebookReplica['receive']>): void {
    for (const change of changes) {
      if (change.kind === 'notice') this.told.push(change.text ?? '')
      if (change.kind === 'text') this.texts.set(change.cell, applySpans(this.texts.get(change.cell) ?? '', change.spans))
    }
    const shown = this.replica.notebook.cells
    // An editor that was there has the text by spans alone; only new cells are read.
    for (const one of shown) if (!this.texts.has(one.id)) this.texts.set(one.id, one.source)
    for (const known of this.texts.keys()) if (!shown.some((one) => one.id === known)) this.texts.delete(known)
    for (const one of shown) if (this.texts.get(one.id) !== one.source) throw new Error(`the editor of ${one.id} shows another text`)
  }

  edit(): void {
    const operation = this.#draft()
    if (operation === undefined) return
    const before = marksIn(this.replica.notebook)
    const applied = this.replica.edit(operation)
    if (!applied.ok) {
      for (const mark of JSON.stringify(operation).match(MARK) ?? []) if (!before.includes(mark)) this.#marks.written.delete(mark)
      return
    }
    const after = new Set(marksIn(this.replica.notebook))
    for (const mark of before) if (!after.has(mark)) this.#marks.deleted.add(mark)
    this.texts = new Map(this.replica.notebook.cells.map((one) => [one.id, one.source]))
  }

  #draft(): NotebookOperation | undefined {
    const { cells, bin } = this.replica.notebook
    const at = Math.floor(this.#random() * cells.length)
    const [one, next] = [cells[at], cells[at + 1]]
    const other = this.pick(cells)
    const dice = this.#random()
    const place = { after: other?.id ?? null, before: null }
    if (one === undefined || dice < 0.08) {
      return { op: 'insertCell', cell: cell(`c${uuid(this.#random).slice(0, 12)}`, this.#marks.next()), place }
    }
    const { id: target, source } = one
    if (dice < 0.55) return this.#typing(target, source)
    if (dice < 0.6) return { op: 'replaceText', cell: target, source: this.#cut(source) + this.#marks.next() }
    if (dice < 0.68) return { op: 'deleteCell', cell: target }
    const binned = this.pick(bin)
    if (dice < 0.72 && binned !== undefined) return { op: 'restoreCell', cell: binned.cell.id }
    if (dice < 0.78) return { op: 'moveCell', cell: target, place }
    if (dice < 0.88) {
      const split = this.#boundary(source)
      const without = source.startsWith('\n', split) ? '\n' : ''
      const into = { id: id(`s${uuid(this.#random).slice(0, 12)}`), type: 'ts', attributes: {} }
      return { op: 'splitCell', cell: target, at: split, without, length: source.length, into }
    }
    if (next !== undefined && dice < 0.96)
      return { op: 'mergeCells', cell: target, next: next.id, glue: this.pick(['\n', '', '\n\n']) ?? '' }
    return this.pick<NotebookOperation>([
      { op: 'setAttribute', cell: target, name: 'title', value: String(dice) },
      { op: 'setCellType', cell: target, type: 'md' },
      { op: 'setHeader', key: 'title', value: String(dice) },
    ])
  }

  #boundary(source: string): number {
    return Math.floor(this.#random() * (source.length + 1))
  }

  #cut(source: string): string {
    const from = this.#boundary(source)
    const to = Math.max(from, this.#boundary(source))
    return source.slice(0, from) + source.slice(to)
  }

  #typing(target: CellId, source: string): NotebookOperation {
    const from = this.#boundary(source)
    const to = this.#random() < 0.3 ? Math.max(from, this.#boundary(source)) : from
    const insert = this.#random() < 0.85 ? this.#marks.next() + (this.#random() < 0.3 ? '\n' : '') : ''
    return { op: 'changeText', cell: target, length: source.length, spans: [{ from, to, insert }] }
  }

  /** One step of the connection. */
  step(): void {
    if (!this.isOnline) return
    this.sent ??= this.replica.nextBatch()
    const dice = this.#random()
    if (dice < 0.4 && this.sent !== undefined && this.answer === undefined) this.answer = this.#authority.take(this.sent)
    else if (dice < 0.6) this.hear()
    else if (dice < 0.9) this.listen(1 + Math.floor(this.#random() * 3))
  }

  hear(): void {
    const { sent, answer } = this
    if (sent === undefined || answer === undefined) return
    this.sent = this.answer = undefined
    this.#show(this.replica.answered(sent.id, answer))
  }

  listen(count: number): void {
    for (const entry of this.#authority.log.slice(this.#seen, this.#seen + count)) {
      this.#seen = entry.version
      this.#show(this.replica.receive(entry))
    }
  }

  disconnect(): void {
    this.isOnline = false
    // The answer may be lost on the way: the batch is sent again.
    this.answer = undefined
  }

  reconnect(isReset: boolean): void {
    this.isOnline = true
    if (isReset) this.reset()
  }

  reset(): void {
    this.#seen = this.#authority.version
    this.#show(this.replica.reset({ notebook: this.#authority.notebook, version: this.#authority.version }, this.#authority.tail))
  }

  /** The page is loaded again, with what it had saved. */
  reload(): void {
    const saved: unknown = JSON.parse(JSON.stringify(this.replica.save()))
    this.isOnline = true
    this.sent = this.answer = undefined
    this.replica = this.#open()
    this.#show(this.replica.restore(saved, this.#authority.tail))
  }

  /** Until everything is said. */
  settle(): void {
    this.isOnline = true
    for (let round = 0; round < 200; round++) {
      this.sent ??= this.replica.nextBatch()
      if (this.sent !== undefined) this.answer ??= this.#authority.take(this.sent)
      this.hear()
      this.listen(Number.POSITIVE_INFINITY)
      if (this.replica.needsReset) this.reset()
      if (!this.replica.hasUnsent && this.#seen === this.#authority.version) return
    }
    throw new Error('the tab does not come to rest')
  }
}

function uuid(random: Random): string {
  const hex = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('')
  return BatchId.parse(`${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`)
}

interface Run {
  readonly seed: number
  readonly tabs: number
  readonly steps: number
  readonly kept?: number
}

function simulate({ seed, tabs: count, steps, kept = 1_000 }: Run) {
  const random = chance(seed * 7_919 + 1)
  for (let warm = 0; warm < 10; warm++) random()
  const marks = new Marks()
  const start = notebook(...['a', 'b', 'c'].map((name) => cell(name, `${marks.next()}${marks.next()}\n${marks.next()}`)))
  const authority = new Authority(start, kept)
  const tabs = Array.from({ length: count }, () => new Tab(authority, marks, random))
  for (let step = 0; step < steps; step++) {
    const tab = tabs[Math.floor(random() * tabs.length)]
    if (tab === undefined) continue
    const dice = random()
    if (dice < 0.35) tab.edit()
    else if (dice < 0.36) tab.disconnect()
    else if (dice < 0.38 && !tab.isOnline) tab.reconnect(random() < 0.6)
    else if (dice < 0.384) tab.reload()
    else tab.step()
  }
  for (let round = 0; round < 3; round++) for (const tab of tabs) tab.settle()
  return { authority, tabs, marks }
}

const seeds = (count: number) => Array.from({ length: count }, (_, seed) => seed + 1)

describe('many tabs over one workspace', () => {
  test.each(seeds(40))('[NR20] all tabs come to the same notebook, and every editor to its text by spans alone: seed %i', (seed) => {
    const { authority, tabs } = simulate({ seed, tabs: 2 + (seed % 4), steps: 1_200 })
    for (const tab of tabs) expect(tab.replica.notebook).toEqual(authority.notebook)
    expect(authority.version).toBeGreaterThan(20)
  })

  test.each(seeds(60))('[NR21] nothing that was written is lost or doubled unless somebody deleted it: seed %i', (seed) => {
    const { authority, marks, tabs } = simulate({ seed: seed + 500, tabs: 3, steps: 800 })
    const found = marksIn(authority.notebook)
    const told = tabs.flatMap((tab) => tab.told.flatMap((text) => text.match(MARK) ?? []))
    const lost = [...marks.written].filter((mark) => !found.includes(mark) && !marks.deleted.has(mark) && !told.includes(mark))
    const doubled = found.filter((mark, at) => found.indexOf(mark) !== at)
    expect({ lost, doubled }).toEqual({ lost: [], doubled: [] })
  })

  test.each(seeds(20))('[NR22] where the log is too short for a tab that was away, its text comes back all the same: seed %i', (seed) => {
    const { authority, marks, tabs } = simulate({ seed: seed + 900, tabs: 3, steps: 800, kept: 3 })
    const found = marksIn(authority.notebook)
    expect([...marks.written].filter((mark) => !found.includes(mark) && !marks.deleted.has(mark))).toEqual([])
    for (const tab of tabs) expect(tab.replica.notebook).toEqual(authority.notebook)
  })
})

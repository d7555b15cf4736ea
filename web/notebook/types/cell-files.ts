/**
 * Cells as files that TypeScript can read: each becomes a module that imports from the others what it uses and exports what they may use.
 *
 * 1. The source stands in its file unchanged, behind a line of imports: a place in the file is a place in the cell plus the line's length. On
 *    a line of its own, or a comment that opens the cell would belong to the imports.
 * 2. A name has one definer, the first in the notebook's order; a cell's own names win in it.
 * 3. A cell's file changes only when its source changes or a name that it mentions comes, goes or moves. The cell in hand imports all names, so
 *    that completion offers them.
 */
import * as ts from 'typescript-js'
import { cellNames, type CellNames } from './cell-names.ts'
import type { TypedCell } from './types-protocol.ts'

const FOLDER = '/cells/'
/** The `;` ends what the source leaves open: after `rows.` the next word would be its member. */
const SUFFIX = '\n;export'
const WORD = /[\p{ID_Start}$_][\p{ID_Continue}$\u200C\u200D]*/gu

interface Entry {
  readonly id: string
  source: string
  title: string
  names: CellNames
  /** Every word of the source: what it may mention. */
  words: ReadonlySet<string>
  prefix: string
  text: string
  version: number
}

export interface CellPlace {
  readonly cell: string
  readonly from: number
  readonly to: number
}

export class CellFiles {
  readonly #entries = new Map<string, Entry>()
  #order: readonly string[] = []
  #definers: ReadonlyMap<string, string> = new Map()
  /** The cell that imports all names. */
  #inHand: string | undefined
  #version = 0

  /** Takes what changed and the ids of all cells in their order; what is not among them is gone. */
  update(changed: readonly TypedCell[], order: readonly string[]): void {
    for (const { id, source, title = id } of changed) this.#read(id, source, title)
    this.#order = order.filter((id) => this.#entries.has(id))
    const present = new Set(this.#order)
    for (const id of this.#entries.keys()) if (!present.has(id)) this.#entries.delete(id)
    this.#link()
  }

  /** The cell that a person works in. */
  takeInHand(id: string): void {
    const before = this.#inHand
    if (before === id) return
    this.#inHand = id
    for (const one of [before, id]) if (one !== undefined) this.#write(one)
  }

  /** Grows with every change of any file. */
  get version(): number {
    return this.#version
  }
  get paths(): readonly string[] {
    return this.#order.map(pathOf)
  }
  /** All words that a completion could mean by a cell's own. */
  get definers(): ReadonlyMap<string, string> {
    return this.#definers
  }

  has(id: string): boolean {
    return this.#entries.has(id)
  }
  sourceOf(id: string): string {
    return this.#entries.get(id)?.source ?? ''
  }
  titleOf(id: string): string {
    return this.#entries.get(id)?.title ?? id
  }
  namesOf(id: string): CellNames | undefined {
    return this.#entries.get(id)?.names
  }
  fileOf(path: string): { readonly text: string; readonly version: number } | undefined {
    const id = cellOf(path)
    return id === undefined ? undefined : this.#entries.get(id)
  }

  /** All cells, each after those that it takes names from, as far as there is no circle. */
  byNeed(): readonly string[] {
    const done = new Set<string>()
    const begun = new Set<string>()
    const waiting = this.#order.toReversed()
    for (let id = waiting.at(-1); id !== undefined; id = waiting.at(-1)) {
      const needs = begun.has(id) ? [] : this.#needsOf(id).filter((need) => !begun.has(need))
      begun.add(id)
      if (needs.length > 0) waiting.push(...needs)
      else {
        waiting.pop()
        done.add(id)
      }
    }
    return [...done]
  }

  #needsOf(id: string): readonly string[] {
    const entry = this.#entries.get(id)
    const foreign = [...(entry?.words ?? [])].filter((name) => entry?.names.own.has(name) !== true)
    return [...new Set(foreign.flatMap((name) => this.#definers.get(name) ?? []))]
  }

  /** A place of a cell in its file. */
  toFile(id: string, at: number): number {
    return (this.#entries.get(id)?.prefix.length ?? 0) + at
  }
  /** A range of a file in its cell; undefined where it is not of the source. */
  toCell(path: string, span: { readonly start: number; readonly length: number }): CellPlace | undefined {
    const cell = cellOf(path)
    const entry = cell === undefined ? undefined : this.#entries.get(cell)
    if (cell === undefined || entry === undefined) return undefined
    const from = span.start - entry.prefix.length
    if (from < 0 || from > entry.source.length) return undefined
    return { cell, from, to: Math.min(from + span.length, entry.source.length) }
  }

  #read(id: string, source: string, title: string): void {
    const known = this.#entries.get(id)
    if (known?.source === source) {
      known.title = title
      return
    }
    const text = readable(source)
    const names = cellNames(ts.createSourceFile('cell.ts', text, ts.ScriptTarget.ES2024))
    const words = new Set(text.match(WORD) ?? [])
    this.#entries.set(id, { id, source, title, names, words, prefix: '', text: '', version: known?.version ?? 0 })
  }

  #link(): void {
    const definers = new Map<string, string>()
    for (const id of this.#order) {
      for (const name of this.#entries.get(id)?.names.shared ?? []) if (!definers.has(name)) definers.set(name, id)
    }
    this.#definers = definers
    for (const id of this.#order) this.#write(id)
  }

  #write(id: string): void {
    const entry = this.#entries.get(id)
    if (entry === undefined) return
    const wanted = this.#inHand === id ? [...this.#definers.keys()] : [...entry.words]
    const foreign = wanted.filter((name) => this.#definers.has(name) && !entry.names.own.has(name))
    const byCell = Map.groupBy(foreign.toSorted(), (name) => this.#definers.get(name) ?? '')
    const imports = this.#order.flatMap((from) =>
      from !== id && byCell.has(from) ? [`import{${byCell.get(from)?.join(',')}}from"./${from}.ts";`] : [],
    )
    const prefix = `${imports.join('')}\n`
    const exports = entry.names.shared.filter((name) => !entry.names.exported.has(name))
    const text = `${prefix}${readable(entry.source)}${SUFFIX}{${exports.join(',')}};`
    if (text === entry.text) return
    entry.prefix = prefix
    entry.text = text
    entry.version += 1
    this.#version += 1
  }
}

/** A first line for the shell stands only at the beginning of a file; as a comment it is as long. */
const readable = (source: string): string => (source.startsWith('#!') ? `//${source.slice(2)}` : source)

export const pathOf = (id: string): string => `${FOLDER}${id}.ts`
export const cellOf = (path: string): string | undefined => (path.startsWith(FOLDER) ? path.slice(FOLDER.length, -'.ts'.length) : undefined)

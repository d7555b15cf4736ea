/** What a notebook is beyond its schema: ids, what its attributes and header mean, and its limits, in sentences. Without the schema itself: pages load it. */
import type { Random } from '../protocol/mint.ts'
import { MAX_CELL_BYTES, MAX_CELLS, MAX_NOTEBOOK_BYTES } from '../protocol/limits.ts'
import type { Cell, CellAttributes, CellId, Notebook, NotebookHeader } from '../protocol/notebook.ts'
import { utf8Length } from '../protocol/utf8-length.ts'

export const FORMAT_VERSION = 1
const ID_LENGTH = 4
const TRIES_PER_LENGTH = 4
const LONGEST_CHANCE = 12
const ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/

export const isCellId = (text: unknown): text is CellId => typeof text === 'string' && ID.test(text)

/** A short id that `taken` does not have. It grows where the short ones are used up, and counts where chance has none. */
export function mintCellId(taken: { has(id: CellId): boolean }, random: Random): CellId {
  for (let length = ID_LENGTH; length <= LONGEST_CHANCE; length++) {
    for (let attempt = 0; attempt < TRIES_PER_LENGTH; attempt++) {
      const id = Array.from({ length }, () => Math.floor(random() * 36).toString(36)).join('')
      if (isCellId(id) && !taken.has(id)) return id
    }
  }
  for (let number = 0; ; number++) {
    const id = number.toString(36).padStart(ID_LENGTH, '0')
    if (isCellId(id) && !taken.has(id)) return id
  }
}

export function emptyNotebook(title?: string): Notebook {
  const header = { nb: String(FORMAT_VERSION), ...(title === undefined ? {} : { title: oneLine(title) }) }
  return { header, cells: [], bin: [] }
}

const oneLine = (text: string): string => text.replaceAll(/[\r\n\0\u2028\u2029]+/g, ' ').trim()

/** What a value without one line reads as: no title is no title. */
export function titleOf(notebook: Notebook): string | undefined {
  return notebook.header['title']?.trim() || undefined
}

export function cellTitleOf(cell: Cell): string | undefined {
  const title = cell.attributes['title']
  return typeof title === 'string' && title.trim() !== '' ? title : undefined
}

export const CELL_PLACES = ['browser', 'edge', 'agent'] as const
export type CellPlace = (typeof CELL_PLACES)[number]

/** Where a cell runs; undefined for a place that nobody knows, which the file may name and keeps. */
export function placeOf(attributes: CellAttributes): CellPlace | undefined {
  const runs = attributes['runs'] ?? 'browser'
  return CELL_PLACES.find((place) => place === runs)
}

/** `hidden` and `hidden=true` are on, `hidden=false` and nothing are off. */
export function hasFlag(attributes: CellAttributes, name: 'hidden' | 'folded'): boolean {
  const value = attributes[name]
  return value === true || value === 'true'
}

export type Network =
  | { readonly kind: 'https' }
  | { readonly kind: 'none' }
  | { readonly kind: 'hosts'; readonly hosts: readonly string[] }
  | { readonly kind: 'unknown'; readonly sentence: string }

const HOST = /^(?:\*\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/i

/** What cells may reach: `https:` (the default), `none`, or hosts with blanks or commas between them. What is not understood opens nothing. */
export function networkOf(header: NotebookHeader): Network {
  const words = (header['network'] ?? 'https:').split(/[\s,]+/).filter((word) => word !== '')
  if (words.length === 1 && words[0] === 'https:') return { kind: 'https' }
  if (words.length === 1 && words[0] === 'none') return { kind: 'none' }
  const bad = words.find((word) => word === 'none' || !HOST.test(word))
  if (bad === undefined && words.length > 0) return { kind: 'hosts', hosts: words.map((word) => word.toLowerCase()) }
  const what = bad === undefined ? 'Nothing' : `“${bad}”`
  return { kind: 'unknown', sentence: `${what} is no network setting. Write https:, none, or hosts such as api.example.com.` }
}

/** Blank lines at the end of a cell are no part of a file. */
export function withoutBlankEnd(source: string): string {
  const end = source.trimEnd().length
  if (end === 0) return ''
  const lineEnd = source.indexOf('\n', end)
  return lineEnd < 0 ? source : source.slice(0, lineEnd)
}

/** Lines end with a line feed, and there is no NUL: what an editor would make of it. */
export const normalizeText = (text: string): string => text.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n')

/** Bytes of the texts of cells that were counted: of a large notebook only the cell that changed is counted again. */
const counted = new WeakMap<Cell, number>()

function bytesOf(cell: Cell): number {
  const bytes = counted.get(cell) ?? utf8Length(cell.source)
  counted.set(cell, bytes)
  return bytes
}

/** True when all texts together are too large; counts bytes only where it could be so. */
export function isTooLarge(cells: readonly Cell[]): boolean {
  const units = cells.reduce((sum, { source }) => sum + source.length, 0)
  return units * 3 > MAX_NOTEBOOK_BYTES && cells.reduce((sum, cell) => sum + bytesOf(cell), 0) > MAX_NOTEBOOK_BYTES
}

export const isCellTooLarge = (source: string): boolean => source.length * 3 > MAX_CELL_BYTES && utf8Length(source) > MAX_CELL_BYTES

export const TOO_MANY_CELLS = `A notebook has at most ${MAX_CELLS} cells.`
export const CELL_TOO_LARGE = `The text of a cell has at most ${MAX_CELL_BYTES / 1024} KiB.`
export const NOTEBOOK_TOO_LARGE = `The cells of a notebook have at most ${MAX_NOTEBOOK_BYTES / 1024 / 1024} MiB of text.`

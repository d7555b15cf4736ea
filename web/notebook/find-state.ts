/** What is searched for in an open notebook, what was found, and where one stands in it. */
import type { CellId } from '#sdk/protocol/notebook.ts'
import { Signal } from '../ui/signal.ts'
import { findIn, nextMatch, replaceIn, type FindQuery, type Found, type Match } from './find.ts'
import type { RegexFinder } from './regex-finder.ts'
import type { NotebookModel } from './notebook-model.ts'

const NOTHING: Found = { matches: [], isCut: false }
const NOT_LOADED: Found = { matches: [], isCut: false, problem: 'What searches could not be loaded. Is the server there?' }
const NONE = { matches: [], now: undefined } as const

export class FindState {
  readonly isOpen = new Signal(false)
  readonly query = new Signal<FindQuery>({ text: '', isRegex: false, isCaseSensitive: false, isWholeWord: false })
  readonly replacement = new Signal('')
  readonly found = new Signal<Found>(NOTHING)
  readonly at = new Signal(0)
  /** Counts up with everything above. */
  readonly changed = new Signal(0)
  /** A regular expression is at work; until it has answered nothing is replaced. */
  isSearching = false
  #finder: Promise<RegexFinder> | undefined
  #searches = 0
  #byCell = new Map<CellId, readonly Match[]>()
  #revisions = new Map<CellId, number>()

  open(text: string): void {
    this.isOpen.value = true
    if (text !== '' && !text.includes('\n')) this.query.value = { ...this.query.value, text }
  }

  close(): void {
    this.isOpen.value = false
    this.#searches++
    this.isSearching = false
    void this.#finder?.then((finder) => finder.close())
    this.#finder = undefined
    this.#put(NOTHING)
  }

  /** Finds again, after the query or the text has changed. Plain words are found at once, regular expressions in a Worker. */
  async search(model: NotebookModel): Promise<void> {
    if (!this.isOpen.value) return
    const search = ++this.#searches
    const query = this.query.value
    if (!query.isRegex || query.text === '') {
      this.isSearching = false
      return this.#found(model, findIn(model.document.notebook.cells, query))
    }
    this.isSearching = true
    this.changed.value++
    this.#finder ??= import('./regex-finder.ts').then(({ RegexFinder: Finder }) => new Finder())
    const found = await this.#finder.then((finder) => finder.find(model.document.notebook.cells, query)).catch(() => NOT_LOADED)
    if (found === NOT_LOADED) this.#finder = undefined
    if (search !== this.#searches || found === undefined) return
    this.isSearching = false
    this.#found(model, found)
  }

  #found(model: NotebookModel, found: Found): void {
    const before = this.current
    this.#put(found)
    const same = found.matches.findIndex(({ cell, from }) => cell === before?.cell && from >= before.from)
    this.#goTo(
      same < 0
        ? nextMatch(found.matches, model.document.order.value, { cell: model.selection.value.head ?? ('' as CellId), offset: 0 })
        : same,
    )
  }

  get current(): Match | undefined {
    return this.found.value.matches[this.at.value]
  }

  step(by: number): void {
    const { length } = this.found.value.matches
    if (length > 0) this.#goTo((this.at.value + by + length) % length)
  }

  replaceOne(model: NotebookModel): void {
    const { current } = this
    if (current === undefined) return
    this.#replace(model, [current], 'Replace')
  }

  /** Answers how many. */
  replaceAll(model: NotebookModel): number {
    const { matches } = this.found.value
    return this.#replace(model, matches, `Replace ${matches.length}`) ? matches.length : 0
  }

  /** Another number when other things are found in the cell, or another of them is meant. */
  revisionOf(cell: CellId): number {
    return this.#revisions.get(cell) ?? 0
  }

  in(cell: CellId): { readonly matches: readonly Match[]; readonly now: Match | undefined } {
    const matches = this.#byCell.get(cell)
    if (matches === undefined) return NONE
    const { current } = this
    return { matches, now: current?.cell === cell ? current : undefined }
  }

  #replace(model: NotebookModel, matches: readonly Match[], title: string): boolean {
    if (this.isSearching) return false
    const operations = replaceIn(model.document.notebook.cells, this.query.value, matches, this.replacement.value)
    return model.perform({ title, operations })
  }

  #goTo(at: number): void {
    const before = this.current?.cell
    this.at.value = at
    this.#touch([before, this.current?.cell])
  }

  #put(found: Found): void {
    const before = this.#byCell
    this.#byCell = new Map(Map.groupBy(found.matches, ({ cell }) => cell))
    this.found.value = found
    this.#touch([...before.keys(), ...this.#byCell.keys()])
  }

  #touch(cells: readonly (CellId | undefined)[]): void {
    for (const cell of cells) if (cell !== undefined) this.#revisions.set(cell, (this.#revisions.get(cell) ?? 0) + 1)
    this.changed.value++
  }
}

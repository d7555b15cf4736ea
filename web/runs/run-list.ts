/**
 * The runs that a list shows: pages of the workspace's answer, and what is heard live on top of them.
 *
 * 1. Rows are newest first. A page begins behind the last row's id, so that runs which come meanwhile make no gap and no double.
 * 2. What is heard of replaces its row, comes in when it matches the filters, and goes when it no longer does.
 */
import { Signal, type ReadonlySignal } from '../ui/signal.ts'
import { messageOf } from '../ui/message-of.ts'

export interface ListRow {
  readonly id: string
}

export interface ListState<Row> {
  readonly rows: readonly Row[]
  /** A first answer is on its way. */
  readonly isLoading: boolean
  readonly hasMore: boolean
  readonly trouble: string | undefined
}

interface Source<Row> {
  readonly pageSize: number
  /** Rows older than `cursor`. */
  readonly page: (cursor: string | undefined) => Promise<readonly Row[]>
  readonly matches: (row: Row) => boolean
}

export class RunList<Row extends ListRow> {
  readonly #state = new Signal<ListState<Row>>({ rows: [], isLoading: true, hasMore: false, trouble: undefined })
  #source: Source<Row> | undefined
  #generation = 0
  #isAsking = false

  get state(): ReadonlySignal<ListState<Row>> {
    return this.#state
  }

  /** Begins anew; rows stay until the new ones are there. */
  async show(source: Source<Row>): Promise<void> {
    this.#source = source
    const generation = ++this.#generation
    this.#state.value = { ...this.#state.value, isLoading: true }
    await this.#read(source, generation, undefined)
  }

  async more(): Promise<void> {
    const source = this.#source
    const last = this.#state.value.rows.at(-1)
    if (source === undefined || last === undefined || this.#isAsking || !this.#state.value.hasMore) return
    this.#isAsking = true
    await this.#read(source, this.#generation, last.id)
    this.#isAsking = false
  }

  async #read(source: Source<Row>, generation: number, cursor: string | undefined): Promise<void> {
    try {
      const page = await source.page(cursor)
      if (generation !== this.#generation) return
      const before = cursor === undefined ? [] : this.#state.value.rows
      const known = new Set(before.map(({ id }) => id))
      const rows = [...before, ...page.filter(({ id }) => !known.has(id))]
      this.#state.value = { rows, isLoading: false, hasMore: page.length >= source.pageSize, trouble: undefined }
    } catch (error) {
      if (generation !== this.#generation) return
      const trouble = messageOf(error)
      this.#state.value = { ...this.#state.value, isLoading: false, trouble }
    }
  }

  /** What the workspace told: rows as they are now, and ids that are gone. */
  hear(told: readonly Row[], gone: (row: Row) => boolean = () => false): void {
    const source = this.#source
    const { rows, isLoading, hasMore } = this.#state.value
    if (source === undefined || isLoading) return
    const news = new Map(told.map((row) => [row.id, row]))
    const last = rows.at(-1)
    const kept = rows.flatMap((row) => {
      const now = news.get(row.id)
      news.delete(row.id)
      if (now === undefined) return gone(row) ? [] : [row]
      return source.matches(now) ? [now] : []
    })
    // Older than what is here: it comes with its page.
    const added = [...news.values()].filter((row) => source.matches(row) && (!hasMore || last === undefined || row.id > last.id))
    const isSame = added.length === 0 && kept.length === rows.length && kept.every((row, at) => row === rows[at])
    if (isSame) return
    this.#state.value = {
      ...this.#state.value,
      rows: added.length === 0 ? kept : [...added, ...kept].sort((a, b) => (a.id < b.id ? 1 : -1)),
    }
  }
}

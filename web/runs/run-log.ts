/**
 * A log as a page holds it: the newest lines, which are told live, and older ones by pages.
 *
 * 1. Older lines are read when somebody wants them, one page at a time, once however many ask.
 * 2. After an absence lines go on where they were when nothing is missing between, else they begin anew with the newest.
 */
import { MAX_SNAPSHOT_LOG_LINES } from '#sdk/protocol/limits.ts'
import type { LogPage } from '#sdk/protocol/overviews.ts'
import { messageOf } from '../ui/message-of.ts'
import { Signal, type ReadonlySignal } from '../ui/signal.ts'
import { linesOfPage, LogLines, type Line } from './log-lines.ts'

export class RunLog {
  readonly lines = new LogLines()
  readonly #readPage: (before: number | undefined) => Promise<LogPage>
  readonly #version = new Signal(0)
  readonly #trouble = new Signal<string | undefined>(undefined)
  #hasOlder: boolean
  #before: number | undefined
  #total: number | undefined
  #reading: Promise<void> | undefined

  /** @param hasOlder Whether there may be lines before anything is told. */
  constructor(readPage: (before: number | undefined) => Promise<LogPage>, { hasOlder }: { readonly hasOlder: boolean }) {
    this.#readPage = readPage
    this.#hasOlder = hasOlder
  }

  /** Changes with every change of the lines. */
  get version(): ReadonlySignal<number> {
    return this.#version
  }
  /** Why older lines could not be read. */
  get trouble(): ReadonlySignal<string | undefined> {
    return this.#trouble
  }
  /** Lines before the first one here can be read. */
  get hasOlder(): boolean {
    return this.#hasOlder && !this.lines.isFull
  }
  /** Lines before the first one here are only in the download. */
  get isCut(): boolean {
    return this.#hasOlder && this.lines.isFull
  }
  get isReadingOlder(): boolean {
    return this.#reading !== undefined
  }
  /** Lines of the whole log; undefined until that is known. */
  get total(): number | undefined {
    return this.#hasOlder ? this.#total : this.lines.all.length
  }

  readOlder(): Promise<void> {
    if (!this.hasOlder) return Promise.resolve()
    this.#reading ??= this.#readOlder().finally(() => {
      this.#reading = undefined
      this.#version.value += 1
    })
    return this.#reading
  }

  /** Reads older lines as long as they are wanted and come. */
  async readOlderWhile(isWanted: () => boolean): Promise<void> {
    while (this.hasOlder && isWanted()) {
      const before = this.lines.all.length
      await this.readOlder()
      if (this.lines.all.length === before) return
    }
  }

  /** Lines that came live. */
  append(lines: readonly Line[]): void {
    if (lines.length === 0) return
    this.lines.add(lines)
    if (this.#total !== undefined) this.#total += lines.length
    this.#version.value += 1
  }

  /** The newest lines now: all there are, when they are fewer than a snapshot holds. */
  reset(lines: readonly Line[]): void {
    const isAll = lines.length < MAX_SNAPSHOT_LOG_LINES
    const last = this.lines.all.at(-1)
    const [first] = lines
    const isJoined = last !== undefined && first !== undefined && first.number <= last.number + 1
    if (isAll || !isJoined) {
      this.lines.clear()
      this.#hasOlder = !isAll
      this.#before = this.#total = undefined
    }
    this.lines.add(lines)
    this.#version.value += 1
  }

  async #readOlder(): Promise<void> {
    const { epoch } = this.lines
    const [first] = this.lines.all
    try {
      const page = await this.#readPage(this.#before ?? first?.number)
      this.#trouble.value = undefined
      if (this.lines.epoch !== epoch && this.lines.all[0] !== first) return
      this.lines.add(linesOfPage(page))
      this.#total = page.total ?? undefined
      this.#before = page.next ?? undefined
      this.#hasOlder = page.next !== null
    } catch (error) {
      this.#trouble.value = messageOf(error)
    }
  }
}

/** A notebook for tests of types: cells by id, and questions with `|` for the cursor. */
import { typesLibrary } from '../../../sdk/scripts/types/library.ts'
import { answerTo } from '../../../web/notebook/types/answers.ts'
import { readLibrary } from '../../../web/notebook/types/library.ts'
import { TypesService } from '../../../web/notebook/types/service.ts'
import type { Method, ParamsOf, Question, ResultOf } from '../../../web/notebook/types/types-protocol.ts'

const library = readLibrary(typesLibrary())

export class Typed {
  readonly service = new TypesService(library)
  #cells: Record<string, string> = {}

  constructor(cells: Readonly<Record<string, string>>) {
    this.set(cells)
  }

  /** Takes new sources; `null` takes a cell away. */
  set(changes: Readonly<Record<string, string | null>>): this {
    const next = { ...this.#cells }
    for (const [id, source] of Object.entries(changes)) {
      if (source === null) delete next[id]
      else next[id] = source
    }
    this.#cells = next
    const changed = Object.entries(changes).flatMap(([id, source]) => (source === null ? [] : [{ id, source, title: `Cell ${id}` }]))
    this.service.cells.update(changed, Object.keys(next))
    return this
  }

  sourceOf(cell: string): string {
    return this.#cells[cell] ?? ''
  }

  ask<M extends Method>(method: M, cell: string, params: ParamsOf<M>): ResultOf<M> {
    // The pair of method and parameters is checked by the signature.
    const question = { method, cell, params } as Question
    const result: unknown = answerTo(this.service, question)
    return result as ResultOf<M>
  }

  /** The place of a text in a cell; of the last one when there are several. */
  at(cell: string, text: string): number {
    const at = this.sourceOf(cell).lastIndexOf(text)
    if (at === -1) throw new Error(`${cell} has no ${text}`)
    return at
  }

  /** Diagnostics as `code: marked text`. */
  told(cell: string): readonly string[] {
    return this.ask('diagnostics', cell, {}).map(({ code, from, to }) => `${code}: ${this.sourceOf(cell).slice(from, to)}`)
  }

  labels(cell: string, at = this.sourceOf(cell).length): readonly string[] {
    return this.ask('completion', cell, { at })?.items.map(({ label }) => label) ?? []
  }

  hover(cell: string, text: string): string | undefined {
    return this.ask('hover', cell, { at: this.at(cell, text) })?.code
  }

  /** Where a name is defined, as `cell: text`. */
  definitions(cell: string, text: string): readonly string[] {
    return this.ask('definition', cell, { at: this.at(cell, text) }).map(
      (place) => `${place.cell}: ${this.sourceOf(place.cell).slice(place.from, place.to)}`,
    )
  }

  /** The sources after a renaming, or why it was refused. */
  renamed(cell: string, text: string, name: string): Record<string, string> | string {
    const renamed = this.ask('rename', cell, { at: this.at(cell, text), name })
    if (!renamed.ok) return renamed.reason
    return Object.fromEntries(
      renamed.edits.map(({ cell: id, spans }) => [
        id,
        spans.toReversed().reduce((source, { from, to, insert }) => source.slice(0, from) + insert + source.slice(to), this.sourceOf(id)),
      ]),
    )
  }
}

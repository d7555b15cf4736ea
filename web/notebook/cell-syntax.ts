/** What the syntax of a cell's code says: its colours, and lines that go on where nobody expects it. Each text is read once. */
import type { AsiHint } from './asi-hint.ts'
import { syntax } from './lazy-parts.ts'
import type { Token } from './pieces.ts'

export class CellSyntax {
  #source: string | undefined
  #hints: readonly AsiHint[] = []
  #tokens: readonly Token[] | undefined

  /** @param hasColours The editor has colours of its own. */
  read(source: string, hasColours: boolean): void {
    const known = syntax.value
    if (known === undefined) return
    if (this.#source !== source) {
      this.#source = source
      this.#hints = known.asiHints(source)
      this.#tokens = undefined
    }
    if (!hasColours) this.#tokens ??= known.tokensOf(source)
  }

  get hints(): readonly AsiHint[] {
    return this.#hints
  }

  get tokens(): readonly Token[] {
    return this.#tokens ?? []
  }

  isOf(source: string): boolean {
    return this.#source === source
  }
}

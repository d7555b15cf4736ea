/** A text in which ranges become spaces. Line ends stay; what is put in afterwards stands over what was blanked. */
import { LINE_BREAK } from './text-scan.ts'

export class Blanks {
  readonly #units: string[]
  readonly #puts: { readonly at: number; readonly unit: string }[] = []

  constructor(source: string) {
    this.#units = source.split('') // UTF-16 units, as positions count
  }

  blank(start: number, end: number): void {
    for (let at = start; at < end; at++) {
      if (!LINE_BREAK.test(this.#units[at] ?? '\n')) this.#units[at] = ' '
    }
  }

  /** One unit for a unit that is blanked. */
  put(at: number, unit: ';' | '(' | ')'): void {
    this.#puts.push({ at, unit })
  }

  toString(): string {
    for (const { at, unit } of this.#puts) this.#units[at] = unit
    return this.#units.join('')
  }
}

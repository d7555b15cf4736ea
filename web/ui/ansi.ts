/** Text with the colours that terminals know: pieces with their style. Other control sequences are left out. */

export interface Piece {
  readonly text: string
  /** Names of classes: `ansi-1` … `ansi-7` for colours, `ansi-bold`, `ansi-dim`, `ansi-italic`, `ansi-underline`. */
  readonly classes: string
}

// oxlint-disable-next-line no-control-regex -- the control characters are what is looked for
const SEQUENCE = /\u001b(?:\[([0-9;:]*)([@-~])|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g
const NAMES: Readonly<Record<number, string>> = { 1: 'bold', 2: 'dim', 3: 'italic', 4: 'underline' }

/** @returns one piece without classes for plain text. */
export function ansiPieces(text: string): readonly Piece[] {
  if (!text.includes('\u001b')) return [{ text, classes: '' }]
  const pieces: Piece[] = []
  const style = new Style()
  let at = 0
  for (const match of text.matchAll(SEQUENCE)) {
    if (match.index > at) pieces.push({ text: text.slice(at, match.index), classes: style.classes })
    at = match.index + match[0].length
    if (match[2] === 'm') style.apply(match[1] ?? '')
  }
  if (at < text.length) pieces.push({ text: text.slice(at), classes: style.classes })
  return pieces
}

/** The text without its control sequences. */
export const plainText = (text: string): string => (text.includes('\u001b') ? text.replaceAll(SEQUENCE, '') : text)

class Style {
  #colour: number | undefined
  readonly #names = new Set<string>()

  get classes(): string {
    return [...(this.#colour === undefined ? [] : [`ansi-${this.#colour}`]), ...[...this.#names].map((name) => `ansi-${name}`)].join(' ')
  }

  apply(parameters: string): void {
    const codes = parameters.split(/[;:]/).map(Number)
    for (let i = 0; i < codes.length; i++) {
      const code = codes[i] ?? 0
      // 256 colours and exact ones: what they are is left to the reader's theme.
      if (code === 38 || code === 48) i += codes[i + 1] === 5 ? 2 : 4
      else this.#one(code)
    }
  }

  #one(code: number): void {
    const name = NAMES[code]
    if (code === 0) {
      this.#colour = undefined
      this.#names.clear()
    } else if (name !== undefined) this.#names.add(name)
    else if (code === 22) {
      this.#names.delete('bold')
      this.#names.delete('dim')
    } else if (code === 23 || code === 24) this.#names.delete(code === 23 ? 'italic' : 'underline')
    else if (code >= 30 && code <= 37) this.#colour = code - 30
    else if (code >= 90 && code <= 97) this.#colour = code - 90
    else if (code === 39) this.#colour = undefined
  }
}

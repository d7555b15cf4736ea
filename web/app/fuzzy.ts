/** How well a few typed letters fit a text. Pure. */

export interface Fit {
  /** Higher is better. */
  readonly score: number
  /** Places of the letters that fit, ascending, for marking them. */
  readonly places: readonly number[]
}

const START_OF_TEXT = 12
const START_OF_WORD = 8
const FOLLOWS = 6
const GAP = -0.2

/** Every letter of the query, in order, somewhere in the text; starts of words and letters in a row count more. Undefined: does not fit. */
export function fit(query: string, text: string): Fit | undefined {
  const wanted = query.toLowerCase().replaceAll(/\s+/g, '').split('')
  if (wanted.length === 0) return { score: 0, places: [] }
  const letters = text.toLowerCase()
  let best: Fit | undefined
  for (let start = letters.indexOf(wanted[0] ?? ''); start !== -1; start = letters.indexOf(wanted[0] ?? '', start + 1)) {
    const found = fitFrom(wanted, text, letters, start)
    if (found !== undefined && found.score > (best?.score ?? -Infinity)) best = found
  }
  return best
}

function fitFrom(wanted: readonly string[], text: string, letters: string, start: number): Fit | undefined {
  const places: number[] = []
  let score = 0
  let at = start
  for (const letter of wanted) {
    const place = nextPlace(letter, text, letters, at, places.length > 0)
    if (place === -1) return undefined
    const follows = places.length > 0 && place === (places.at(-1) ?? 0) + 1
    score += place === 0 ? START_OF_TEXT : startsWord(text, place) ? START_OF_WORD : follows ? FOLLOWS : 1
    score += GAP * (place - at)
    places.push(place)
    at = place + 1
  }
  return { score: score - text.length * 0.01, places }
}

/** The next letter in a row, else at the next start of a word, else anywhere after. */
function nextPlace(letter: string, text: string, letters: string, from: number, mayJump: boolean): number {
  if (letters.startsWith(letter, from)) return from
  for (let place = mayJump ? letters.indexOf(letter, from) : -1; place !== -1; place = letters.indexOf(letter, place + 1)) {
    if (startsWord(text, place)) return place
  }
  return letters.indexOf(letter, from)
}

function startsWord(text: string, place: number): boolean {
  if (place === 0) return true
  const before = text.charAt(place - 1)
  const isWord = /[\p{L}\p{N}]/u
  return !isWord.test(before) || (/\p{Ll}/u.test(before) && /\p{Lu}/u.test(text.charAt(place)))
}

/** Text from elsewhere on a terminal: how wide it is, how it is cut, and how it is kept from steering the terminal. */
import { stripVTControlCharacters } from 'node:util'

const WIDE =
  /^(?:[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}]|[\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\p{Emoji}\ufe0f)/u
const INVISIBLE = /^[\p{Mn}\p{Me}\p{Cf}]+$/u
// Tab and line feed are text; every other control could move the cursor, set a title or hide what follows.
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g
/** They turn the reading direction of what stands beside them. */
const DIRECTION = /[\u202a-\u202e\u2066-\u2069]/g
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/

let segmenter: Intl.Segmenter | undefined
/** Made when it is needed: it loads 14 ms of tables. */
const graphemesOf = (text: string): Intl.Segments => (segmenter ??= new Intl.Segmenter()).segment(text)

/** Columns that a text takes; East Asian characters and emoji take two, marks none. Colours do not count. */
export function widthOf(text: string): number {
  if (PRINTABLE_ASCII.test(text)) return text.length
  let width = 0
  for (const { segment } of graphemesOf(stripVTControlCharacters(text))) width += graphemeWidth(segment)
  return width
}

/** Cuts to so many columns; the last one is … when something was cut. */
export function fit(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  let kept = ''
  let width = 0
  for (const { segment } of graphemesOf(text)) {
    width += graphemeWidth(segment)
    if (width > columns - 1) break
    kept += segment
  }
  return `${kept}…`
}

/** Makes control characters visible (␛ for escape), so that a name or a log line cannot steer the terminal. */
export function printable(text: string): string {
  return text
    .replace(/\r\n/g, '\n')
    .replace(CONTROLS, (character) => {
      const code = character.charCodeAt(0)
      return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\u2421'
    })
    .replace(DIRECTION, '\ufffd')
}

/** The same on one line: for cells of a table and for sentences. */
export function onOneLine(text: string): string {
  return printable(text).replaceAll('\n', '⏎').replaceAll('\t', ' ')
}

function graphemeWidth(grapheme: string): number {
  if (INVISIBLE.test(grapheme)) return 0
  return WIDE.test(grapheme) ? 2 : 1
}

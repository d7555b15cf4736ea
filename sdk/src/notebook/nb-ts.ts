/**
 * `*.nb.ts`: a TypeScript module whose cells open with `// %%`. Cells of TypeScript stand there as they are, all others as comments.
 *
 * 1. Reading what was printed gives the notebook again, but for blank lines at the end of a cell; printing what was read gives the text.
 * 2. A line of a cell that looks like a marker gets a backslash (`// \%%`), one that has backslashes there gets one more.
 * 3. No text is lost, whatever the file is.
 */
import type { Random } from '../protocol/mint.ts'
import type { Cell, Notebook, NotebookHeader } from '../protocol/notebook.ts'
import { buildNotebook, type Draft } from './build.ts'
import { FORMAT_VERSION, normalizeText, withoutBlankEnd } from './document.ts'
import { readHeader, writeHeader, type HeaderLine } from './header.ts'
import { readMarker, writeMarker } from './marker.ts'
import type { Notice, ReadNotebook } from './notices.ts'

const MARKER = /^\/\/ %%(?=\s|$)/
const FENCE = /^\/\/ ---\s*$/
const ESCAPED = /^(\/\/ )\\(\\*%%(?:\s|$))/
const LOOKS_LIKE_MARKER = /^(\/\/ )(\\*%%(?:\s|$))/

export const hasMarkers = (text: string): boolean => /^\/\/ %%(?:\s|$)/m.test(text)

const escapeLine = (line: string): string => line.replace(LOOKS_LIKE_MARKER, '$1\\$2')
const unescapeLine = (line: string): string => line.replace(ESCAPED, '$1$2')

/** U+2028 and U+2029 would end the comment, and what follows would be code. */
const toComment = (line: string): string =>
  escapeLine(line === '' ? '//' : `// ${line}`)
    .replaceAll(/&((?:amp;)*#x202[89];)/g, '&amp;$1')
    .replaceAll('\u2028', '&#x2028;')
    .replaceAll('\u2029', '&#x2029;')
const fromComment = (line: string): string =>
  unescapeLine(line)
    .replace(/^\/\/ ?/, '')
    .replaceAll(/&(amp;)?((?:amp;)*#x202([89]);)/g, (_, nested: string | undefined, rest: string, digit: string) =>
      nested === undefined ? (digit === '8' ? '\u2028' : '\u2029') : `&${rest}`,
    )

/** A comment inside a cell of TypeScript. */
const asCommentOf = (line: string): string => unescapeLine(toComment(line))

/** The file of a notebook. Outputs and the bin are no part of it. */
export function printNotebook({ header, cells }: Notebook): string {
  return `${[printHeader(header), ...cells.map(printCell)].join('\n\n')}\n`
}

const printHeader = (header: NotebookHeader): string => ['// ---', ...writeHeader(header).map(toComment), '// ---'].join('\n')

function printCell(cell: Cell): string {
  const marker = `// %%${writeMarker(cell)}`
  const source = withoutBlankEnd(cell.source)
  if (source === '') return marker
  const lines = source.split('\n').map(cell.type === 'ts' ? escapeLine : toComment)
  return `${marker}\n${lines.join('\n')}`
}

interface Section {
  readonly marker: string
  readonly line: number
  readonly lines: readonly string[]
}

/** Reads a file, whatever it is. New ids are minted where there is none or one came before; every oddity has a notice with its line. */
export function parseNotebook(text: string, random: Random): ReadNotebook {
  if (text.includes('\0')) return { ok: false, code: 'not_text', sentence: 'The file is no text, so it is no notebook.' }
  const lines = normalizeText(text).split('\n')
  const { header, strays, notices, end } = splitHeader(lines)
  const first = lines.findIndex((line, index) => index >= end && MARKER.test(line))
  const before = [
    ...strays.map(({ text: stray }) => asCommentOf(stray)),
    ...lines.slice(end, first < 0 ? undefined : first).map(unescapeLine),
  ]
  const leading = leadingDraft(before, strays[0]?.line ?? end + 1, first < 0, end === 0)
  const sections = first < 0 ? [] : sectionsOf(lines, first).map(readSection)
  const drafts = [...leading.drafts, ...sections.flatMap((section) => section.drafts)]
  return buildNotebook(header, drafts, [...notices, ...leading.notices, ...sections.flatMap((section) => section.notices)], random)
}

/** The header ends with its second `---`; where there is none, with its last line that is an entry. */
function splitHeader(lines: readonly string[]): ReturnType<typeof readHeader> & { readonly end: number } {
  if (!FENCE.test(lines[0] ?? '')) {
    const sentence = `The file has no header; it is read as version ${FORMAT_VERSION}.`
    return { header: { nb: String(FORMAT_VERSION) }, strays: [], notices: [{ code: 'no_header', line: 1, sentence }], end: 0 }
  }
  const stop = lines.findIndex((line, index) => index > 0 && (FENCE.test(line) || MARKER.test(line) || !line.startsWith('//')))
  const isClosed = stop > 0 && FENCE.test(lines[stop] ?? '')
  const inside = lines
    .slice(1, stop < 0 ? undefined : stop)
    .map((line, index): HeaderLine => ({ text: fromComment(line), line: index + 2 }))
  if (isClosed) return { ...readHeader(inside), end: stop + 1 }
  const firstOther = inside.findIndex(({ text }) => !/^[A-Za-z][\w.-]{0,63}:(?: |$)/.test(text))
  const entries = firstOther < 0 ? inside : inside.slice(0, firstOther)
  const read = readHeader(entries)
  const sentence = 'The header has no end; it is read as far as its lines are entries.'
  return { ...read, notices: [{ code: 'header_open', line: 1, sentence }, ...read.notices], end: entries.length + 1 }
}

function leadingDraft(
  lines: readonly string[],
  line: number,
  isUnmarked: boolean,
  isHeadless: boolean,
): { drafts: Draft[]; notices: Notice[] } {
  const blank = lines.findIndex((one) => one.trim() !== '')
  const notices: Notice[] = []
  if (blank < 0) {
    if (isUnmarked && isHeadless) notices.push({ code: 'no_cells', line: 1, sentence: 'The file has no cells.' })
    return { drafts: [], notices }
  }
  const isWhole = isUnmarked && isHeadless
  const sentence = isWhole
    ? 'The file has no line // %% that would open a cell; all of it became one cell.'
    : 'Text before the first // %% became a cell.'
  notices.push({ code: isWhole ? 'not_a_notebook' : 'text_before', line: line + blank, sentence })
  const source = withoutBlankEnd(lines.slice(blank).join('\n'))
  return { drafts: [{ type: 'ts', source, isPlain: true, where: { line: line + blank } }], notices }
}

function sectionsOf(lines: readonly string[], first: number): Section[] {
  const starts: number[] = []
  for (let index = first; index < lines.length; index++) if (MARKER.test(lines[index] ?? '')) starts.push(index)
  return starts.map((start, index) => ({
    marker: (lines[start] ?? '').replace(MARKER, ''),
    line: start + 1,
    lines: lines.slice(start + 1, starts[index + 1]),
  }))
}

function readSection({ marker, line, lines }: Section): { drafts: Draft[]; notices: Notice[] } {
  const { type, id, attributes, words } = readMarker(marker)
  const notices: Notice[] = []
  const where = { line }
  if (words !== '')
    notices.push({ code: 'marker_words', ...where, sentence: `“${words}” is no attribute; it is kept in the text of the cell.` })
  const draft = (source: string) => ({ type, id, attributes, where, source: withoutBlankEnd(source) })
  if (type === 'ts') {
    const kept = words === '' ? [] : [asCommentOf(words)]
    return { drafts: [draft([...kept, ...lines.map(unescapeLine)].join('\n'))], notices }
  }
  const code = lines.findIndex((one) => one.trim() !== '' && !one.startsWith('//'))
  const comments = (code < 0 ? lines : lines.slice(0, code)).map(fromComment)
  const drafts: Draft[] = [draft([...(words === '' ? [] : [words]), ...comments].join('\n'))]
  if (code >= 0) {
    const at = { line: line + 1 + code }
    const sentence = `Lines of a cell of ${type} begin with //; from here on it is code, so it became a cell of its own.`
    notices.push({ code: 'code_below_text', ...at, sentence })
    drafts.push({ type: 'ts', source: withoutBlankEnd(lines.slice(code).map(unescapeLine).join('\n')), isPlain: true, where: at })
  }
  return { drafts, notices }
}

/**
 * Markdown with the cells of TypeScript in fences. What we write opens each cell with a comment, `<!-- %% id=p7qa -->`, so it reads as it
 * was; in any other Markdown each fence of TypeScript or JavaScript is a cell, and the text between is one.
 */
import type { Random } from '../protocol/mint.ts'
import type { Cell, Notebook, NotebookHeader } from '../protocol/notebook.ts'
import { buildNotebook, type Draft } from './build.ts'
import { FORMAT_VERSION, normalizeText, withoutBlankEnd } from './document.ts'
import { closingLine, fenced, openingFence } from './fence.ts'
import { readHeader, writeHeader } from './header.ts'
import { readMarker, writeMarker } from './marker.ts'
import type { Notice, ReadNotebook } from './notices.ts'

const MARKER = /^<!-- %%(?=\s)(.*) -->\s*$/s
const LOOKS_LIKE_MARKER = /^(<!-- )(\\*%%\s)/
const ESCAPED = /^(<!-- )\\(\\*%%\s)/
const OURS: readonly string[] = ['ts', 'typescript', 'js', 'javascript', 'mjs', 'mts']

export function printMarkdown({ header, cells }: Notebook): string {
  return `${[['---', ...writeHeader(header), '---'].join('\n'), ...cells.map(printCell)].join('\n\n')}\n`
}

function printCell(cell: Cell): string {
  const source = withoutBlankEnd(cell.source)
  const text = cell.type === 'md' ? source : fenced(cell.type, source)
  const lines = text.split('\n').map((line) => line.replace(LOOKS_LIKE_MARKER, '$1\\$2'))
  return `<!-- %%${writeMarker(cell)} -->${text === '' ? '' : `\n${lines.join('\n')}`}`
}

export function parseMarkdown(text: string, random: Random): ReadNotebook {
  if (text.includes('\0')) return { ok: false, code: 'not_text', sentence: 'The file is no text, so it is no notebook.' }
  const lines = normalizeText(text).split('\n')
  const { header, strays, notices, end } = frontMatter(lines)
  const body = [...strays, ...lines.slice(end)]
  // Strays stand for lines of the front matter, so that the lines below keep their numbers.
  const shift = end - strays.length + 1
  const isOurs = body.some((line) => MARKER.test(line))
  const { drafts, notices: more } = isOurs ? marked(body, shift) : unmarked(body, shift)
  return buildNotebook(header, drafts, [...notices, ...more], random)
}

interface FrontMatter {
  readonly header: NotebookHeader
  readonly strays: readonly string[]
  readonly notices: readonly Notice[]
  readonly end: number
}

function frontMatter(lines: readonly string[]): FrontMatter {
  const close = lines[0]?.trimEnd() === '---' ? lines.findIndex((line, index) => index > 0 && /^---\s*$/.test(line)) : -1
  if (close < 0) return { header: { nb: String(FORMAT_VERSION) }, strays: [], notices: [], end: 0 }
  const { header, strays, notices } = readHeader(lines.slice(1, close).map((text, index) => ({ text, line: index + 2 })))
  // Front matter of others need not name our version.
  return { header, strays: strays.map(({ text }) => text), notices: notices.filter(({ code }) => code !== 'no_version'), end: close + 1 }
}

interface Drafts {
  readonly drafts: readonly Draft[]
  readonly notices: readonly Notice[]
}

function marked(lines: readonly string[], shift: number): Drafts {
  const starts = lines.flatMap((line, index) => (MARKER.test(line) ? [index] : []))
  const before = withoutBlankEnd(lines.slice(0, starts[0]).join('\n'))
  const notices: Notice[] = []
  const drafts: Draft[] = []
  if (before !== '') {
    notices.push({ code: 'text_before', line: shift, sentence: 'Text before the first cell became a cell.' })
    drafts.push({ type: 'md', source: before, isPlain: true })
  }
  starts.forEach((start, index) => {
    const where = { line: start + shift }
    const { type, id, attributes, words } = readMarker(MARKER.exec(lines[start] ?? '')?.[1] ?? '')
    if (words !== '')
      notices.push({ code: 'marker_words', ...where, sentence: `“${words}” is no attribute; it is kept in the text of the cell.` })
    const body = lines.slice(start + 1, starts[index + 1]).map((line) => line.replace(ESCAPED, '$1$2'))
    const { source, rest } = type === 'md' ? { source: withoutBlankEnd(body.join('\n')), rest: '' } : insideFence(body)
    const kept = words === '' ? source : `${type === 'md' ? '' : '// '}${words}\n${source}`
    drafts.push({ type, id, attributes, where, source: kept })
    if (rest !== '') {
      notices.push({ code: 'text_below_code', ...where, sentence: 'Text around the code of the cell became a cell of its own.' })
      drafts.push({ type: 'md', source: rest, isPlain: true })
    }
  })
  return { drafts, notices }
}

/** The code of the first fence, and all that stands around it. */
function insideFence(lines: readonly string[]): { readonly source: string; readonly rest: string } {
  const open = lines.findIndex((line) => openingFence(line) !== undefined)
  const fence = openingFence(lines[open] ?? '')
  if (fence === undefined) return { source: '', rest: withoutBlankEnd(lines.join('\n')) }
  const end = closingLine(lines, open, fence)
  const rest = [...lines.slice(0, open), ...lines.slice(end + 1)].join('\n')
  return { source: withoutBlankEnd(lines.slice(open + 1, end).join('\n')), rest: withoutBlankEnd(rest) }
}

function unmarked(lines: readonly string[], shift: number): Drafts {
  const drafts: Draft[] = []
  const notices: Notice[] = []
  let text: string[] = []
  const flush = () => {
    const first = text.findIndex((line) => line.trim() !== '')
    if (first >= 0) drafts.push({ type: 'md', source: withoutBlankEnd(text.slice(first).join('\n')), isPlain: true })
    text = []
  }
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? ''
    const fence = openingFence(line)
    if (fence === undefined) {
      text.push(line)
      continue
    }
    const end = closingLine(lines, index, fence)
    const [language = ''] = fence.info.split(/[\s{,]/)
    const where = { line: index + shift }
    if (end === lines.length)
      notices.push({ code: 'fence_open', ...where, sentence: 'The fence has no end; it is read to the end of the file.' })
    if (OURS.includes(language.toLowerCase())) {
      flush()
      const { id, attributes, words } = readMarker(` ${fence.info.slice(language.length)}`)
      const source = lines.slice(index + 1, end).map((one) => one.replace(new RegExp(`^ {0,${fence.indent}}`), ''))
      const kept = words === '' ? source : [`// ${words}`, ...source]
      drafts.push({ type: 'ts', id, attributes, isPlain: id === undefined, where, source: withoutBlankEnd(kept.join('\n')) })
    } else text.push(...lines.slice(index, end + 1))
    index = end
  }
  flush()
  return { drafts, notices }
}

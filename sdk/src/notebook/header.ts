/** The header of a notebook, as lines without what makes them comments: `nb: 1`, `title: Daily ETL`. */
import { MAX_HEADER_KEYS, MAX_HEADER_VALUE_LENGTH } from '../protocol/limits.ts'
import type { NotebookHeader } from '../protocol/notebook.ts'
import { HEADER_ENTRY } from '../protocol/notebook-rules.ts'
import { FORMAT_VERSION } from './document.ts'
import type { Notice } from './notices.ts'

export interface HeaderLine {
  readonly text: string
  readonly line: number
}

export interface ReadHeader {
  readonly header: NotebookHeader
  /** Lines that belong to no entry. */
  readonly strays: readonly HeaderLine[]
  readonly notices: readonly Notice[]
}

/** Reads the lines between the two `---`. A line that opens no entry belongs to the one above it; a key that comes again does not count. */
export function readHeader(lines: readonly HeaderLine[]): ReadHeader {
  const entries = new Map<string, string>()
  const strays: HeaderLine[] = []
  const notices: Notice[] = []
  let open: string | undefined
  const stray = (line: HeaderLine, sentence: string) => {
    strays.push(line)
    notices.push({ code: 'header_line', line: line.line, sentence })
    open = undefined
  }
  for (const line of lines) {
    const [, key, value = ''] = HEADER_ENTRY.exec(line.text) ?? []
    if (key === undefined) {
      const longer = open === undefined ? undefined : `${entries.get(open) ?? ''}\n${line.text}`
      if (open === undefined || longer === undefined) stray(line, 'The line belongs to no entry of the header; it is kept as text.')
      else if (longer.length > MAX_HEADER_VALUE_LENGTH) stray(line, 'The entry of the header is too long; the rest is kept as text.')
      else entries.set(open, longer)
    } else if (entries.has(key)) stray(line, `The header has ${key} twice; the first one counts, the other is kept as text.`)
    else if (entries.size + (key === 'nb' || entries.has('nb') ? 0 : 1) >= MAX_HEADER_KEYS)
      stray(line, `The header has more than ${MAX_HEADER_KEYS} entries; the rest is kept as text.`)
    else if (value.length > MAX_HEADER_VALUE_LENGTH) stray(line, `The entry ${key} of the header is too long; it is kept as text.`)
    else {
      entries.set(key, value)
      open = key
    }
  }
  return { header: withVersion(entries, notices), strays, notices }
}

function withVersion(entries: ReadonlyMap<string, string>, notices: Notice[]): NotebookHeader {
  const version = entries.get('nb')
  if (version === undefined) {
    notices.push({ code: 'no_version', line: 1, sentence: `The header has no nb: ${FORMAT_VERSION}; it is read as that version.` })
    return { nb: String(FORMAT_VERSION), ...Object.fromEntries(entries) }
  }
  if (version.trim() !== String(FORMAT_VERSION)) {
    const sentence = `The file is of version ${version.trim() || '(none)'}, and ${FORMAT_VERSION} is known here; it is read as that version.`
    notices.push({ code: 'other_version', line: 1, sentence })
  }
  return Object.fromEntries(entries)
}

/** The lines of {@link readHeader}, the version first where it would be. */
export function writeHeader(header: NotebookHeader): string[] {
  return Object.entries(header).flatMap(([key, value]) => `${key}:${value === '' ? '' : ` ${value}`}`.split('\n'))
}

/** The line that opens a cell, behind its `%%`: ` [md] id=k3f9 title="Load" hidden`. */
import { MAX_ATTRIBUTE_LENGTH, MAX_CELL_ATTRIBUTES } from '../protocol/limits.ts'
import type { AttributeValue, Cell, CellAttributes } from '../protocol/notebook.ts'
import { ATTRIBUTE_NAME } from '../protocol/notebook-rules.ts'

export interface Marker {
  readonly type: string
  /** As it stands there: it may be no id, or one that another cell has. */
  readonly id: AttributeValue | undefined
  readonly attributes: CellAttributes
  /** What is no attribute, and is not lost. */
  readonly words: string
}

const KIND = /^\s+\[([A-Za-z][\w.+-]{0,31})\](?=\s|$)/
const TOKEN = /\s*(?:([A-Za-z][\w-]*)(?:=(?:"((?:[^"\\]|\\.)*)"|([^\s"]+)))?(?=\s|$)|(\S+))/gy
const ALIASES: Readonly<Record<string, string>> = { markdown: 'md', typescript: 'ts' }
const FLAGS: readonly string[] = ['hidden', 'folded']

interface Token {
  readonly text: string
  readonly name?: string
  readonly value?: AttributeValue
}

/** Reads what stands behind `%%`. It takes every line: what it cannot read as attributes becomes the title, or `words`. */
export function readMarker(line: string): Marker {
  const kind = KIND.exec(line)
  const tokens = tokensOf(line.slice(kind?.[0].length ?? 0).trim())
  const isTitle = tokens.some(({ name }) => name === undefined)
  const attributes = new Map<string, AttributeValue>()
  const words: string[] = []
  let id: AttributeValue | undefined
  for (const { text, name, value } of tokens) {
    // `// %% Load & score`: beside words that are no attributes, single words are none either.
    if (name === undefined || value === undefined || (isTitle && value === true && !FLAGS.includes(name))) words.push(text)
    else if (name === 'id' && id === undefined) id = value
    else if (canHave(attributes, name, value)) attributes.set(name, value)
    else words.push(text)
  }
  const rest = words.join(' ')
  const titled = rest !== '' && !rest.includes('=') && canHave(attributes, 'title', rest)
  if (titled) attributes.set('title', rest)
  const type = kind?.[1] ?? 'ts'
  return { type: ALIASES[type] ?? type, id, attributes: Object.fromEntries(attributes), words: titled ? '' : rest }
}

function canHave(attributes: ReadonlyMap<string, AttributeValue>, name: string, value: AttributeValue): boolean {
  const fits = value === true || value.length <= MAX_ATTRIBUTE_LENGTH
  return fits && attributes.size < MAX_CELL_ATTRIBUTES && !attributes.has(name) && ATTRIBUTE_NAME.test(name)
}

function tokensOf(text: string): Token[] {
  return [...text.matchAll(TOKEN)].map(([whole, name, quoted, bare, word]) => {
    const token = whole.trim()
    if (word !== undefined || name === undefined) return { text: token }
    if (quoted === undefined) return { text: token, name, value: bare ?? true }
    const value = unquote(quoted)
    return value === undefined ? { text: token } : { text: token, name, value }
  })
}

function unquote(quoted: string): string | undefined {
  try {
    const value: unknown = JSON.parse(`"${quoted}"`)
    return typeof value === 'string' ? value : undefined
  } catch {
    return undefined
  }
}

/** ` [md] id=k3f9 title="Load"`: fits behind `// %%` as well as into an HTML comment. */
export function writeMarker({ type, id, attributes }: Cell): string {
  const kind = type === 'ts' ? '' : ` [${type}]`
  return `${kind} id=${id}${Object.entries(attributes).map(writeAttribute).join('')}`
}

function writeAttribute([name, value]: [string, AttributeValue]): string {
  if (value === true) return ` ${name}`
  return /^[^\s"\\=>\p{Cc}]+$/u.test(value) && name !== 'title' ? ` ${name}=${value}` : ` ${name}=${quote(value)}`
}

/** JSON, and without the characters that would end the comment around it. */
const quote = (value: string): string =>
  JSON.stringify(value).replaceAll(/[>\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** Documentation as elements: code in the colours of the editor, prose as plain text. Never from markup. */
import { tokensOf } from '../highlight.ts'
import { piecesOf, type Marked } from '../pieces.ts'
import type { Documentation, Signature } from './types-protocol.ts'

/** A longer declaration is cut: a popup is no page. */
const MAX_CODE = 1_500
const SHOWN_TAGS: ReadonlySet<string> = new Set([
  'param',
  'returns',
  'return',
  'throws',
  'example',
  'deprecated',
  'see',
  'default',
  'remarks',
])

export function documentationView({ code, text, tags }: Documentation, cellTitle?: string): HTMLElement {
  const view = element('div', 'fc-doc')
  if (code !== '') view.append(codeView(code))
  if (text.trim() !== '') view.append(proseView(text))
  for (const tag of tags) {
    if (!SHOWN_TAGS.has(tag.name)) continue
    if (tag.name === 'example') {
      view.append(codeView(tag.text.replaceAll(/^```\w*\n?|\n?```$/g, '')))
      continue
    }
    const line = element('p', 'fc-doc-tag')
    const name = element('span', 'fc-doc-name')
    name.textContent = `@${tag.name}`
    line.append(name, ...proseParts(tag.text === '' ? '' : ` ${tag.text}`))
    view.append(line)
  }
  if (cellTitle !== undefined) {
    const from = element('p', 'fc-doc-from')
    from.textContent = `Defined in ${cellTitle}. F12 goes there.`
    view.append(from)
  }
  return view
}

export function signatureView(signature: Signature, active: number, count: string): HTMLElement {
  const view = element('div', 'fc-doc')
  const { before, parameters, separator, after } = signature
  const labels = parameters.map(({ label }) => label)
  const text = before + labels.join(separator) + after
  const from = before.length + labels.slice(0, active).reduce((sum, label) => sum + label.length + separator.length, 0)
  const label = labels[active]
  const line = element('pre', 'fc-doc-code')
  line.append(...coloured(text, label === undefined ? [] : [{ from, to: from + label.length }]))
  view.append(line)
  const told = parameters[active]?.text ?? ''
  for (const prose of [told, signature.text, count]) if (prose.trim() !== '') view.append(proseView(prose))
  return view
}

function codeView(code: string): HTMLElement {
  const view = element('pre', 'fc-doc-code')
  view.append(...coloured(code.length > MAX_CODE ? `${code.slice(0, MAX_CODE)} …` : code))
  return view
}

/** What lies in one of the ranges is marked as the active one. */
function coloured(code: string, ranges: readonly Marked[] = []): readonly (string | HTMLElement)[] {
  return piecesOf(code, tokensOf(code), ranges).map(({ text, className, range }) => {
    const all = range === undefined ? className : `${className} fc-doc-active`.trim()
    if (all === '') return text
    const span = element('span', all)
    span.textContent = text
    return span
  })
}

function proseView(text: string): HTMLElement {
  const view = element('p', 'fc-doc-prose')
  view.append(...proseParts(text))
  return view
}

/** The marks of Markdown that a sentence has: `code` and the text of links. */
function proseParts(text: string): readonly (string | HTMLElement)[] {
  const plain = text.replaceAll(/\[([^\]]+)\](?:\([^)]*\)|\[[^\]]*\])/g, '$1').replaceAll(/\*\*([^*]+)\*\*/g, '$1')
  return plain.split(/(`[^`\n]+`)/).map((part) => {
    if (!/^`[^`\n]+`$/.test(part)) return part
    const code = element('code', '')
    code.textContent = part.slice(1, -1)
    return code
  })
}

function element(tag: string, className: string): HTMLElement {
  const made = document.createElement(tag)
  if (className !== '') made.className = className
  return made
}

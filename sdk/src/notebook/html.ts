/**
 * A notebook as one static page, which needs nothing and runs nothing, and which carries the file of the notebook, so that it can be
 * read again.
 *
 * Whatever comes from cells is escaped. `renderText` is the one way for markup into the page: what it answers must be safe already.
 */
import type { Random } from '../protocol/mint.ts'
import type { Cell, Notebook } from '../protocol/notebook.ts'
import { cellTitleOf, hasFlag, titleOf, withoutBlankEnd } from './document.ts'
import { parseNotebook, printNotebook } from './nb-ts.ts'
import type { ReadNotebook } from './notices.ts'
import type { CellOutput } from '../protocol/cell-output.ts'
import type { CellOutputs } from './outputs.ts'

export interface HtmlOptions {
  readonly outputs?: CellOutputs
  /** Markdown to safe HTML. Without it, text stands as it was written. */
  readonly renderText?: (source: string) => string
}

const OPEN = '<pre hidden id="flowcell-notebook">\n'
const CLOSE = '</pre>'
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
const STYLE = `:root{color-scheme:light dark}body{max-width:52rem;margin:2rem auto;padding:0 1rem;font:1rem/1.55 system-ui,sans-serif}
section{margin:1.25rem 0}pre{overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere;font:.875rem/1.5 ui-monospace,monospace;margin:0}
.code{padding:.75rem 1rem;border:1px solid color-mix(in srgb,currentColor 20%,transparent);border-radius:.375rem}
.text{font:inherit}.output{padding:.5rem 1rem}.error{color:light-dark(#a40e26,#ff8182)}h2{font-size:.875rem;margin:0 0 .25rem}img{max-width:100%}
@media print{body{max-width:none;margin:0;padding:0}details>*{display:block}.code,.output{break-inside:avoid}@page{margin:2cm}}`

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;')

const unescapeHtml = (text: string): string =>
  text.replaceAll('&#39;', "'").replaceAll('&quot;', '"').replaceAll('&gt;', '>').replaceAll('&lt;', '<').replaceAll('&amp;', '&')

export function printHtml(notebook: Notebook, { outputs, renderText }: HtmlOptions = {}): string {
  const title = titleOf(notebook)
  const sections = notebook.cells.map((cell) => section(cell, outputs?.get(cell.id) ?? [], renderText))
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(POLICY)}">
<title>${escapeHtml(title ?? 'Notebook')}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${[...(title === undefined ? [] : [`<h1>${escapeHtml(title)}</h1>`]), ...sections].join('\n')}
</main>
${OPEN}${escapeHtml(printNotebook(notebook))}${CLOSE}
</body>
</html>
`
}

function section(cell: Cell, outputs: readonly CellOutput[], renderText: HtmlOptions['renderText']): string {
  const title = cellTitleOf(cell)
  const heading = title === undefined ? '' : `<h2>${escapeHtml(title)}</h2>`
  return `<section id="${cell.id}">${heading}${body(cell, renderText)}${outputs.map(output).join('')}</section>`
}

function body(cell: Cell, renderText: HtmlOptions['renderText']): string {
  const source = withoutBlankEnd(cell.source)
  if (cell.type === 'md') return renderText?.(source) ?? `<pre class="text">${escapeHtml(source)}</pre>`
  const code = `<pre class="code"><code>${escapeHtml(source)}</code></pre>`
  return hasFlag(cell.attributes, 'hidden') ? `<details><summary>Code</summary>${code}</details>` : code
}

function output(shown: CellOutput): string {
  if (shown.kind === 'stream') return text(shown.text, shown.name === 'stderr' ? ' error' : '')
  if (shown.kind === 'error') return text([`${shown.name}: ${shown.message}`, ...shown.stack].join('\n'), ' error')
  const { data } = shown
  const svg = data['image/svg+xml']
  const alt = escapeHtml(typeof data['text/plain'] === 'string' ? data['text/plain'] : '')
  if (typeof svg === 'string') return image(`image/svg+xml,${encodeURIComponent(svg.toWellFormed())}`, alt)
  for (const type of ['image/png', 'image/jpeg', 'image/gif', 'image/webp']) {
    const base64 = data[type]
    if (typeof base64 === 'string' && /^[A-Za-z0-9+/=\s]*$/.test(base64))
      return image(`${type};base64,${base64.replaceAll(/\s/g, '')}`, alt)
  }
  const plain = data['text/plain'] ?? data['application/json']
  return plain === undefined ? '' : text(typeof plain === 'string' ? plain : JSON.stringify(plain, null, 2), '')
}

const text = (content: string, kind: string): string => `<pre class="output${kind}">${escapeHtml(content)}</pre>`
// As an image an SVG runs no script and loads nothing.
const image = (source: string, alt: string): string => `<p class="output"><img src="data:${escapeHtml(source)}" alt="${alt}"></p>`

/** Reads the notebook that such a page carries. */
export function parseHtml(text: string, random: Random): ReadNotebook {
  const page = text.replaceAll(/\r\n?/g, '\n')
  const start = page.lastIndexOf(OPEN)
  const end = page.indexOf(CLOSE, start)
  if (start < 0 || end < 0) return { ok: false, code: 'not_a_notebook', sentence: 'The page carries no notebook.' }
  return parseNotebook(unescapeHtml(page.slice(start + OPEN.length, end)), random)
}

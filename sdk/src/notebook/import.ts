/** Any file that may be a notebook: by its name, and by what stands in it. */
import type { Random } from '../protocol/mint.ts'
import { parseHtml } from './html.ts'
import { parseIpynb } from './ipynb.ts'
import { parseMarkdown } from './markdown.ts'
import { hasMarkers, parseNotebook } from './nb-ts.ts'
import type { ReadNotebook } from './notices.ts'
import { parsePlainTs } from './plain-ts.ts'

/** Reads `.nb.ts`, `.ts`, `.js`, `.ipynb`, `.md` and `.html`; every other text as the file of a notebook, which takes any. */
export function importNotebook(filename: string, text: string, random: Random): ReadNotebook {
  const name = filename.replace(/^.*[/\\]/, '').toLowerCase()
  if (name.endsWith('.ipynb')) return parseIpynb(text, random)
  if (/\.(?:md|markdown)$/.test(name)) return parseMarkdown(text, random)
  if (/\.html?$/.test(name)) return parseHtml(text, random)
  const isPlain = /\.[cm]?[jt]s$/.test(name) && !name.endsWith('.nb.ts') && !hasMarkers(text)
  return isPlain ? parsePlainTs(text, random, { title: name.replace(/\.[^.]*$/, '') }) : parseNotebook(text, random)
}

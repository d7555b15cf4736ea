/**
 * Markdown as safe HTML. What comes out has gone through DOMPurify, whatever the text says: no script, no frame, no form, no style.
 *
 * Formulas (`$…$`, `$$…$$`) are drawn by KaTeX, which is loaded for the first of them; until then their text stands there.
 */
import type { Config } from 'dompurify'
import type * as katexModule from 'katex'
import { Marked, type TokenizerAndRendererExtension, type Tokens } from 'marked'
import { newPurifier, TRUSTED } from '../ui/purify.ts'

type Katex = (typeof katexModule)['default']
/** Bounds for formulas that mean harm. */
const MAX_EXPANSIONS = 1_000
const MAX_EM = 50
/** Marks a formula that stands by itself. */
const BLOCK = 'data-block'

let katex: Katex | undefined

/** Whether the text may have formulas, so that KaTeX is worth loading. */
export const hasFormula = (source: string): boolean => /\$[^\s$]/.test(source)

/** Loads what draws formulas; answers whether it had not been there. */
export async function loadFormulas(): Promise<boolean> {
  if (katex !== undefined) return false
  ;({ default: katex } = await import('katex'))
  return true
}

interface FormulaToken extends Tokens.Generic {
  readonly tex: string
  readonly isBlock: boolean
}

const FORMULA = /^(?:\$\$([^]+?)\$\$|\$(?!\s)((?:\\.|[^$\\\n])+?)(?<!\s)\$(?!\d))/

const formula: TokenizerAndRendererExtension = {
  name: 'formula',
  level: 'inline',
  start: (source) => source.indexOf('$'),
  tokenizer(source) {
    const match = FORMULA.exec(source)
    if (match === null) return undefined
    return { type: 'formula', raw: match[0], tex: match[1] ?? match[2] ?? '', isBlock: match[1] !== undefined }
  },
  renderer(token) {
    const { tex, isBlock } = token as FormulaToken // the tokenizer above made it
    return `<code class="formula"${isBlock ? ` ${BLOCK}="true"` : ''}>${escapeHtml(tex)}</code>`
  },
}

const marked = new Marked({ gfm: true })
marked.use({ extensions: [formula], renderer: { html: ({ text }) => withoutForbidden(text) } })

/** The policy complains of styles and handlers as soon as they are parsed, long before they are taken out. */
function withoutForbidden(markup: string): string {
  return markup.replaceAll(/<[a-z][^>]*>/gi, (tag) => tag.replaceAll(/([\s"'/])((?:style|on[a-z]+)\s*=)/gi, '$1data-no-$2'))
}

const escapeHtml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const purifier = newPurifier()
purifier.addHook('afterSanitizeAttributes', (node) => {
  // Only an image that the text carries is drawn: the page's policy loads no other from elsewhere, and nothing of ours is meant.
  if (node.tagName === 'IMG' && !/^data:image\/(?:png|jpeg|gif|webp);/i.test(node.getAttribute('src') ?? '')) node.removeAttribute('src')
  if (node.tagName !== 'A') return
  const href = node.getAttribute('href') ?? ''
  if (/^[a-z]+:/i.test(href)) {
    node.setAttribute('target', '_blank')
    node.setAttribute('rel', 'noopener noreferrer')
  }
})
const OPTIONS = {
  ...TRUSTED,
  USE_PROFILES: { html: true },
  FORBID_TAGS: ['style', 'form', 'input', 'button', 'textarea', 'select', 'dialog', 'audio', 'video'],
  // `style` in markup is against the page's policy; ids of a text are none of the page's.
  ALLOW_DATA_ATTR: false,
  ADD_ATTR: [BLOCK],
  FORBID_ATTR: ['style', 'id', 'name', 'srcset', 'slot', 'part', 'background'],
} satisfies Config

/** The text as nodes, ready to be put in. */
export function renderMarkdown(source: string): DocumentFragment {
  const nodes = purifier.sanitize(marked.parse(source, { async: false }), { ...OPTIONS, RETURN_DOM_FRAGMENT: true })
  for (const code of nodes.querySelectorAll('code.formula')) drawFormula(code)
  return nodes
}

/** As MathML, which needs neither styles nor fonts of ours; without KaTeX, or where it understands nothing, the text stays and says why. */
function drawFormula(code: Element): void {
  if (katex === undefined || !(code instanceof HTMLElement)) return
  const drawn = document.createElement('span')
  drawn.className = 'formula'
  try {
    katex.render(code.textContent ?? '', drawn, {
      displayMode: code.hasAttribute(BLOCK),
      throwOnError: true, // its own drawing of an error has a style, which the policy refuses
      strict: 'ignore',
      output: 'mathml',
      maxExpand: MAX_EXPANSIONS,
      maxSize: MAX_EM,
    })
  } catch (error) {
    code.title = error instanceof Error ? error.message : String(error)
    return
  }
  code.replaceWith(drawn)
}

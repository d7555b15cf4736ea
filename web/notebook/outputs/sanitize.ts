/**
 * Foreign drawings and pages as nodes that cannot do anything: no script, no frame, no form, nothing that is loaded from elsewhere.
 *
 * The page's policy forbids styles in markup. So style attributes are taken out before the markup is parsed, looked through, and given to the
 * nodes through the style object; style elements go, and come back as a sheet (safe-sheet.ts).
 */
import type { Config } from 'dompurify'
import { newPurifier, TRUSTED } from '../../ui/purify.ts'
import { withoutStyleElements } from './safe-sheet.ts'
import { giveStyle } from './safe-style.ts'

const KEPT = 'data-fc-style'
const FORBIDDEN = [
  'style',
  'form',
  'input',
  'button',
  'textarea',
  'select',
  'dialog',
  'audio',
  'video',
  'animate',
  'set',
  'use',
  'image',
  'a',
]

const SVG: Config = {
  ...TRUSTED,
  USE_PROFILES: { svg: true, svgFilters: true },
  FORBID_TAGS: FORBIDDEN,
  ADD_ATTR: [KEPT],
  ADD_URI_SAFE_ATTR: [KEPT],
  FORBID_ATTR: ['name', 'slot', 'part', 'tabindex'],
  ALLOW_DATA_ATTR: false,
}
const HTML: Config = {
  ...TRUSTED,
  USE_PROFILES: { html: true, svg: true, svgFilters: true },
  FORBID_TAGS: FORBIDDEN.filter((tag) => tag !== 'a'),
  ADD_ATTR: [KEPT],
  ADD_URI_SAFE_ATTR: [KEPT],
  FORBID_ATTR: ['name', 'slot', 'part', 'tabindex', 'srcset', 'background', 'contenteditable'],
  ALLOW_DATA_ATTR: false,
}

const purifier = newPurifier()
purifier.addHook('afterSanitizeAttributes', (node) => {
  if (node.tagName === 'A') {
    node.setAttribute('target', '_blank')
    node.setAttribute('rel', 'noopener noreferrer')
  }
  // Groups of a drawing have no role that could have a name; the drawing itself has.
  if (node.localName === 'g' && !node.hasAttribute('role')) node.removeAttribute('aria-label')
  // Only what the markup carries is drawn: an address would tell somebody that it was looked at.
  for (const name of ['src', 'href', 'xlink:href', 'poster', 'background']) {
    const address = node.getAttribute(name)
    if (address === null || node.tagName === 'A') continue
    if (!address.startsWith('#') && !/^data:image\/(?:png|jpeg|gif|webp);/i.test(address)) node.removeAttribute(name)
  }
  for (const { name, value } of Array.from(node.attributes))
    if (name !== KEPT && /url\(/i.test(value) && !/^\s*url\(\s*["']?#/i.test(value)) node.removeAttribute(name)
})

/** The drawing, with ids that no other drawing has; undefined where there is none. */
export function sanitizeSvg(markup: string): SVGSVGElement | undefined {
  const nodes = purifier.sanitize(withoutStyles(markup), { ...SVG, RETURN_DOM_FRAGMENT: true })
  const svg = nodes.querySelector('svg')
  if (svg === null) return undefined
  giveStyles(svg)
  giveOwnIds(svg)
  return svg
}

export function sanitizeHtml(markup: string): DocumentFragment {
  const nodes = purifier.sanitize(withoutStyles(markup), { ...HTML, RETURN_DOM_FRAGMENT: true })
  giveStyles(nodes)
  giveOwnIds(nodes)
  for (const svg of nodes.querySelectorAll('svg')) if (svg.parentElement?.closest('svg') == null) nameDrawing(svg)
  return nodes
}

/** Smaller ones are marks beside words, such as those of a legend. */
const SMALL_PX = 40

function nameDrawing(svg: Element): void {
  if (svg.hasAttribute('role') || svg.hasAttribute('aria-hidden')) return
  const isNamed = svg.hasAttribute('aria-label') || svg.hasAttribute('aria-labelledby')
  const isSmall = Number.parseFloat(svg.getAttribute('width') ?? '') < SMALL_PX
  if (!isNamed && isSmall) return svg.setAttribute('aria-hidden', 'true')
  svg.setAttribute('role', 'img')
  if (!isNamed) svg.setAttribute('aria-label', svg.querySelector('title')?.textContent.trim() || 'Chart')
}

function withoutStyles(markup: string): string {
  return withoutStyleElements(markup).replaceAll(/<[a-z][^>]*>/gi, (tag) => tag.replaceAll(/(\s)style(\s*=)/gi, `$1${KEPT}$2`))
}

function giveStyles(root: Element | DocumentFragment): void {
  const styled = [...root.querySelectorAll(`[${KEPT}]`)]
  if (root instanceof Element && root.hasAttribute(KEPT)) styled.push(root)
  for (const node of styled) {
    const text = node.getAttribute(KEPT) ?? ''
    node.removeAttribute(KEPT)
    if (node instanceof HTMLElement || node instanceof SVGElement) giveStyle(node.style, text)
  }
}

let drawings = 0

/** Ids and what points to them belong to one drawing: clip paths of two charts must not meet. */
function giveOwnIds(root: Element | DocumentFragment): void {
  const prefix = `drawing-${++drawings}-`
  const all = [...root.querySelectorAll('*'), ...(root instanceof Element ? [root] : [])]
  const ids = new Set(all.flatMap((node) => (node.id === '' ? [] : [node.id])))
  for (const node of all) {
    if (node.id !== '') node.id = prefix + node.id
    for (const { name, value } of Array.from(node.attributes)) {
      if (name === 'id') continue
      if (name === 'href' || name === 'xlink:href') {
        if (value.startsWith('#') && ids.has(value.slice(1))) node.setAttribute(name, `#${prefix}${value.slice(1)}`)
      } else if (value.includes('url(#')) {
        node.setAttribute(
          name,
          value.replaceAll(/url\(#([^)]+)\)/g, (whole, id: string) => (ids.has(id) ? `url(#${prefix}${id})` : whole)),
        )
      } else if (name.startsWith('aria-') && /^aria-(?:labelledby|describedby)$/.test(name)) {
        node.setAttribute(
          name,
          value
            .split(/\s+/)
            .map((id) => (ids.has(id) ? prefix + id : id))
            .join(' '),
        )
      }
    }
  }
}

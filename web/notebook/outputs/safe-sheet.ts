/**
 * Style elements of foreign markup as a sheet for the shadow root that holds it: rules for its own nodes only, with the properties that a style
 * attribute may have. What the browser has parsed is read, never the text.
 */
import { copyStyle } from './safe-style.ts'

const STYLE_ELEMENT = /<style\b[^>]*>([\s\S]*?)(?:<\/style\s*>|$)/gi
const MAX_RULES = 500

/** @param scope Selector of the node that the markup is put into. */
export function safeSheet(markup: string, scope: string): CSSStyleSheet | undefined {
  const texts = [...markup.matchAll(STYLE_ELEMENT)].map((match) => (match[1] ?? '').replaceAll(/<!\[CDATA\[|\]\]>/g, ''))
  if (texts.length === 0) return undefined
  const parsed = new CSSStyleSheet()
  // Nothing is loaded by a sheet that is made so; `@import` is left out by the platform.
  parsed.replaceSync(texts.join('\n'))
  const sheet = new CSSStyleSheet()
  for (const rule of Array.from(parsed.cssRules).slice(0, MAX_RULES)) {
    if (!(rule instanceof CSSStyleRule) || /:host|::slotted|::part|:root/i.test(rule.selectorText)) continue
    const at = sheet.insertRule(`${scope} :is(${rule.selectorText}) {}`, sheet.cssRules.length)
    const own = sheet.cssRules[at]
    if (own instanceof CSSStyleRule) copyStyle(rule.style, own.style)
  }
  return sheet
}

export const withoutStyleElements = (markup: string): string => markup.replaceAll(STYLE_ELEMENT, '')

const adopted = new WeakMap<ShadowRoot, CSSStyleSheet>()

/** Puts a sheet in the place of the one before. */
export function adoptSheet(root: ShadowRoot | null, sheet: CSSStyleSheet | undefined): void {
  if (root === null) return
  const before = adopted.get(root)
  const others = root.adoptedStyleSheets.filter((one) => one !== before)
  if (before !== undefined) adopted.delete(root)
  if (sheet !== undefined) adopted.set(root, sheet)
  root.adoptedStyleSheets = sheet === undefined ? others : [...others, sheet]
}

/** Texts marked as HTML, Markdown, SVG or LaTeX: what `html`, `md`, `svg` and `latex` make. */
import { OptionError } from '../engine/errors.ts'
import type { Markup, MarkupTag } from './display-face.ts'
import { inspect } from './inspect.ts'

class MarkedText implements Markup {
  readonly media: string
  readonly text: string
  constructor(media: string, text: string) {
    this.media = media
    this.text = text
  }
  toString(): string {
    return this.text
  }
}

/** The media type and the text of what a tag has made; undefined for all else. */
export const markupOf = (value: unknown): Markup | undefined => (value instanceof MarkedText ? value : undefined)

const escapeMarkup = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;')
const asIs = (text: string): string => text

export const html: MarkupTag = tag('html', 'text/html', escapeMarkup)
export const svg: MarkupTag = tag('svg', 'image/svg+xml', escapeMarkup)
export const md: MarkupTag = tag('md', 'text/markdown', asIs)
export const latex: MarkupTag = tag('latex', 'text/latex', asIs)

function tag(name: string, media: string, escape: (text: string) => string): MarkupTag {
  const fill = (value: unknown): string => {
    if (value instanceof MarkedText && (value.media === media || media === 'text/html')) return value.text
    if (Array.isArray(value)) return value.map(fill).join('')
    return escape(value === undefined || value === null || value === false ? '' : inspect(value))
  }
  return (given: unknown, ...values: readonly unknown[]): Markup => {
    if (typeof given === 'string') return new MarkedText(media, given)
    if (!isTemplate(given)) throw new OptionError(name, `${name}: expected a text, or to stand before a template, as in ${name}\`…\`.`)
    const text = given.map((part, index) => (index === 0 ? part : fill(values[index - 1]) + part)).join('')
    return new MarkedText(media, text)
  }
}

/** LaTeX and Markdown want backslashes as they are written. */
const isTemplate = (value: unknown): value is readonly string[] => Array.isArray(value) && Array.isArray(Reflect.get(value, 'raw'))

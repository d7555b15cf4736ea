/** Icons of lucide: `import play from 'lucide-static/icons/play.svg'`, then `icon(play)`. Each page carries the ones it uses. */
import type { TemplateResult } from 'lit'
import { html, unsafeStatic } from 'lit/static-html.js'

/**
 * An icon is part of its template, so that it is parsed once however often it is drawn: a notebook of 500 cells shows 1,000 of them.
 *
 * @param markup What stands inside the `<svg>`; comes from the build, never from data.
 * @param label Said to screen readers; without it the icon is decoration.
 */
export function icon(markup: string, label?: string): TemplateResult {
  const drawing = unsafeStatic(markup)
  return label === undefined
    ? html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${drawing}</svg>`
    : html`<svg class="icon" viewBox="0 0 24 24" role="img" aria-label=${label}>${drawing}</svg>`
}

/** Icons of lucide: `import play from 'lucide-static/icons/play.svg'`, then `icon(play)`. Each page carries the ones it uses. */
import { html, nothing, type TemplateResult } from 'lit'
import { unsafeSVG } from 'lit/directives/unsafe-svg.js'

/**
 * @param markup What stands inside the `<svg>`; comes from the build, never from data.
 * @param label Said to screen readers; without it the icon is decoration.
 */
export function icon(markup: string, label?: string): TemplateResult {
  // prettier-ignore
  return html`<svg class="icon" viewBox="0 0 24 24" role=${label === undefined ? nothing : 'img'} aria-label=${label ?? nothing} aria-hidden=${label === undefined ? 'true' : nothing}>${unsafeSVG(markup)}</svg>`
}

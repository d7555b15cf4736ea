/**
 * `<fc-chart .svg=${…} .label=${…}>`: a drawing, as nodes of the page, so that it follows the theme and its text can be read and found. It can be taken away as
 * SVG and PNG.
 */
import { LitElement, css, html, type PropertyValues } from 'lit'
import download from 'lucide-static/icons/download.svg'
import { icon } from '../../ui/icon.ts'
import { base } from '../../ui/styles.ts'
import { saveFile } from './save-file.ts'
import { outputStyle } from './output-style.ts'
import { adoptSheet, safeSheet } from './safe-sheet.ts'
import { sanitizeSvg } from './sanitize.ts'

const PNG_SCALE = 2
const SCOPE = '.content'

export class FcChart extends LitElement {
  static override properties = { svg: { attribute: false }, label: { attribute: false } }
  declare svg: string
  declare label: string
  static override styles = [
    base,
    outputStyle,
    css`
      :host {
        position: relative;
        padding: var(--space-2) 14px;
        overflow-x: auto;
        color: var(--ink);
        fill: currentColor;
      }
      svg.drawing {
        display: block;
        max-width: 100%;
        height: auto;
        background: none;
        font-family: var(--font-ui);
        overflow: visible;
      }
      svg.drawing text,
      svg.drawing tspan {
        white-space: pre;
      }
      .bar {
        position: absolute;
        top: var(--space-1);
        right: var(--space-2);
        opacity: 0;
      }
      :host(:hover) .bar,
      .bar:focus-within {
        opacity: 1;
      }
      .bar button {
        background: var(--paper);
      }
      @media (hover: none) {
        .bar {
          position: static;
          opacity: 1;
        }
      }
    `,
  ]
  #drawing: SVGSVGElement | undefined

  constructor() {
    super()
    this.svg = ''
    this.label = ''
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('svg') && !changed.has('label')) return
    this.#drawing = sanitizeSvg(this.svg)
    adoptSheet(this.shadowRoot, safeSheet(this.svg, SCOPE))
    if (this.#drawing === undefined) return
    const drawing = this.#drawing
    drawing.classList.add('drawing')
    drawing.setAttribute('role', 'img')
    if (!drawing.hasAttribute('aria-label') && !drawing.hasAttribute('aria-labelledby'))
      drawing.setAttribute('aria-label', nameOf(drawing, this.label))
    fitOf(drawing)
  }

  override render() {
    if (this.#drawing === undefined) return html`<p class="note">The drawing could not be read: it has no svg element.</p>`
    return html`<div class="content">${this.#drawing}</div>
      <div class="bar">
        <button class="small" title="Save as SVG" @click=${() => this.#saveSvg()}>${icon(download)} SVG</button>
        <button class="small" title="Save as PNG" @click=${() => void this.#savePng()}>${icon(download)} PNG</button>
      </div>`
  }

  #saveSvg(): void {
    if (this.#drawing !== undefined) saveFile('chart.svg', new Blob([this.#text()], { type: 'image/svg+xml' }))
  }

  async #savePng(): Promise<void> {
    const drawing = this.#drawing
    if (drawing === undefined) return
    const { width, height } = drawing.getBoundingClientRect()
    const image = new Image()
    image.src = `data:image/svg+xml,${encodeURIComponent(this.#text())}`
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = Math.max(1, Math.round(width * PNG_SCALE))
    canvas.height = Math.max(1, Math.round(height * PNG_SCALE))
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
    canvas.toBlob((blob) => blob !== null && saveFile('chart.png', blob))
  }

  /** By itself it has neither our colours nor our font. */
  #text(): string {
    const drawing = this.#drawing
    if (drawing === undefined) return ''
    const copy = drawing.cloneNode(true)
    if (!(copy instanceof SVGSVGElement)) return ''
    const { color, fontSize } = getComputedStyle(drawing)
    const { width, height } = drawing.getBoundingClientRect()
    copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
    copy.setAttribute('width', String(width))
    copy.setAttribute('height', String(height))
    copy.setAttribute('color', color)
    copy.setAttribute('font-size', fontSize)
    copy.setAttribute('font-family', 'system-ui, sans-serif')
    return new XMLSerializer().serializeToString(copy)
  }
}

/** What a screen reader says of it. */
function nameOf(drawing: SVGSVGElement, label: string): string {
  const title = drawing.querySelector('title')?.textContent?.trim()
  const words = title === undefined || title === '' ? label : title
  return `Chart${words === '' ? '' : `: ${words.slice(0, 200)}`}`
}

/** Without a view box it would be cut where the page is narrow. */
function fitOf(drawing: SVGSVGElement): void {
  const [width, height] = ['width', 'height'].map((name) => Number.parseFloat(drawing.getAttribute(name) ?? ''))
  if (drawing.hasAttribute('viewBox') || width === undefined || height === undefined || !(width > 0) || !(height > 0)) return
  drawing.setAttribute('viewBox', `0 0 ${width} ${height}`)
}
customElements.define('fc-chart', FcChart)

/**
 * `<fc-html-frame .markup=${…} .context=${…}>`: HTML that has a script, in a page of its own without an origin: it sees nothing of this page, of the workspace
 * or of cookies, and its policy lets out what the notebook's network setting allows, and nothing else (worker/http/output-page.ts).
 *
 * 1. It runs by itself only where this tab's kernel made it. What is stored, or comes from others, waits for a click.
 * 2. The only thing that it can say to this page is how high it is.
 */
import { LitElement, css, html, type PropertyValues } from 'lit'
import play from 'lucide-static/icons/play.svg'
import { icon } from '../../ui/icon.ts'
import { base } from '../../ui/styles.ts'
import type { OutputContext } from './context.ts'
import { outputStyle } from './output-style.ts'

const MIN_HEIGHT = 24
const MAX_HEIGHT = 2_000

export class FcHtmlFrame extends LitElement {
  static override properties = {
    markup: { attribute: false },
    label: { attribute: false },
    context: { attribute: false },
    isAllowed: { state: true },
  }
  declare markup: string
  declare label: string
  declare context: OutputContext
  declare isAllowed: boolean
  static override styles = [
    base,
    outputStyle,
    css`
      :host {
        padding: var(--space-1) 14px;
      }
      iframe {
        display: block;
        width: 100%;
        height: 150px;
        border: 0;
        background: transparent;
        color-scheme: normal;
      }
    `,
  ]

  constructor() {
    super()
    this.markup = ''
    this.label = ''
    this.isAllowed = false
  }

  override connectedCallback(): void {
    super.connectedCallback()
    addEventListener('message', this.#listen)
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback()
    removeEventListener('message', this.#listen)
  }

  override render() {
    if (!this.context.isLive && !this.isAllowed)
      return html`<div class="bar">
        <button class="small" @click=${() => (this.isAllowed = true)}>${icon(play)} Run the script of this output</button>
        <span class="note">It runs in a closed frame that sees nothing of the workspace.</span>
      </div>`
    return html`<iframe
      sandbox="allow-scripts"
      title=${this.label === '' ? 'Output' : this.label.slice(0, 100)}
      referrerpolicy="no-referrer"
      loading="lazy"
      src=${this.#address}
    ></iframe>`
  }

  /** Beside the notebook's own pages: only known workspaces have one. */
  get #address(): string {
    const workspace = /^\/w\/[^/]+/.exec(location.pathname)?.[0] ?? ''
    return `${workspace}/output?network=${encodeURIComponent(this.context.isLive ? this.context.network : 'none')}`
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('markup') && changed.get('markup') !== undefined) this.#frame?.setAttribute('src', this.#address)
  }

  get #frame(): HTMLIFrameElement | null {
    return this.renderRoot.querySelector('iframe')
  }

  readonly #listen = ({ source, data }: MessageEvent<unknown>): void => {
    const frame = this.#frame
    if (frame === null || source === null || source !== frame.contentWindow || typeof data !== 'object' || data === null) return
    if ('type' in data && data.type === 'framed') {
      const isDark =
        getComputedStyle(this).colorScheme === 'dark' ||
        (getComputedStyle(this).colorScheme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
      // Its origin is opaque: no other target can be named, and only our page is in there.
      frame.contentWindow?.postMessage({ type: 'show', markup: this.markup, scheme: isDark ? 'dark' : 'light' }, '*')
      return
    }
    if (!('type' in data) || data.type !== 'height' || !('height' in data) || typeof data.height !== 'number') return
    if (Number.isFinite(data.height)) frame.style.height = `${Math.max(MIN_HEIGHT, Math.min(MAX_HEIGHT, Math.ceil(data.height)))}px`
  }
}
customElements.define('fc-html-frame', FcHtmlFrame)

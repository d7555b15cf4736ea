/** `<fc-connection-note>`: says that the workspace is away, and that it is back; moves nothing on the page. */
import { LitElement, css, html, nothing } from 'lit'
import unplug from 'lucide-static/icons/unplug.svg'
import { icon } from '../ui/icon.ts'
import { base } from '../ui/styles.ts'
import { toast } from '../ui/toasts.ts'
import { announce } from './announce.ts'
import { workspace } from './current.ts'

/** A gap shorter than this is not worth a word. */
const QUIET_MS = 1_200

export class FcConnectionNote extends LitElement {
  static override properties = { isAway: { state: true } }
  declare isAway: boolean
  #timer: ReturnType<typeof setTimeout> | undefined
  #stop = (): void => undefined
  static override styles = [
    base,
    css`
      :host {
        position: fixed;
        top: var(--space-2);
        left: 50%;
        z-index: 30;
        translate: -50%;
        max-width: calc(100vw - 2 * var(--space-4));
      }
      p {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        padding: 6px var(--space-4);
        border: 1px solid var(--late);
        border-radius: var(--radius-pill);
        background: var(--paper);
        color: var(--late);
        font-size: var(--text-sm);
        font-weight: 600;
        box-shadow: var(--shadow-high);
      }
    `,
  ]

  constructor() {
    super()
    this.isAway = false
  }

  override connectedCallback(): void {
    super.connectedCallback()
    const { connection } = workspace()
    this.#stop = connection.subscribe(() => this.#follow())
    this.#follow()
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#stop()
    clearTimeout(this.#timer)
  }

  override render() {
    return this.isAway ? html`<p role="status">${icon(unplug)}Reconnecting… What you type is kept.</p>` : nothing
  }

  #follow(): void {
    const isOpen = workspace().connection.value === 'open'
    clearTimeout(this.#timer)
    if (!isOpen) {
      this.#timer = setTimeout(() => {
        this.isAway = true
      }, QUIET_MS)
    } else if (this.isAway) {
      this.isAway = false
      announce('Connected again.')
      toast({ text: 'Connected again.' })
    }
  }
}
customElements.define('fc-connection-note', FcConnectionNote)

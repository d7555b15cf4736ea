/** `<fc-empty heading="…">`: an empty place that teaches: one sentence (slot), one example (slot `example`), one button (slot `action`). */
import { LitElement, css, html } from 'lit'
import { base } from './styles.ts'

export class FcEmpty extends LitElement {
  static override properties = { heading: {} }
  declare heading: string
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        justify-items: center;
        gap: var(--space-3);
        max-width: 56ch;
        margin: 8vh auto;
        padding: 0 var(--space-4);
        text-align: center;
      }
      h2 {
        font-size: var(--text-lg);
      }
      slot:not([name]) {
        display: block;
        color: var(--ink-2);
      }
      slot[name='action'] {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
      }
      ::slotted(pre) {
        max-width: 100%;
        margin: 0;
        padding: var(--space-3) var(--space-4);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
        border: var(--hair);
        border-radius: var(--radius-m);
        background: var(--paper);
        font: var(--text-sm) / 1.55 var(--font-code);
        text-align: left;
      }
    `,
  ]

  constructor() {
    super()
    this.heading = ''
  }

  override render() {
    return html`<h2>${this.heading}</h2>
      <slot></slot><slot name="example"></slot><slot name="action"></slot>`
  }
}
customElements.define('fc-empty', FcEmpty)

/** `<fc-command-line text="…">`: a command for the terminal with a button that copies it. */
import { LitElement, css, html } from 'lit'
import copyIcon from 'lucide-static/icons/copy.svg'
import { copyText } from './copy-text.ts'
import { icon } from './icon.ts'
import { base } from './styles.ts'

export class FcCommandLine extends LitElement {
  static override properties = { text: {} }
  declare text: string
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        min-width: 0;
        max-width: 100%;
        padding: 2px 2px 2px var(--space-3);
        border: var(--hair);
        border-radius: var(--radius-s);
        background: var(--paper-2);
        text-align: left;
      }
      pre {
        flex: 1;
        min-width: 0;
        padding: 4px 0;
      }
    `,
  ]

  constructor() {
    super()
    this.text = ''
  }

  override render() {
    return html`<pre tabindex="0"><code>${this.text}</code></pre>
      <button class="quiet icon-only" aria-label="Copy the command" title="Copy" @click=${() => copyText(this.text)}>
        ${icon(copyIcon)}
      </button>`
  }
}
customElements.define('fc-command-line', FcCommandLine)

/** Asks for a line of text in a dialog, and says beside it what is wrong with it. */
import { LitElement, css, html, type TemplateResult } from 'lit'
import '../ui/dialog.ts'
import { base } from '../ui/styles.ts'

export interface TextQuestion {
  readonly heading: string
  readonly label: string
  readonly value: string
  readonly placeholder?: string
  /** The word on the button. */
  readonly action: string
  /** What is wrong with an answer; undefined when nothing is. */
  readonly check: (text: string) => string | undefined
}

/** Undefined when nobody answered. */
export function askText(question: TextQuestion): Promise<string | undefined> {
  const element = new FcAskText()
  element.question = question
  document.body.append(element)
  return element.answered.finally(() => element.remove())
}

class FcAskText extends LitElement {
  static override properties = { question: { attribute: false }, problem: { state: true } }
  declare question: TextQuestion
  declare problem: string | undefined
  static override styles = [
    base,
    css`
      label {
        display: grid;
        gap: var(--space-1);
        color: var(--ink-2);
        font-size: var(--text-sm);
      }
      [role='alert'] {
        min-height: 1.5em;
        margin-top: var(--space-2);
        color: var(--failed);
        font-size: var(--text-sm);
      }
    `,
  ]
  #answer: (text: string | undefined) => void = () => undefined
  readonly answered = new Promise<string | undefined>((resolve) => {
    this.#answer = resolve
  })

  override render(): TemplateResult {
    const { heading, label, value, placeholder, action } = this.question
    return html`<fc-dialog heading=${heading} open @close=${() => this.#answer(undefined)}>
      <label
        >${label}<input
          .value=${value}
          placeholder=${placeholder ?? ''}
          aria-invalid=${this.problem === undefined ? 'false' : 'true'}
          @keydown=${(event: KeyboardEvent) => event.key === 'Enter' && this.#give()}
      /></label>
      <p role="alert">${this.problem ?? ''}</p>
      <button slot="actions" @click=${() => this.#answer(undefined)}>Cancel</button>
      <button slot="actions" class="primary" @click=${() => this.#give()}>${action}</button>
    </fc-dialog>`
  }

  protected override firstUpdated(): void {
    // After the dialog, which takes the focus when it opens.
    requestAnimationFrame(() => this.renderRoot.querySelector('input')?.focus())
  }

  #give(): void {
    const text = this.renderRoot.querySelector('input')?.value.trim() ?? ''
    this.problem = this.question.check(text)
    if (this.problem === undefined) this.#answer(text)
  }
}
customElements.define('fc-ask-text', FcAskText)

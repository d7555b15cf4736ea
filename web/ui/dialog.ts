/**
 * `<fc-dialog heading="…" ?open @close>`: the platform's modal dialog with a heading, content (slot) and what can be done (slot `actions`).
 * {@link confirmDialog} asks one question.
 */
import { LitElement, css, html, type PropertyValues } from 'lit'
import x from 'lucide-static/icons/x.svg'
import { icon } from './icon.ts'
import { showModal } from './modals.ts'
import { raised } from './raised.ts'
import { base } from './styles.ts'

export class FcDialog extends LitElement {
  static override properties = { heading: {}, open: { type: Boolean, reflect: true } }
  declare heading: string
  declare open: boolean
  static override styles = [
    base,
    raised,
    css`
      dialog {
        width: min(var(--dialog-width, 34rem), calc(100vw - 2 * var(--space-4)));
        max-height: min(44rem, 88vh);
        padding: 0;
        overflow: auto;
      }
      header {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        padding: var(--space-2) var(--space-2) var(--space-2) var(--space-4);
        border-bottom: var(--hair);
      }
      h2 {
        flex: 1;
        font-size: var(--text-md);
      }
      h2:focus {
        outline: none;
      }
      .content {
        padding: var(--space-4);
      }
      footer {
        display: flex;
        flex-wrap: wrap;
        justify-content: flex-end;
        gap: var(--space-2);
        padding: 0 var(--space-4) var(--space-4);
      }
      footer:not(.filled) {
        display: none;
      }
    `,
  ]

  constructor() {
    super()
    this.heading = ''
    this.open = false
  }

  override render() {
    return html`<dialog aria-labelledby="heading" @close=${() => this.#closed()} @click=${(event: MouseEvent) => this.#outside(event)}>
      <header>
        <h2 id="heading" tabindex="-1">${this.heading}</h2>
        <button class="quiet icon-only" aria-label="Close" @click=${() => this.close()}>${icon(x)}</button>
      </header>
      <div class="content"><slot></slot></div>
      <footer><slot name="actions" @slotchange=${(event: Event) => this.#fill(event)}></slot></footer>
    </dialog>`
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('open')) return
    const dialog = this.#dialog
    if (this.open && !dialog?.open) {
      if (dialog !== null) showModal(dialog)
      void this.#focusFirst()
    } else if (!this.open) dialog?.close()
  }

  async #focusFirst(): Promise<void> {
    const wanted = this.querySelector<HTMLElement & { readonly updateComplete?: Promise<unknown> }>('[autofocus]')
    await wanted?.updateComplete // an element that is not drawn yet takes no focus
    const target = wanted ?? this.renderRoot.querySelector('h2')
    target?.focus()
  }

  close(): void {
    this.#dialog?.close()
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog')
  }

  #fill({ target }: Event): void {
    if (!(target instanceof HTMLSlotElement)) return
    target.parentElement?.classList.toggle('filled', target.assignedElements().length > 0)
  }

  #outside({ target, clientX, clientY }: MouseEvent): void {
    if (target !== this.#dialog) return
    const { left, right, top, bottom } = this.#dialog?.getBoundingClientRect() ?? new DOMRect()
    if (clientX < left || clientX > right || clientY < top || clientY > bottom) this.close()
  }

  #closed(): void {
    this.open = false
    this.dispatchEvent(new CustomEvent('close'))
  }
}
customElements.define('fc-dialog', FcDialog)

export interface Question {
  readonly heading: string
  readonly text: string
  /** The word on the button that does it. */
  readonly action: string
  readonly isDanger?: boolean
}

/** Asks before something that cannot be taken back; false when the dialog is closed in any other way. */
export function confirmDialog({ heading, text, action, isDanger }: Question): Promise<boolean> {
  const dialog = new FcDialog()
  dialog.heading = heading
  const paragraph = document.createElement('p')
  paragraph.textContent = text
  const [cancel, go] = [document.createElement('fc-dialog-button'), document.createElement('fc-dialog-button')]
  cancel.textContent = 'Cancel'
  go.textContent = action
  go.setAttribute('look', isDanger === true ? 'danger' : 'primary')
  go.setAttribute('autofocus', '')
  for (const button of [cancel, go]) button.slot = 'actions'
  dialog.append(paragraph, cancel, go)
  document.body.append(dialog)
  dialog.open = true
  return new Promise((resolve) => {
    let answer = false
    go.addEventListener('click', () => {
      answer = true
      dialog.close()
    })
    cancel.addEventListener('click', () => dialog.close())
    dialog.addEventListener('close', () => {
      dialog.remove()
      resolve(answer)
    })
  })
}

/** A button that looks like one where no style of ours reaches: in the light of the document. */
class FcDialogButton extends LitElement {
  static override shadowRootOptions: ShadowRootInit = { mode: 'open', delegatesFocus: true }
  static override properties = { look: {} }
  declare look: string
  static override styles = [base]

  constructor() {
    super()
    this.look = ''
  }
  override render() {
    return html`<button class=${this.look}><slot></slot></button>`
  }
}
customElements.define('fc-dialog-button', FcDialogButton)

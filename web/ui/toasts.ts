/** `toast({ text })`: a sentence at the edge of the page that goes away by itself, with one thing to do about it. Said to screen readers. */
import { LitElement, css, html } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import x from 'lucide-static/icons/x.svg'
import { icon } from './icon.ts'
import { Signal, Watch } from './signal.ts'
import { base } from './styles.ts'

export interface Toast {
  readonly text: string
  readonly kind?: 'info' | 'error'
  readonly action?: { readonly title: string; readonly run: () => void }
}
interface Shown extends Toast {
  readonly id: number
}

const SHOWN_MS = 6_000
const MAX_SHOWN = 4
const shown = new Signal<readonly Shown[]>([])
let lastId = 0

/** Answers how to take it away. Errors and what has an action stay until somebody does. */
export function toast(given: Toast): () => void {
  const id = ++lastId
  // What is said again takes the place of what was said.
  shown.value = [...shown.value.filter(({ text }) => text !== given.text), { ...given, id }].slice(-MAX_SHOWN)
  const close = (): void => {
    shown.value = shown.value.filter((one) => one.id !== id)
  }
  if (given.kind !== 'error') setTimeout(close, given.action === undefined ? SHOWN_MS : 2 * SHOWN_MS)
  return close
}

export class FcToasts extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        position: fixed;
        inset: auto var(--space-4) var(--space-4) auto;
        z-index: 40;
        display: grid;
        gap: var(--space-2);
        max-width: min(26rem, calc(100vw - 2 * var(--space-4)));
      }
      .toast {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        padding: var(--space-2) var(--space-2) var(--space-2) var(--space-4);
        border: var(--hair);
        border-radius: var(--radius-m);
        background: var(--paper);
        box-shadow: var(--shadow-high);
        font-size: var(--text-sm);
      }
      .toast.error {
        border-left: 3px solid var(--failed);
      }
      @media (max-width: 760px) {
        :host {
          bottom: calc(var(--space-4) + 3.5rem);
        }
      }
    `,
  ]

  constructor() {
    super()
    new Watch(this, () => [shown])
  }

  override render() {
    return html`<div role="log" aria-live="polite" aria-label="Notices">
      ${repeat(
        shown.value,
        ({ id }) => id,
        ({ id, text, kind, action }) =>
          html`<div class="toast ${kind ?? 'info'}">
            <span class="grow">${text}</span>
            ${action === undefined ? '' : html`<button @click=${() => (this.#close(id), action.run())}>${action.title}</button>`}
            <button class="quiet icon-only" aria-label="Close" @click=${() => this.#close(id)}>${icon(x)}</button>
          </div>`,
      )}
    </div>`
  }

  #close(id: number): void {
    shown.value = shown.value.filter((one) => one.id !== id)
  }
}
customElements.define('fc-toasts', FcToasts)

/**
 * `<fc-menu label="More" .items=${items}>`: a button (its content is the slot) that opens a menu. Arrows, Home, End, the first letter and Escape
 * work as in every menu; the platform's popover closes it when something else is touched.
 */
import { LitElement, css, html, nothing, type TemplateResult } from 'lit'
import check from 'lucide-static/icons/check.svg'
import { isMac } from '../app/commands.ts'
import { shownKeys } from '../app/keys.ts'
import { icon } from './icon.ts'
import { raised } from './raised.ts'
import { base } from './styles.ts'

export interface MenuItem {
  readonly title: string
  readonly icon?: string
  /** As tinykeys writes them; only shown. */
  readonly keys?: string
  readonly isDisabled?: boolean
  /** Makes it one of a choice. */
  readonly isChecked?: boolean
  readonly isDanger?: boolean
  /** A line above it. */
  readonly begins?: boolean
  readonly run: () => void
}

export class FcMenu extends LitElement {
  static override properties = {
    label: {},
    items: { attribute: false },
    look: {},
    disabled: { type: Boolean },
    shown: { state: true },
  }
  /** Said of the button, and of the menu. */
  declare label: string
  declare items: readonly MenuItem[] | (() => readonly MenuItem[])
  /** Classes of the button: `quiet icon-only`. */
  declare look: string
  declare disabled: boolean
  declare shown: readonly MenuItem[]
  #hadFocus = false
  static override styles = [
    base,
    raised,
    css`
      :host {
        display: inline-block;
      }
      [popover] {
        position: fixed;
        inset: auto;
        min-width: 12rem;
        max-width: min(22rem, 96vw);
        max-height: min(28rem, 90vh);
        margin: 0;
        padding: var(--space-1);
        overflow: auto;
      }
      [role^='menuitem'] {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        width: 100%;
        justify-content: flex-start;
        border-color: transparent;
        background: transparent;
        text-align: left;
        white-space: normal;
      }
      [role^='menuitem']:focus {
        outline: none;
        background: var(--accent-soft);
        color: var(--accent);
      }
      [role^='menuitem'].danger {
        color: var(--failed);
      }
      .mark {
        display: inline-flex;
        width: 16px;
      }
      .keys {
        display: inline-flex;
        gap: 2px;
        margin-left: auto;
        padding-left: var(--space-4);
      }
      hr {
        margin: var(--space-1) var(--space-2);
        border: 0;
        border-top: var(--hair);
      }
      @media (forced-colors: active) {
        [role^='menuitem']:focus {
          outline: 2px solid;
        }
      }
    `,
  ]

  constructor() {
    super()
    this.label = ''
    this.items = []
    this.look = ''
    this.disabled = false
    this.shown = []
  }

  override render() {
    const isOpen = this.shown.length > 0
    return html`<button
        part="button"
        class=${this.look}
        ?disabled=${this.disabled}
        aria-haspopup="menu"
        aria-expanded=${isOpen ? 'true' : 'false'}
        aria-label=${this.label === '' ? nothing : this.label}
        title=${this.label === '' ? nothing : this.label}
        @click=${() => this.toggle()}
        @keydown=${(event: KeyboardEvent) => this.#open(event)}
      >
        <slot></slot>
      </button>
      <div
        popover
        role="menu"
        aria-label=${this.label}
        @beforetoggle=${(event: ToggleEvent) => this.#closes(event)}
        @toggle=${(event: ToggleEvent) => this.#toggled(event)}
        @keydown=${this.#move}
      >
        ${this.shown.map((item) => this.#item(item))}
      </div>`
  }

  #item(item: MenuItem): TemplateResult {
    const keys = item.keys === undefined ? [] : shownKeys(item.keys, isMac)
    const mark = item.isChecked === true ? icon(check) : item.icon === undefined ? '' : icon(item.icon)
    return html`${item.begins === true ? html`<hr role="separator" />` : ''}<button
        role=${item.isChecked === undefined ? 'menuitem' : 'menuitemradio'}
        aria-checked=${item.isChecked === undefined ? nothing : item.isChecked ? 'true' : 'false'}
        aria-disabled=${item.isDisabled === true ? 'true' : nothing}
        class=${item.isDanger === true ? 'danger' : ''}
        tabindex="-1"
        @click=${() => this.#run(item)}
        @pointermove=${(event: PointerEvent) => event.currentTarget instanceof HTMLElement && event.currentTarget.focus()}
      >
        <span class="mark">${mark}</span>${item.title}${
          keys.length === 0 ? '' : html`<span class="keys">${keys.map((key) => html`<kbd>${key}</kbd>`)}</span>`
        }
      </button>`
  }

  toggle(): void {
    if (this.shown.length > 0) return this.#popover?.hidePopover()
    this.shown = typeof this.items === 'function' ? this.items() : this.items
    void this.updateComplete.then(() => this.#popover?.showPopover())
  }

  get #popover(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>('[popover]')
  }
  get #buttons(): readonly HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('[role^=menuitem]')]
  }

  #run(item: MenuItem): void {
    if (item.isDisabled === true) return
    this.#popover?.hidePopover()
    item.run()
  }

  #open(event: KeyboardEvent): void {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    event.preventDefault()
    this.toggle()
  }

  /** Asked before it closes: after that the platform has put the focus elsewhere. */
  #closes({ newState }: ToggleEvent): void {
    if (newState === 'closed') this.#hadFocus = this.#popover?.contains(this.shadowRoot?.activeElement ?? null) ?? false
  }

  #toggled({ newState }: ToggleEvent): void {
    if (newState === 'open') {
      this.#place()
      this.#buttons[0]?.focus()
      return
    }
    this.shown = []
    if (this.#hadFocus) this.renderRoot.querySelector('button')?.focus()
  }

  /** Below the button, or above where there is no room; never outside of the window. */
  #place(): void {
    const popover = this.#popover
    if (popover === null) return
    const button = this.getBoundingClientRect()
    const { width, height } = popover.getBoundingClientRect()
    const left = Math.max(8, Math.min(button.left, innerWidth - width - 8))
    const fitsBelow = button.bottom + 4 + height <= innerHeight
    popover.style.left = `${left}px`
    popover.style.top = `${fitsBelow ? button.bottom + 4 : Math.max(8, button.top - 4 - height)}px`
  }

  readonly #move = (event: KeyboardEvent): void => {
    const buttons = this.#buttons
    const at = buttons.findIndex((button) => button === this.shadowRoot?.activeElement)
    const to = (index: number): void => {
      event.preventDefault()
      buttons.at(index % buttons.length)?.focus()
    }
    if (event.key === 'ArrowDown') return to(at + 1)
    if (event.key === 'ArrowUp') return to(at <= 0 ? -1 : at - 1)
    if (event.key === 'Home') return to(0)
    if (event.key === 'End') return to(-1)
    if (event.key === 'Tab') return this.#popover?.hidePopover()
    if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.key === ' ') return
    const order = [...buttons.slice(at + 1), ...buttons.slice(0, at + 1)]
    const found = order.find((button) => button.textContent.trim().toLowerCase().startsWith(event.key.toLowerCase()))
    if (found !== undefined) to(buttons.indexOf(found))
  }
}
customElements.define('fc-menu', FcMenu)

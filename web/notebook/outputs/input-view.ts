/**
 * `<fc-input .input=${…} .context=${…}>`: an input of a cell. What a person does goes to the kernel DEBOUNCE_MS later; the kernel says when its cell
 * shows it anew.
 *
 * 1. What is typed is never overwritten by what comes from the kernel while the field has the focus, or while a value is on its way.
 * 2. Without a kernel behind it the field is closed, with a word why.
 */
import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { MAX_INPUT_FILE_BYTES } from '#sdk/protocol/limits.ts'
import type { InputOutput } from '../../kernel/media.ts'
import { base } from '../../ui/styles.ts'
import type { InputValue, OutputContext } from './context.ts'
import { inputControl, type FieldInput } from './input-control.ts'
import { inputStyle } from './input-style.ts'
import { outputStyle } from './output-style.ts'
import { addPending } from './pending-inputs.ts'

const DEBOUNCE_MS = 100

export class FcInput extends LitElement {
  static override properties = {
    input: { attribute: false },
    context: { attribute: false },
    draft: { state: true },
    trouble: { state: true },
  }
  declare input: InputOutput
  declare context: OutputContext
  /** What stands in the field, as the kernel would get it; of a form by field. */
  declare draft: unknown
  declare trouble: string | undefined
  static override styles = [
    base,
    outputStyle,
    inputStyle,
    css`
      :host {
        padding: var(--space-1) 14px;
      }
    `,
  ]
  #timer: ReturnType<typeof setTimeout> | undefined
  #hasEdits = false
  #isSent: (() => void) | undefined

  constructor() {
    super()
    this.draft = undefined
    this.trouble = undefined
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('input')
    if (!changed.has('input')) return
    if (
      before !== undefined &&
      before.id === this.input.id &&
      (this.#timer !== undefined || (this.#hasEdits && this.input.type === 'form'))
    )
      return
    if (before !== undefined && before.id === this.input.id && this.shadowRoot?.activeElement != null && this.#isTyped) return
    this.draft = draftOf(this.input)
    this.#hasEdits = false
    this.trouble = undefined
  }

  /** A field in which a half-written value may stand. */
  get #isTyped(): boolean {
    return this.input.type === 'text' || this.input.type === 'number'
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    // Moved or scrolled away: what was typed is not lost.
    if (this.#timer !== undefined) this.#send()
  }

  override render() {
    const { input, context } = this
    const isClosed = !context.isLive
    return html`${input.type === 'form' ? this.#form(input, isClosed) : this.#field(input, isClosed)}
    ${this.trouble === undefined ? nothing : html`<p class="trouble" role="alert">${this.trouble}</p>`}
    ${isClosed ? html`<p class="note">${context.closedBecause ?? 'Run the cell to change it.'}</p>` : nothing}`
  }

  #field(input: FieldInput, isClosed: boolean): TemplateResult {
    return inputControl(input, this.draft, { isClosed, change: (value) => this.#change(value), choose: (file) => void this.#choose(file) })
  }

  #form(input: Extract<InputOutput, { type: 'form' }>, isClosed: boolean): TemplateResult {
    const values = recordOf(this.draft)
    return html`<form
      @submit=${(event: Event) => {
        event.preventDefault()
        this.#submit(input)
      }}
    >
      <fieldset>
        ${input.label === undefined ? nothing : html`<legend>${input.label}</legend>`}
        ${Object.entries(input.fields).map(([name, field]) =>
          field.type === 'form'
            ? nothing
            : inputControl(field, values[name], {
                isClosed,
                change: (value) => {
                  this.draft = { ...recordOf(this.draft), [name]: value }
                  this.#hasEdits = true
                },
                choose: () => undefined,
              }),
        )}
        <div class="actions">
          <button class="primary" type="submit" ?disabled=${isClosed}>${input.submit}</button>
          ${this.#hasEdits ? html`<span class="note">Not submitted yet</span>` : nothing}
        </div>
      </fieldset>
    </form>`
  }

  #submit(input: InputOutput): void {
    const closed = this.renderRoot.querySelector<HTMLInputElement>(':invalid:not(form):not(fieldset)')
    if (closed !== null) return void closed.reportValidity()
    this.#hasEdits = false
    this.context.setInput(input.id, recordOf(this.draft))
    this.requestUpdate()
  }

  #change(value: InputValue | undefined): void {
    // A number that is not one yet: the field says so itself.
    if (value === undefined) return
    this.draft = value
    this.trouble = undefined
    clearTimeout(this.#timer)
    this.#timer = setTimeout(this.#send, DEBOUNCE_MS)
    this.#isSent?.()
    this.#isSent = addPending(this.#send)
  }

  readonly #send = (): void => {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#isSent?.()
    this.#isSent = undefined
    if (this.context.isLive) this.context.setInput(this.input.id, this.draft as InputValue) // only #change sets it where there is a timer
  }

  async #choose(file: File | undefined): Promise<void> {
    this.trouble = undefined
    if (file === undefined) return this.context.setInput(this.input.id, null)
    if (file.size > MAX_INPUT_FILE_BYTES) {
      this.trouble = `${file.name} has ${Math.ceil(file.size / MIB)} MiB; an input takes ${MAX_INPUT_FILE_BYTES / MIB} MiB.`
      return
    }
    try {
      const bytes = new Uint8Array(await file.arrayBuffer())
      this.draft = { name: file.name, bytes: file.size }
      this.context.setInput(this.input.id, { name: file.name, type: file.type, bytes })
    } catch {
      this.trouble = `${file.name} cannot be read. Was it moved or changed?`
    }
  }
}
const MIB = 1024 * 1024

function draftOf(input: InputOutput): unknown {
  if (input.type !== 'form') return input.value
  return Object.fromEntries(Object.entries(input.fields).map(([name, field]) => [name, draftOf(field)]))
}

const recordOf = (value: unknown): Readonly<Record<string, unknown>> => (typeof value === 'object' && value !== null ? { ...value } : {})
customElements.define('fc-input', FcInput)

/**
 * `<fc-schema-form .schema=${flow.parameter_openapi_schema}>`: a form for the parameters that a JSON Schema describes.
 *
 * `read()` answers the value, or shows and answers what is wrong. Enter in a field of one line submits (`submit`, a CustomEvent with the value);
 * `.refused=${issues}` shows what the other side did not take. Keyboard only is enough for all of it.
 */
import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import plus from 'lucide-static/icons/plus.svg'
import trash from 'lucide-static/icons/trash-2.svg'
import type { JsonValue } from '#sdk/protocol/json.ts'
import type { JsonSchema } from '#sdk/protocol/parameters.ts'
import { icon } from './icon.ts'
import {
  ABSENT,
  NULL,
  draftOf,
  emptyDraft,
  readDraft,
  startedDraft,
  withDraft,
  type Draft,
  type FieldIssue,
  type Path,
} from './schema-drafts.ts'
import { fieldOf, type Field, type Property, type SchemaDocument } from './schema-fields.ts'
import { schemaFormStyles } from './schema-form-styles.ts'
import { base } from './styles.ts'

const MAX_DEPTH = 12

export class FcSchemaForm extends LitElement {
  static override properties = {
    schema: { attribute: false },
    value: { attribute: false },
    refused: { attribute: false },
    draft: { state: true },
    issues: { state: true },
  }
  /** An object schema with `definitions`: the parameters of a flow. */
  declare schema: JsonSchema & SchemaDocument
  /** What the form begins with; other properties get their defaults. */
  declare value: Readonly<Record<string, JsonValue>> | undefined
  declare refused: readonly FieldIssue[]
  declare draft: Draft
  declare issues: readonly FieldIssue[]
  static override styles = [base, schemaFormStyles]

  constructor() {
    super()
    this.schema = { type: 'object', properties: {} }
    this.value = undefined
    this.refused = []
    this.draft = ABSENT
    this.issues = []
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('schema') && !changed.has('value')) return
    this.draft = draftOf(this.#root, this.schema, true, this.value ?? {})
    this.issues = []
  }

  /** The value; or what is wrong, which the form then shows, with the focus on the first of it. */
  read(): { readonly value: Readonly<Record<string, JsonValue>> } | { readonly issues: readonly FieldIssue[] } {
    const reading = readDraft(this.#root, this.schema, true, this.draft)
    if ('issues' in reading) {
      this.issues = reading.issues
      void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('[aria-invalid=true]')?.focus())
      return reading
    }
    this.issues = []
    return { value: isRecord(reading.value) ? reading.value : {} }
  }

  submit(): void {
    const reading = this.read()
    if ('value' in reading) this.dispatchEvent(new CustomEvent('submit', { detail: reading.value }))
  }

  get #root(): Field {
    return fieldOf({ ...this.schema, type: 'object', properties: this.schema.properties ?? {}, additionalProperties: false }, this.schema)
  }

  override render() {
    const root = this.#root
    if (root.kind !== 'object' || root.properties.length === 0) return html`<p class="quiet">It takes no parameters.</p>`
    const drafts = this.draft.kind === 'object' ? this.draft.properties : {}
    return html`<div class="fields" @keydown=${this.#press}>
      ${root.properties.map((property) => this.#property(property, drafts[property.name] ?? ABSENT, []))}
    </div>`
  }

  #property({ name, schema, isRequired }: Property, draft: Draft, above: Path): TemplateResult {
    return this.#field(fieldOf(schema, this.schema, name), draft, [...above, name], isRequired)
  }

  #field(field: Field, draft: Draft, path: Path, isRequired: boolean, label: unknown = field.title): TemplateResult {
    const id = idOf(path)
    const issue = [...this.issues, ...this.refused].find((one) => idOf(one.path) === id)
    const isGroup = field.kind === 'object' || field.kind === 'list'
    const note = isRequired ? '' : html` <small>${field.schema.default === undefined ? 'may be left out' : 'has a default'}</small>`
    const describedBy = [field.description === undefined ? '' : `${id}-says`, issue === undefined ? '' : `${id}-issue`].join(' ').trim()
    const control = this.#control(field, draft, path, isRequired, { id, describedBy, isInvalid: issue !== undefined })
    const help = html`${field.description === undefined ? '' : html`<p class="says" id="${id}-says">${field.description}</p>`}
    ${issue === undefined ? '' : html`<p class="trouble" id="${id}-issue">${issue.message}</p>`}`
    if (isGroup)
      return html`<fieldset class="group" aria-describedby=${describedBy || nothing}>
        <legend>${label}${note}</legend>
        ${help}${control}
      </fieldset>`
    return html`<div class="field">
      <div class="head"><label for=${id}>${label}${note}</label>${this.#nullButton(field, draft, path, isRequired)}</div>
      ${control}${help}
    </div>`
  }

  /** A value that may be null is switched to it and back. */
  #nullButton(field: Field, draft: Draft, path: Path, isRequired: boolean): TemplateResult | typeof nothing {
    if (!field.isNullable) return nothing
    const isNull = draft.kind === 'null'
    const next = isNull
      ? field.kind === 'object' || field.kind === 'list'
        ? startedDraft(field, this.schema)
        : emptyDraft(field, this.schema, isRequired)
      : NULL
    return html`<button type="button" class="quiet null" aria-pressed=${isNull ? 'true' : 'false'} @click=${() => this.#set(path, next)}>
      null
    </button>`
  }

  #control(field: Field, draft: Draft, path: Path, isRequired: boolean, told: Told): TemplateResult {
    if (draft.kind === 'null' && field.kind !== 'object' && field.kind !== 'list') {
      return html`<input id=${told.id} value="null" disabled aria-describedby=${told.describedBy || nothing} />`
    }
    switch (field.kind) {
      case 'boolean':
        return this.#boolean(draft, path, isRequired, told)
      case 'choice':
        return this.#choice(field.options, draft, path, isRequired, told)
      case 'list':
      case 'object':
        return this.#group(field, draft, path, isRequired)
      case 'json':
        return html`<textarea
          id=${told.id}
          class="json"
          rows=${Math.min(12, Math.max(2, textOf(draft).split('\n').length))}
          spellcheck="false"
          placeholder="JSON"
          aria-invalid=${told.isInvalid ? 'true' : nothing}
          aria-describedby=${told.describedBy || nothing}
          .value=${textOf(draft)}
          @input=${(event: Event) => this.#type(path, event)}
        ></textarea>`
      case 'text':
      case 'number':
        return this.#line(field, draft, path, told)
    }
  }

  #line(field: Field, draft: Draft, path: Path, { id, describedBy, isInvalid }: Told): TemplateResult {
    const format = field.kind === 'text' ? field.format : 'number'
    const types: Readonly<Record<string, string>> = { date: 'date', 'date-time': 'datetime-local' }
    const isLong = format === 'plain' && textOf(draft).includes('\n')
    const onInput = (event: Event): void => this.#type(path, event)
    if (isLong)
      return html`<textarea
        id=${id}
        rows="4"
        aria-invalid=${isInvalid ? 'true' : nothing}
        aria-describedby=${describedBy || nothing}
        .value=${textOf(draft)}
        @input=${onInput}
      ></textarea>`
    return html`<input
      id=${id}
      type=${types[format] ?? 'text'}
      step=${format === 'date-time' ? '0.001' : nothing}
      inputmode=${field.kind === 'number' ? (field.isWhole ? 'numeric' : 'decimal') : nothing}
      autocomplete="off"
      spellcheck="false"
      aria-invalid=${isInvalid ? 'true' : nothing}
      aria-describedby=${describedBy || nothing}
      .value=${textOf(draft)}
      @input=${onInput}
    />`
  }

  #boolean(draft: Draft, path: Path, isRequired: boolean, { id, describedBy }: Told): TemplateResult {
    if (isRequired) {
      return html`<input
        id=${id}
        type="checkbox"
        aria-describedby=${describedBy || nothing}
        .checked=${draft.kind === 'boolean' && draft.isTrue}
        @change=${(event: Event) => event.target instanceof HTMLInputElement && this.#set(path, { kind: 'boolean', isTrue: event.target.checked })}
      />`
    }
    const chosen = draft.kind === 'boolean' ? String(draft.isTrue) : ''
    const choose = ({ target }: Event): void => {
      if (target instanceof HTMLSelectElement)
        this.#set(path, target.value === '' ? ABSENT : { kind: 'boolean', isTrue: target.value === 'true' })
    }
    return html`<select id=${id} aria-describedby=${describedBy || nothing} @change=${choose}>
      ${['', 'true', 'false'].map((value) => html`<option value=${value} ?selected=${value === chosen}>${value === '' ? '–' : value}</option>`)}
    </select>`
  }

  #choice(
    options: readonly unknown[],
    draft: Draft,
    path: Path,
    isRequired: boolean,
    { id, describedBy, isInvalid }: Told,
  ): TemplateResult {
    const chosen = textOf(draft)
    const texts = options.map((option) => JSON.stringify(option))
    const shown = isRequired && texts.includes(chosen) ? texts : ['', ...texts]
    return html`<select
      id=${id}
      aria-invalid=${isInvalid ? 'true' : nothing}
      aria-describedby=${describedBy || nothing}
      @change=${(event: Event) => this.#type(path, event)}
    >
      ${shown.map((text) => html`<option value=${text} ?selected=${text === chosen}>${text === '' ? '–' : text.replace(/^"(.*)"$/s, '$1')}</option>`)}
    </select>`
  }

  #group(field: Field, draft: Draft, path: Path, isRequired: boolean): TemplateResult {
    const nullButton = this.#nullButton(field, draft, path, isRequired)
    if (draft.kind === 'null') return html`<div class="tools"><span class="quiet">null</span>${nullButton}</div>`
    if (draft.kind !== 'list' && draft.kind !== 'object') {
      return html`<div class="tools">
        <button type="button" @click=${() => this.#set(path, startedDraft(field, this.schema))}>${icon(plus)}Add</button>${nullButton}
      </div>`
    }
    const leaveOut = isRequired
      ? nothing
      : html`<button type="button" class="quiet" @click=${() => this.#set(path, ABSENT)}>${icon(trash)}Leave out</button>`
    if (path.length > MAX_DEPTH) return html`<p class="quiet">It nests too deep for a form.</p>`
    if (field.kind === 'list' && draft.kind === 'list') return this.#list(field, draft.items, path, html`${leaveOut}${nullButton}`)
    if (field.kind !== 'object' || draft.kind !== 'object') return html``
    return html`<div class="fields">
        ${field.properties.map((property) => this.#property(property, draft.properties[property.name] ?? ABSENT, path))}
      </div>
      <div class="tools">${leaveOut}${nullButton}</div>`
  }

  #list(field: Extract<Field, { kind: 'list' }>, items: readonly Draft[], path: Path, tools: TemplateResult): TemplateResult {
    const item = fieldOf(field.item, this.schema)
    const put = (next: readonly Draft[]): void => this.#set(path, { kind: 'list', items: next })
    const entries = items.map((draft, index) => {
      const label = html`<span class="said-only">${field.title} </span>${index + 1}`
      const remove = html`<button
        type="button"
        class="quiet icon-only"
        aria-label="Take entry ${index + 1} away"
        ?disabled=${items.length <= field.least}
        @click=${() => put(items.filter((_, at) => at !== index))}
      >
        ${icon(trash)}
      </button>`
      return html`<li>${this.#field(item, draft, [...path, index], true, label)}${remove}</li>`
    })
    return html`<ol class="list">
        ${entries}
      </ol>
      <div class="tools">
        <button type="button" ?disabled=${items.length >= field.most} @click=${() => put([...items, draftOf(item, this.schema, true)])}>
          ${icon(plus)}Add entry
        </button>
        ${tools}
      </div>`
  }

  #type(path: Path, { target }: Event): void {
    if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) {
      this.#set(path, { kind: 'text', text: target.value })
    }
  }

  #set(path: Path, next: Draft): void {
    this.draft = withDraft(this.draft, path, next)
    const id = idOf(path)
    this.issues = this.issues.filter((issue) => idOf(issue.path) !== id)
    this.dispatchEvent(new CustomEvent('change'))
  }

  readonly #press = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.isComposing) return
    const isLine = event.target instanceof HTMLInputElement
    if (!isLine && !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    this.submit()
  }
}
customElements.define('fc-schema-form', FcSchemaForm)

interface Told {
  readonly id: string
  readonly describedBy: string
  readonly isInvalid: boolean
}

const isRecord = (value: JsonValue | undefined): value is Readonly<Record<string, JsonValue>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const idOf = (path: Path): string => `at-${path.map((part) => encodeURIComponent(String(part))).join('/')}`
const textOf = (draft: Draft): string => (draft.kind === 'text' ? draft.text : '')

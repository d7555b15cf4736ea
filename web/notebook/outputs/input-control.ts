/** The field of one input, with its label; in a form or by itself. A template: what it holds is kept by whoever draws it. */
import { html, nothing, type TemplateResult } from 'lit'
import { live } from 'lit/directives/live.js'
import type { InputOutput } from '../../kernel/media.ts'
import type { InputValue } from './context.ts'

export type FieldInput = Exclude<InputOutput, { readonly type: 'form' }>

export interface FieldHands {
  readonly isClosed: boolean
  /** Undefined: what stands there is no value yet. */
  change(value: InputValue | undefined): void
  choose(file: File | undefined): void
}

const WORDS: Readonly<Record<FieldInput['type'], string>> = {
  slider: 'Slider',
  text: 'Text',
  number: 'Number',
  select: 'Choice',
  checkbox: 'Checkbox',
  date: 'Date',
  file: 'File',
}

export function inputControl(input: FieldInput, draft: unknown, hands: FieldHands): TemplateResult {
  const id = `field-${input.id.replaceAll(/[^\w-]/g, '-')}`
  const label = input.label ?? WORDS[input.type]
  const runs = input.runsOnChange === true ? html`<small class="runs">runs on change</small>` : nothing
  if (input.type === 'checkbox')
    return html`<div class="field check">
      <input
        id=${id}
        type="checkbox"
        .checked=${live(draft === true)}
        ?disabled=${hands.isClosed}
        @change=${(event: Event) => hands.change(fieldOf(event)?.checked ?? false)}
      />
      <label for=${id}>${label}</label>${runs}
    </div>`
  if (input.type === 'select' && input.isMultiple === true) return choices(input, draft, hands, label)
  return html`<div class="field">
    <label for=${id}>${label}${runs}</label>
    ${control(input, draft, hands, id)}
  </div>`
}

function control(input: FieldInput, draft: unknown, hands: FieldHands, id: string): TemplateResult {
  const { isClosed } = hands
  switch (input.type) {
    case 'slider': {
      const value = typeof draft === 'number' ? draft : input.value
      const changed = (event: Event): void => hands.change(numberOf(event))
      return html`<div class="slider">
        <input
          id=${id}
          type="range"
          min=${input.min}
          max=${input.max}
          step=${input.step}
          .value=${live(String(value))}
          ?disabled=${isClosed}
          @input=${changed}
        />
        <output for=${id}>${value.toLocaleString('en', { maximumFractionDigits: 10 })}</output>
      </div>`
    }
    case 'number':
      return html`<input
        id=${id}
        type="number"
        min=${input.min ?? nothing}
        max=${input.max ?? nothing}
        step=${input.step ?? 'any'}
        .value=${typeof draft === 'number' ? String(draft) : ''}
        ?disabled=${isClosed}
        @input=${(event: Event) => hands.change(fieldOf(event)?.value === '' && fieldOf(event)?.validity.badInput !== true ? null : numberOf(event))}
      />`
    case 'text': {
      const value = typeof draft === 'string' ? draft : ''
      const changed = (event: Event): void => hands.change(textOf(event))
      const placeholder = input.placeholder ?? nothing
      return input.isMultiline === true
        ? html`<textarea id=${id} rows="3" placeholder=${placeholder} .value=${value} ?disabled=${isClosed} @input=${changed}></textarea>`
        : html`<input id=${id} type="text" placeholder=${placeholder} .value=${value} ?disabled=${isClosed} @input=${changed} />`
    }
    case 'select':
      return html`<select id=${id} ?disabled=${isClosed} @change=${(event: Event) => hands.change(textOf(event))}>
        ${input.options.map((option) => html`<option value=${option} .selected=${live(option === draft)}>${option}</option>`)}
      </select>`
    case 'date':
      return html`<input
        id=${id}
        type="date"
        min=${input.min ?? nothing}
        max=${input.max ?? nothing}
        .value=${typeof draft === 'string' ? draft : ''}
        ?disabled=${isClosed}
        @change=${(event: Event) => {
          const field = fieldOf(event)
          if (field?.validity.valid === true) hands.change(field.value === '' ? null : field.value)
          else field?.reportValidity()
        }}
      />`
    default:
      return fileControl(input, draft, hands, id)
  }
}

function fileControl(input: FieldInput, draft: unknown, hands: FieldHands, id: string): TemplateResult {
  const accept = input.type === 'file' ? (input.accept ?? nothing) : nothing
  const chosen = typeof draft === 'object' && draft !== null && 'name' in draft && 'bytes' in draft ? draft : undefined
  return html`<input
      id=${id}
      type="file"
      accept=${accept}
      ?disabled=${hands.isClosed}
      @change=${(event: Event) => hands.choose(fieldOf(event)?.files?.[0])}
    />${chosen === undefined ? nothing : html`<span class="note">${chosen.name}, ${Number(chosen.bytes).toLocaleString('en')} bytes</span>`}`
}

function choices(input: FieldInput, draft: unknown, hands: FieldHands, label: string): TemplateResult {
  const options = input.type === 'select' ? input.options : []
  const chosen = new Set(Array.isArray(draft) ? draft : [])
  const toggle = (option: string, isOn: boolean): void => hands.change(options.filter((one) => (one === option ? isOn : chosen.has(one))))
  return html`<fieldset class="choices" ?disabled=${hands.isClosed}>
    <legend>${label}</legend>
    ${options.map(
      (option) =>
        html`<label
          ><input
            type="checkbox"
            .checked=${live(chosen.has(option))}
            @change=${(event: Event) => toggle(option, fieldOf(event)?.checked ?? false)}
          />${option}</label
        >`,
    )}
  </fieldset>`
}

const fieldOf = ({ target }: Event): HTMLInputElement | undefined => (target instanceof HTMLInputElement ? target : undefined)

function textOf({ target }: Event): string | undefined {
  if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return target.value
  return undefined
}

/** Undefined where the browser finds it no number, or none of the field's. */
function numberOf(event: Event): number | undefined {
  const field = fieldOf(event)
  if (field === undefined || field.value === '' || !field.validity.valid) return undefined
  const number = Number(field.value)
  return Number.isFinite(number) ? number : undefined
}

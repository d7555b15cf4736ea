/**
 * `<fc-filter-bar .filters .flowNames>`: time, words and chips. Emits `fc-filters` with the new filters; keeps nothing itself: the address does.
 */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import calendar from 'lucide-static/icons/calendar-range.svg'
import x from 'lucide-static/icons/x.svg'
import { icon } from '../ui/icon.ts'
import { base } from '../ui/styles.ts'
import { timeWords } from './run-bars.ts'
import { RANGES, STATE_CHOICES, typed, type RunFilters } from './run-filters.ts'
import { runStyles } from './styles.ts'

export class FcFilterBar extends LitElement {
  static override properties = {
    filters: { attribute: false },
    flowNames: { attribute: false },
    isCustom: { state: true },
    noFlows: { type: Boolean },
  }
  declare filters: RunFilters
  /** Suggested. */
  declare flowNames: readonly string[]
  declare isCustom: boolean
  /** The list is about one flow already. */
  declare noFlows: boolean
  static override styles = [
    base,
    runStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2);
      }
      form {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2);
      }
      .words {
        margin-left: auto;
      }
      .words input {
        width: min(20rem, 80vw);
      }
      .chips {
        display: flex;
        flex-basis: 100%;
        flex-wrap: wrap;
        gap: var(--space-1);
      }
      .chips:empty {
        display: none;
      }
      .chips button {
        min-height: 26px;
        padding: 0 var(--space-2);
        border-radius: var(--radius-pill);
        background: var(--accent-soft);
        color: var(--accent);
      }
      .chips .icon {
        width: 13px;
        height: 13px;
      }
    `,
  ]

  constructor() {
    super()
    this.isCustom = this.noFlows = false
    this.flowNames = []
  }

  protected override render(): TemplateResult {
    const { range } = this.filters
    const isBetween = range.is === 'between'
    return html`
      <span class="segments" role="group" aria-label="Time">
        ${RANGES.map(
          ({ title, hours }) =>
            html`<button
              aria-pressed=${range.is === 'last' && range.hours === hours}
              @click=${() => {
                this.isCustom = false
                this.#set({ range: { is: 'last', hours } })
              }}
            >
              ${title}
            </button>`,
        )}
        <button aria-pressed=${isBetween} aria-expanded=${this.isCustom} @click=${() => (this.isCustom = !this.isCustom)}>
          ${isBetween ? `${timeWords(range.from / 1_000)} to ${timeWords(range.to / 1_000)}` : html`${icon(calendar, 'From and to')}`}
        </button>
      </span>
      ${this.isCustom ? this.#custom() : nothing}
      <form class="words" role="search" @submit=${this.#submitted}>
        <input
          type="search"
          name="words"
          list="words"
          placeholder=${this.noFlows ? 'Filter: state:, tag:, name' : 'Filter: state:, flow:, tag:, name'}
          aria-label="Filter by state, flow, tag or name; Enter adds"
          autocomplete="off"
        />
        <datalist id="words">
          ${STATE_CHOICES.map(({ title }) => html`<option value="state:${title.includes(' ') ? `"${title}"` : title}"></option>`)}
          ${this.noFlows ? nothing : this.flowNames.map((name) => html`<option value="flow:${name.includes(' ') ? `"${name}"` : name}"></option>`)}
        </datalist>
      </form>
      <div class="chips">${this.#chips()}</div>
    `
  }

  #chips(): readonly TemplateResult[] {
    const { states, flows, tags, name } = this.filters
    const chip = (words: string, without: Partial<RunFilters>): TemplateResult =>
      html`<button aria-label="Remove ${words}" @click=${() => this.#set(without)}>${words}${icon(x)}</button>`
    return [
      ...states.map((id) =>
        chip(`state: ${STATE_CHOICES.find((choice) => choice.id === id)?.title ?? id}`, { states: states.filter((other) => other !== id) }),
      ),
      ...flows.map((flow) => chip(`flow: ${flow}`, { flows: flows.filter((other) => other !== flow) })),
      ...tags.map((tag) => chip(`tag: ${tag}`, { tags: tags.filter((other) => other !== tag) })),
      ...(name === '' ? [] : [chip(`name: ${name}`, { name: '' })]),
    ]
  }

  #custom(): TemplateResult {
    const { range } = this.filters
    const local = (instant: number): string => {
      const date = new Date(instant / 1_000)
      return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
    }
    const to = range.is === 'between' ? range.to : Date.now() * 1_000
    const from = range.is === 'between' ? range.from : to - range.hours * 3_600_000_000
    return html`<form aria-label="From and to" @submit=${this.#timed}>
      <label class="quiet">from <input type="datetime-local" name="from" required .value=${local(from)} /></label>
      <label class="quiet">to <input type="datetime-local" name="to" required .value=${local(to)} /></label>
      <button>Show</button>
    </form>`
  }

  readonly #timed = (event: SubmitEvent): void => {
    event.preventDefault()
    if (!(event.currentTarget instanceof HTMLFormElement)) return
    const [first, last] = event.currentTarget.querySelectorAll('input')
    if (first === undefined || last === undefined) return
    const [from, to] = [Date.parse(first.value) * 1_000, Date.parse(last.value) * 1_000]
    if (!(from < to)) {
      last.setCustomValidity('The end must be after the beginning.')
      last.reportValidity()
      last.setCustomValidity('')
      return
    }
    this.isCustom = false
    this.#set({ range: { is: 'between', from, to } })
  }

  readonly #submitted = (event: SubmitEvent): void => {
    event.preventDefault()
    const input = this.renderRoot.querySelector<HTMLInputElement>('input[name=words]')
    if (input === null || input.value.trim() === '') return
    const { states = [], flows = [], tags = [], name = '' } = typed(input.value)
    input.value = ''
    this.#set({
      states: [...new Set([...this.filters.states, ...states])],
      flows: [...new Set([...this.filters.flows, ...flows])],
      tags: [...new Set([...this.filters.tags, ...tags])],
      ...(name !== '' && { name }),
    })
  }

  #set(changes: Partial<RunFilters>): void {
    this.dispatchEvent(new CustomEvent<RunFilters>('fc-filters', { detail: { ...this.filters, ...changes } }))
  }
}
customElements.define('fc-filter-bar', FcFilterBar)

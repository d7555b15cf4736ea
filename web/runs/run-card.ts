/**
 * `<fc-run-card run-id="…" ?folded>`: a flow run inside the cell that started it: state, name, time, its task runs with failed attempts and waits,
 * the last lines. Folded it is one line.
 *
 * 1. It listens only while it is on the screen and its run has not ended.
 * 2. Emits `fc-jump` with a {@link CellPlace} when a place in a cell is chosen.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import arrow from 'lucide-static/icons/arrow-up-right.svg'
import { logLevelName } from '#sdk/protocol/log-levels.ts'
import { isTerminal } from '#sdk/protocol/state-types.ts'
import type { FlowRunOutput } from '#sdk/protocol/flow-run.ts'
import { pathTo } from '../app/router.ts'
import { icon } from '../ui/icon.ts'
import { Watch } from '../ui/signal.ts'
import { stateBadge } from '../ui/state.ts'
import { styleMap } from '../ui/style-map.ts'
import { base } from '../ui/styles.ts'
import { clockWords, durationWords } from '../ui/time-words.ts'
import { plainText } from '../ui/ansi.ts'
import { growingView, wholeView, type View } from './axis.ts'
import { cardLanes, type CardLane } from './card-lanes.ts'
import { cellPlaceOf, type CellPlace } from './cell-places.ts'
import { fastNow, Ticking } from './fast-clock.ts'
import { instantOf, instantOrNull } from './instant.ts'
import type { Line } from './log-lines.ts'
import { runCardStyle } from './run-card-style.ts'
import { problemOf, ranSeconds, waitingWords } from './run-words.ts'
import type { RunStore } from './run-store.ts'
import type { Span } from './spans.ts'
import { holdRun, type HeldRun } from './stores.ts'
import { stateOf } from './task-row.ts'
import { kindOfSpan } from './timeline-words.ts'

const LAST_LINES = 3
/** A card that is about to come into sight listens already. */
const NEAR = '200px'

export class FcRunCard extends LitElement {
  static override properties = { runId: { attribute: 'run-id' }, folded: { type: Boolean, reflect: true } }
  declare runId: string
  declare folded: boolean
  #held: HeldRun | undefined
  /** Stays when nobody listens any more: what was drawn last stays drawn. */
  #store: RunStore | undefined
  #isSeen = false
  readonly #ticking = new Ticking()
  readonly #watch = new Watch(this, () => [this.#store?.status, this.#store?.run, this.#store?.tasksVersion, this.#store?.log.version])
  readonly #sight = new IntersectionObserver(
    (entries) => {
      this.#isSeen = entries.at(-1)?.isIntersecting === true
      this.#listen()
    },
    { rootMargin: NEAR },
  )
  static override styles = [base, runCardStyle]

  constructor() {
    super()
    this.runId = ''
    this.folded = false
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#sight.observe(this)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#sight.disconnect()
    this.#isSeen = false
    this.#listen()
    this.#ticking.end()
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('runId')) {
      this.#held?.end()
      this.#held = this.#store = undefined
    }
    this.#listen()
    this.#ticking.set(this.#held !== undefined && this.#store?.run.value !== undefined, fastNow, () => this.requestUpdate())
  }

  #listen(): void {
    const status = this.#store?.status.value.is
    const isOver = this.#isOver || status === 'unknown' || status === 'deleted'
    const mustListen = this.#isSeen && this.runId !== '' && !isOver
    if (mustListen === (this.#held !== undefined)) return
    if (mustListen) {
      this.#held = holdRun(this.runId)
      this.#store = this.#held.store
      this.#watch.again()
      this.requestUpdate()
    } else {
      this.#held?.end()
      this.#held = undefined
    }
  }

  get #isOver(): boolean {
    const type = this.#store?.run.value?.state_type
    return type != null && isTerminal(type)
  }

  protected override render(): TemplateResult {
    const store = this.#store
    const run = store?.run.value
    const status = store?.status.value
    if (status?.is === 'unknown' || status?.is === 'deleted')
      return html`<div class="head quiet">This flow run was deleted. <slot></slot></div>`
    if (status?.is === 'refused') return html`<div class="head trouble">${status.detail}</div>`
    if (store === undefined || run === undefined) return html`<div class="head quiet"><slot>Flow run…</slot></div>`
    const now = fastNow.value
    return html`${this.#head(run, now)}${this.folded ? nothing : html`${this.#lanes(store, run, now)}${this.#log(store)}`}`
  }

  #head(run: FlowRunOutput, now: number): TemplateResult {
    const href = pathTo(`/runs/flow-run/${run.id}`)
    const ran = ranSeconds(run, now)
    const waits = waitingWords(run, now)
    const problem = this.folded ? problemOf(run) : undefined
    const facts = [
      run.flow_name,
      ...(run.run_count > 1 ? [`attempt ${run.run_count}`] : []),
      ...(ran === undefined ? [] : [durationWords(ran)]),
    ]
    return html`<div class="head">
      ${stateBadge(run.state_type, run.state_name)}
      <a class="plain" href=${href}>${run.name}</a>
      <span class="quiet">${facts.join(' · ')}</span>
      ${waits === undefined ? nothing : html`<span class="waits">${waits}</span>`}
      ${problem === undefined ? nothing : html`<span class="why">${problem}</span>`}
      <a class="open" href=${href} aria-label="Open run ${run.name}">Open run ${icon(arrow)}</a>
    </div>`
  }

  #lanes(store: RunStore, run: FlowRunOutput, now: number): TemplateResult | typeof nothing {
    const { lanes, omitted } = cardLanes(store.tasks, now)
    if (lanes.length === 0) return nothing
    const from = Math.min(instantOrNull(run.start_time) ?? instantOf(run.created), store.tasks.rows[0]?.steps[0]?.at ?? Infinity)
    const last = store.tasks.rows.reduce((end, row) => Math.max(end, stateOf(row).at), instantOrNull(run.end_time) ?? 0)
    const view = this.#isOver ? wholeView(from, last) : growingView(from, now)
    return html`<div class="lanes">
      ${lanes.map((lane) => laneTemplate(lane, view, now))}
      ${omitted === 0 ? nothing : html`<div class="rest">and ${omitted.toLocaleString('en')} more task runs</div>`}
    </div>`
  }

  #log(store: RunStore): TemplateResult | typeof nothing {
    const lines = store.log.lines.all.slice(-LAST_LINES)
    return lines.length === 0 ? nothing : html`<div class="log">${lines.map((line) => this.#line(line, store))}</div>`
  }

  #line(line: Line, store: RunStore): TemplateResult {
    const level = logLevelName(line.level)
    const name = line.task === null ? undefined : store.tasks.get(line.task)?.name
    const place = cellPlaceOf(line.text)
    const text = plainText(line.text).replaceAll('\n', ' ')
    return html`<div data-level=${level}>
      <b>${clockWords(line.at / 1_000, 'millis')}</b><em>${level === 'WARNING' ? 'WARN' : level}</em>
      <span title=${text}>${name === undefined ? nothing : html`<i class="quiet">${name}</i> `}${text}</span>
      ${place === undefined ? nothing : html`<button @click=${() => this.#jump(place)}>${place.line}:${place.column}</button>`}
    </div>`
  }

  #jump(place: CellPlace): void {
    this.dispatchEvent(new CustomEvent<CellPlace>('fc-jump', { detail: place, bubbles: true, composed: true }))
  }
}

function laneTemplate({ name, href, spans, words }: CardLane, view: View, now: number): TemplateResult {
  return html`<div class="lane">
    ${href === undefined ? html`<span>${name}</span>` : html`<a class="plain" href=${pathTo(href)} title=${name}>${name}</a>`}
    <span class="track" aria-hidden="true">${spans.map((span) => spanTemplate(span, view, now))}</span>
    <span title=${words}>${words}</span>
  </div>`
}

function spanTemplate({ kind, from, to }: Span, view: View, now: number): TemplateResult {
  const percent = (at: number): number => ((at - view.from) / (view.to - view.from)) * 100
  const left = percent(from)
  const width = percent(Math.max(from, to ?? now)) - left
  return html`<i
    data-kind=${kind}
    data-state=${kindOfSpan(kind)}
    style=${styleMap(kind === 'cached' ? { left: `${left}%` } : { left: `${left}%`, width: `${width}%` })}
  ></i>`
}

customElements.define('fc-run-card', FcRunCard)

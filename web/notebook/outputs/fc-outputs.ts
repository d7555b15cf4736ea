/**
 * `<fc-outputs .outputs=${…} .omitted=${…} .context=${…}>`: what a cell showed, drawn wholly from data, which may be live, stored or from another tab.
 *
 * 1. An output keeps its element while it is shown anew: by its id, or else by its place. So inputs keep the focus and trees stay open when the cell
 *    runs again.
 * 2. The first SHOWN_CELL_OUTPUTS are drawn, the others when they are asked for.
 * 3. What few outputs need (tables, charts, inputs, frames, cards) is loaded when the first of it is there.
 */
import { LitElement, css, html, nothing, type TemplateResult } from 'lit'
import { guard } from 'lit/directives/guard.js'
import { repeat } from 'lit/directives/repeat.js'
import type { CellOutput } from '#sdk/protocol/cell-output.ts'
import { SHOWN_CELL_OUTPUTS } from '#sdk/protocol/limits.ts'
import { MEDIA } from '#sdk/protocol/media-types.ts'
import { STATE_TYPES } from '#sdk/protocol/state-types.ts'
import type { StateOutput } from '../../kernel/media.ts'
import type { CellPlace } from '../../runs/cell-places.ts'
import { stateBadge } from '../../ui/state.ts'
import { base } from '../../ui/styles.ts'
import { chooseMedia, type Drawing } from './choose-media.ts'
import type { OutputContext } from './context.ts'
import './error-view.ts'
import './inspector.ts'
import { jsonNode } from './json-node.ts'
import { outputStyle } from './output-style.ts'
import './text-view.ts'

/** More flow runs than this are folded. */
const MAX_OPEN_RUNS = 2

type Omitted = { readonly outputs: number; readonly bytes: number }

export class FcOutputs extends LitElement {
  static override properties = {
    outputs: { attribute: false },
    omitted: { attribute: false },
    context: { attribute: false },
    shown: { state: true },
    trouble: { state: true },
  }
  declare outputs: readonly CellOutput[]
  /** What the kernel or the workspace had no room for. */
  declare omitted: Omitted | undefined
  declare context: OutputContext
  declare shown: number
  declare trouble: string | undefined
  static override styles = [
    base,
    outputStyle,
    css`
      .output {
        min-width: 0;
        max-width: 100%;
      }
      .output + .output {
        margin-top: var(--space-1);
      }
      /* Part of the sheet, not a sheet on it. */
      fc-run-card {
        border-width: 0 0 1px;
        border-radius: 0;
        background: var(--paper-2);
      }
      .output:last-child fc-run-card {
        border-bottom: 0;
      }
      .more {
        padding: var(--space-1) 14px;
      }
      img {
        display: block;
        max-width: 100%;
        height: auto;
        margin: var(--space-1) 14px;
      }
      .state-line {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: var(--space-2);
        padding: var(--space-1) 14px 0;
        font-size: var(--text-sm);
      }
    `,
  ]
  /** Opened paths of trees, by output; they outlive the values. */
  readonly #opened = new Map<string, Set<string>>()

  constructor() {
    super()
    this.outputs = []
    this.omitted = undefined
    this.shown = SHOWN_CELL_OUTPUTS
    this.trouble = undefined
  }

  override render() {
    const { outputs, shown } = this
    const hidden = Math.max(0, outputs.length - shown)
    return html`${repeat(
      outputs.slice(0, shown),
      keyOf,
      (output, index) =>
        html`<div class="output">${guard([output, this.context, this.#foldsRuns], () => this.#draw(output, keyOf(output, index)))}</div>`,
    )}
    ${
      hidden === 0
        ? nothing
        : html`<div class="more">
            <button class="quiet" @click=${() => (this.shown += SHOWN_CELL_OUTPUTS)}>
              Show ${Math.min(hidden, SHOWN_CELL_OUTPUTS)} of ${hidden.toLocaleString('en')} more outputs
            </button>
          </div>`
    }
    ${this.#omittedWords()} ${this.trouble === undefined ? nothing : html`<p class="trouble more" role="alert">${this.trouble}</p>`}`
  }

  #omittedWords(): TemplateResult | typeof nothing {
    const { omitted } = this
    if (omitted === undefined || (omitted.outputs === 0 && omitted.bytes === 0)) return nothing
    const words =
      omitted.outputs === 0
        ? 'Some of the text'
        : `${omitted.outputs.toLocaleString('en')} more ${omitted.outputs === 1 ? 'output' : 'outputs'}`
    return html`<p class="note more">
      ${words} (${sizeWords(omitted.bytes)}) ${omitted.outputs === 1 ? 'was' : 'were'} left out: there was no room.
    </p>`
  }

  #draw(output: CellOutput, key: string): TemplateResult {
    if (output.kind === 'stream')
      return html`<fc-text
        .text=${output.text}
        .omitted=${output.omitted}
        .isError=${output.name === 'stderr'}
        .context=${this.context}
      ></fc-text>`
    if (output.kind === 'error') return html`<fc-error .error=${output} .context=${this.context}></fc-error>`
    const label = typeof output.data['text/plain'] === 'string' ? output.data['text/plain'] : ''
    return this.#drawMedia(chooseMedia(output.data), key, label)
  }

  #drawMedia(drawing: Drawing, key: string, label: string): TemplateResult {
    const { context } = this
    switch (drawing.kind) {
      case 'text':
        return html`<fc-text .text=${drawing.text} .omitted=${undefined} .isError=${false}></fc-text>`
      case 'value':
        return html`<fc-inspector .node=${drawing.node} .context=${context} .opened=${this.#openedOf(key)}></fc-inspector>`
      case 'json':
        return html`<fc-inspector .node=${jsonNode(drawing.value)} .context=${context} .opened=${this.#openedOf(key)}></fc-inspector>`
      case 'state':
        return this.#state(drawing.state, key)
      case 'image':
        return html`<img src=${drawing.source} alt=${drawing.alt} />`
      case 'table':
        this.#need('table', () => import('./table-view.ts'))
        return html`<fc-table .table=${drawing.table} .context=${context}></fc-table>`
      case 'svg':
        this.#need('chart', () => import('./chart.ts'))
        return html`<fc-chart .svg=${drawing.text} .label=${label}></fc-chart>`
      case 'html':
      case 'markdown':
      case 'latex':
        this.#need('text', () => import('./markup-view.ts'))
        return html`<fc-markup .kind=${drawing.kind} .text=${drawing.text}></fc-markup>`
      case 'frame':
        this.#need('frame', () => import('./html-frame.ts'))
        return html`<fc-html-frame .markup=${drawing.text} .label=${label} .context=${context}></fc-html-frame>`
      case 'progress':
        this.#need('progress', () => import('./progress-view.ts'))
        return html`<fc-progress .progress=${drawing.progress} .isLive=${context.isLive}></fc-progress>`
      case 'input':
        this.#need('input', () => import('./input-view.ts'))
        return html`<fc-input .input=${drawing.input} .context=${context}></fc-input>`
      case 'flow':
        this.#need('form', () => import('./flow-form.ts'))
        return html`<fc-flow-form .flow=${drawing.flow} .context=${context}></fc-flow-form>`
      case 'flow run':
        this.#need('card', () => import('../../runs/run-card.ts'))
        return html`<fc-run-card
          run-id=${drawing.run.id}
          ?folded=${this.#foldsRuns}
          @fc-jump=${({ detail }: CustomEvent<CellPlace>) => context.jumpTo(detail.cell, detail.line, detail.column)}
        ></fc-run-card>`
      case 'unknown':
        return html`<fc-text .text=${drawing.text} .omitted=${undefined} .isError=${false}></fc-text>
          <p class="note more">It has no drawing for ${drawing.types.join(', ')}: this is its text.</p>`
    }
  }

  #state({ type, name, message, of, result }: StateOutput, key: string): TemplateResult {
    const known = STATE_TYPES.find((one) => one === type)
    return html`<div class="state-line">
        ${stateBadge(known, name)}${of === undefined ? nothing : html`<span>${of}</span>`}
        ${message === null ? nothing : html`<span class="quiet">${message}</span>`}
      </div>
      ${
        result === undefined
          ? nothing
          : html`<fc-inspector .node=${result} .context=${this.context} .opened=${this.#openedOf(key)}></fc-inspector>`
      }`
  }

  /** Many runs are one line each. */
  get #foldsRuns(): boolean {
    return this.outputs.filter((output) => 'data' in output && MEDIA.flowRun in output.data).length > MAX_OPEN_RUNS
  }

  #openedOf(key: string): Set<string> {
    const opened = this.#opened.get(key) ?? new Set()
    this.#opened.set(key, opened)
    return opened
  }

  /** Elements that stand there already come alive when their part has come. */
  #need(what: string, load: () => Promise<unknown>): void {
    if (loaded.has(what)) return
    loaded.add(what)
    load().catch(() => {
      loaded.delete(what)
      this.trouble = `What draws a ${what} could not be loaded. Is the server there? Reload the page to try again.`
    })
  }
}

const loaded = new Set<string>()

/** Its id, or its kind and its place among all. */
function keyOf(output: CellOutput, index: number): string {
  if (output.kind === 'display' && output.id !== undefined) return `id ${output.id}`
  return `${output.kind} ${index}`
}

const KIB = 1024
const sizeWords = (bytes: number): string => (bytes < KIB * KIB ? `${Math.ceil(bytes / KIB)} KiB` : `${(bytes / KIB / KIB).toFixed(1)} MiB`)
customElements.define('fc-outputs', FcOutputs)

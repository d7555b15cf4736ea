/** `<fc-notebook-head>`: the head of a notebook: its title, whether it is saved, what runs it, what its kernel may reach, everything else. */
import { LitElement, css, html, nothing, type TemplateResult } from 'lit'
import dots from 'lucide-static/icons/ellipsis.svg'
import globe from 'lucide-static/icons/globe.svg'
import panel from 'lucide-static/icons/panel-right.svg'
import check from 'lucide-static/icons/check.svg'
import cloudOff from 'lucide-static/icons/cloud-off.svg'
import upload from 'lucide-static/icons/cloud-upload.svg'
import square from 'lucide-static/icons/square.svg'
import play from 'lucide-static/icons/play.svg'
import { networkOf } from '#sdk/notebook/document.ts'
import { MAX_HEADER_VALUE_LENGTH } from '#sdk/protocol/limits.ts'
import { isMac, runCommand } from '../app/commands.ts'
import { openPalette } from '../app/shell-commands.ts'
import { icon } from '../ui/icon.ts'
import '../ui/menu.ts'
import { Watch } from '../ui/signal.ts'
import { base } from '../ui/styles.ts'
import { headMenu, networkMenu } from './head-menu.ts'
import type { NotebookModel } from './notebook-model.ts'

/** What the kernel does, in a word. */
const KERNEL_WORDS = {
  off: 'kernel off',
  starting: 'kernel starts',
  ready: 'kernel ready',
  busy: 'running',
  stopping: 'stopping',
  dead: 'kernel ended',
} as const
/** A kernel that has not stopped after this long can be ended by force. */
const FORCE_AFTER_MS = 2_000

export class FcNotebookHead extends LitElement {
  static override properties = { notebook: { attribute: false }, isPanelOpen: { attribute: false }, mayForce: { state: true } }
  declare notebook: NotebookModel
  declare isPanelOpen: boolean
  declare mayForce: boolean
  static override styles = [
    base,
    css`
      :host {
        position: sticky;
        top: 0;
        z-index: 10;
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-1) var(--space-3);
        min-height: 60px;
        margin: 0 calc(-1 * var(--space-6));
        padding: var(--space-2) var(--space-6);
        background: color-mix(in oklab, var(--ground) 94%, transparent);
        backdrop-filter: blur(6px);
      }
      h1 {
        display: flex;
        flex: none;
      }
      .title {
        field-sizing: content;
        min-width: 6rem;
        max-width: min(34rem, calc(100vw - 6rem));
        min-height: 32px;
        padding: 2px 6px;
        margin-left: -7px;
        border: 1px solid transparent;
        background: transparent;
        font: 650 var(--text-lg) / 1.3 var(--font-ui);
        letter-spacing: -0.01em;
        text-overflow: ellipsis;
      }
      .title:hover:not(:disabled) {
        border-color: var(--line);
      }
      .title:focus {
        border-color: var(--focus);
        background: var(--paper);
      }
      .title:disabled {
        color: var(--ink);
        opacity: 1;
      }
      .saved {
        display: inline-flex;
        align-items: center;
        gap: 5px;
        color: var(--ink-3);
        font-size: var(--text-sm);
      }
      .saved[data-kind='away'] {
        color: var(--late);
      }
      .saved[data-kind='refused'] {
        color: var(--failed);
      }
      .saved .icon {
        width: 14px;
        height: 14px;
      }
      .count {
        margin-left: 2px;
      }
      .kernel {
        color: var(--ink-3);
        font-size: var(--text-xs);
        white-space: nowrap;
      }
      .kernel[data-state='busy'],
      .kernel[data-state='stopping'] {
        color: var(--running);
      }
      .kernel[data-state='dead'] {
        color: var(--failed);
      }
      .service {
        color: var(--ink-3);
        font-size: var(--text-xs);
        white-space: nowrap;
      }
      .service:empty {
        display: none;
      }
      .service[data-kind='away'],
      .service[data-kind='off'] {
        color: var(--late);
      }
      .network {
        font-size: var(--text-xs);
      }
      .stop .icon {
        width: 11px;
        height: 11px;
        fill: currentColor;
      }
      button .icon.play {
        fill: currentColor;
      }
      .toggle[aria-expanded='true'] {
        background: var(--accent-soft);
        color: var(--accent);
      }
      @media (min-width: 1081px) {
        .toggle {
          display: none;
        }
      }
      @media (max-width: 760px) {
        .kernel,
        .palette,
        .reach,
        .grow {
          display: none;
        }
        .title {
          max-width: calc(100vw - 9rem);
        }
        :host {
          margin: 0 calc(-1 * var(--space-4));
          padding: var(--space-2) var(--space-4);
        }
      }
    `,
  ]

  readonly #watch: Watch
  #stopping: ReturnType<typeof setTimeout> | undefined
  #stopState: (() => void) | undefined

  constructor() {
    super()
    this.isPanelOpen = this.mayForce = false
    this.#watch = new Watch(this, () => {
      const model = this.notebook
      if (model === undefined) return []
      const { runner, sync, kernel, compile, document } = model
      return [
        sync.saved,
        runner.staleCount,
        runner.isBusy,
        kernel.state,
        model.types,
        compile.isAway,
        document.header,
        document.order,
        document.undoTitle,
      ]
    })
  }

  protected override willUpdate(): void {
    if (this.#stopState === undefined) {
      this.#watch.again()
      this.#stopState = this.notebook.kernel.state.subscribe(() => this.#followStop())
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#stopState?.()
    clearTimeout(this.#stopping)
  }

  override render(): TemplateResult {
    const model = this.notebook
    const stale = model.runner.staleCount.value
    return html`<h1>
        <input
          class="title"
          aria-label="Title of the notebook"
          .value=${model.title === 'Untitled' ? '' : model.title}
          placeholder="Untitled"
          maxlength=${MAX_HEADER_VALUE_LENGTH}
          ?disabled=${!model.canEdit}
          @change=${(event: Event) => this.#rename(event)}
          @keydown=${leaveOnEnter}
        />
      </h1>
      ${this.#saved()}
      <span class="grow"></span>
      <button class="palette" @click=${() => void openPalette()} aria-label="${isMac ? '⌘K' : 'Ctrl K'}: all commands" title="All commands">
        ${isMac ? '⌘K' : 'Ctrl K'}
      </button>
      ${
        model.canEdit
          ? html`<button
                ?disabled=${stale === 0}
                @click=${() => runCommand('run.stale')}
                title="Run every cell that is stale or has not run"
              >
                Run stale ${stale === 0 ? nothing : html`<kbd class="count">${stale}</kbd>`}
              </button>
              ${this.#runOrStop()} ${this.#kernel()}`
          : html`<span class="tag">read only</span>`
      }
      <fc-menu label="More for this notebook" look="quiet icon-only" .items=${() => headMenu(model)}>${icon(dots)}</fc-menu>
      <button
        class="quiet icon-only toggle"
        aria-label="Panel: runs, values, outline"
        aria-expanded=${this.isPanelOpen ? 'true' : 'false'}
        @click=${() => this.dispatchEvent(new CustomEvent('panel'))}
      >
        ${icon(panel)}
      </button>`
  }

  #saved(): TemplateResult {
    const { kind, sentence } = this.notebook.sync.saved.value
    const sign = kind === 'saved' ? check : kind === 'saving' ? upload : cloudOff
    return html`<span class="saved" data-kind=${kind} role="status">${icon(sign)}${sentence}</span>`
  }

  #runOrStop(): TemplateResult {
    const { runner } = this.notebook
    if (!runner.isBusy.value)
      return html`<button ?disabled=${this.notebook.document.order.value.length === 0} @click=${() => runCommand('run.all')}>
        ${icon(play)}Run all
      </button>`
    return this.mayForce
      ? html`<button class="danger stop" @click=${() => runner.forceStop()} title="Ends the kernel: all values are lost">
          ${icon(square)}Force stop
        </button>`
      : html`<button class="danger stop" @click=${() => runCommand('run.stop')}>${icon(square)}Stop</button>`
  }

  #kernel(): TemplateResult {
    const { kernel, document } = this.notebook
    const network = networkOf(document.header.value)
    const words =
      network.kind === 'https'
        ? 'https'
        : network.kind === 'none'
          ? 'no network'
          : network.kind === 'hosts'
            ? network.hosts.join(', ')
            : 'no network (setting not understood)'
    return html`<span class="kernel" data-state=${kernel.state.value}>${KERNEL_WORDS[kernel.state.value]}</span>
      ${this.#service()}
      <fc-menu class="network" label="What cells may reach: ${words}" look="quiet" .items=${() => networkMenu(this.notebook)}
        >${icon(globe)}<span class="reach">${words}</span></fc-menu
      >`
  }

  /** What is not there that a reader would miss: what checks the cells, what knows their types. */
  #service(): TemplateResult {
    const { compile, types } = this.notebook
    const [words, title] = compile.isAway.value
      ? ['cells not checked', 'The compiler could not be loaded: is the server there? Names and stale marks may be old until it is back.']
      : types.value === 'loading'
        ? ['types loading…', 'Completion and type errors come in a moment. Cells run without them.']
        : types.value === 'off'
          ? ['types off', 'The language service has stopped. Reload the page to try again; cells run without it.']
          : ['', '']
    const kind = compile.isAway.value ? 'away' : types.value
    return html`<span class="service" role="status" data-kind=${kind} title=${words === '' ? nothing : title}>${words}</span>`
  }

  #rename(event: Event): void {
    const { target } = event
    if (!(target instanceof HTMLInputElement)) return
    const title = target.value.trim()
    this.notebook.perform({ title: 'Rename', operations: [{ op: 'setHeader', key: 'title', value: title === '' ? null : title }] })
  }

  #followStop(): void {
    clearTimeout(this.#stopping)
    if (this.notebook.kernel.state.value === 'stopping') this.#stopping = setTimeout(() => (this.mayForce = true), FORCE_AFTER_MS)
    else this.mayForce = false
  }
}

function leaveOnEnter(event: KeyboardEvent): void {
  event.stopPropagation()
  if ((event.key === 'Enter' || event.key === 'Escape') && event.target instanceof HTMLInputElement) event.target.blur()
}

customElements.define('fc-notebook-head', FcNotebookHead)

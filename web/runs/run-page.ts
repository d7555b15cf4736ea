/**
 * `<fc-run-page>`: one flow run. Everything comes over the page's socket; what is older than the first answer is read when it is looked for.
 * The address keeps which tab is open and which line is meant.
 */
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import ban from 'lucide-static/icons/ban.svg'
import square from 'lucide-static/icons/square-arrow-out-up-right.svg'
import trash from 'lucide-static/icons/trash-2.svg'
import { isTerminal } from '#sdk/protocol/state-types.ts'
import type { FlowRunOutput } from '#sdk/protocol/flow-run.ts'
import { registerCommands } from '../app/commands.ts'
import { workspace } from '../app/current.ts'
import { PageElement } from '../app/page.ts'
import { navigate, pathTo, setQuery } from '../app/router.ts'
import { icon } from '../ui/icon.ts'
import { Signal, Watch } from '../ui/signal.ts'
import { stateBadge } from '../ui/state.ts'
import { base } from '../ui/styles.ts'
import { liveNow } from '../ui/time.ts'
import '../ui/empty.ts'
import '../ui/page-header.ts'
import '../ui/tabs.ts'
import { Ticking } from './fast-clock.ts'
import { FcLogView } from './log-view.ts'
import { cancelRun, deleteRun } from './run-actions.ts'
import type { RunStore } from './run-store.ts'
import { details, parametersPanel, runFacts } from './run-details.ts'
import { StateList } from './state-list.ts'
import { stateHistory } from './state-history.ts'
import { notebookOf } from './run-words.ts'
import { holdRun, type HeldRun } from './stores.ts'
import { runPageStyles, runStyles } from './styles.ts'
import './task-list.ts'
import { FcTimeline } from './timeline.ts'

const DRAWINGS = [
  { id: 'timeline', title: 'Timeline' },
  { id: 'graph', title: 'Graph' },
] as const

export class FcRunPage extends PageElement {
  #held: HeldRun | undefined
  readonly #states = new StateList('flow_run_states.list')
  readonly #isSlow = new Signal(false)
  readonly #watch = new Watch(this, () => [
    this.#held?.store.status,
    this.#held?.store.run,
    this.#held?.store.tasksVersion,
    this.#held?.store.log.version,
    this.#held?.store.trouble,
    this.#states.states,
    this.#isSlow,
    workspace().role,
  ])
  readonly #ticking = new Ticking()
  #stopCommands: (() => void) | undefined
  static override styles = [base, runStyles, runPageStyles]

  override connectedCallback(): void {
    super.connectedCallback()
    if (this.hasUpdated) this.#open()
    this.#stopCommands = registerCommands([
      {
        id: 'run.cancel',
        title: 'Cancel this flow run',
        when: 'global',
        group: 'Flow run',
        isEnabled: () => this.#canCancel,
        run: () => this.#cancel(),
      },
      { id: 'run.logs', title: 'Search the log', keys: ['/'], when: 'global', group: 'Flow run', run: () => this.#searchLog() },
    ])
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#held?.end()
    this.#held = undefined
    this.#ticking.end()
    this.#stopCommands?.()
  }

  get #store(): RunStore | undefined {
    return this.#held?.store
  }

  get #run(): FlowRunOutput | undefined {
    return this.#store?.run.value
  }

  #open(): void {
    this.#held?.end()
    this.#held = holdRun(this.params['id'] ?? '')
    this.#isSlow.value = false
    setTimeout(() => (this.#isSlow.value = true), 250)
    this.#watch.again()
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('params')) this.#open()
    const run = this.#run
    const isLive = run?.state_type != null && !isTerminal(run.state_type)
    this.#ticking.set(isLive, liveNow, () => this.requestUpdate())
    if (this.#tab === 'states' && run !== undefined) this.#states.read(run.id, run.state_id)
  }

  get #tab(): string {
    return this.query.get('tab') ?? 'logs'
  }

  protected override render(): TemplateResult {
    const store = this.#store
    const status = store?.status.value ?? { is: 'loading' }
    const run = this.#run
    switch (status.is) {
      case 'loading':
        return html`<fc-page-header heading="Flow run"></fc-page-header>${
            this.#isSlow.value ? html`<p class="quiet" role="status">Reading the flow run…</p>` : nothing
          }`
      case 'unknown':
      case 'deleted':
        return gone(status.is, run?.name)
      case 'refused':
        return html`<fc-page-header heading="Flow run"></fc-page-header>
          <p class="trouble" role="alert">The workspace does not tell about this run: ${status.detail}</p>`
      case 'here':
        return store === undefined || run === undefined ? html`` : this.#page(store, run)
    }
  }

  #page(store: RunStore, run: FlowRunOutput): TemplateResult {
    const drawing = this.query.get('view') === 'graph' ? 'graph' : 'timeline'
    return html`
      ${this.#header(run)} ${runFacts(store, run)} ${tasksTrouble(store)}
      <div class="panel">
        <fc-tabs
          label="Drawing"
          .tabs=${DRAWINGS}
          selected=${drawing}
          @select=${({ detail }: CustomEvent<string>) => setQuery({ view: detail === 'graph' ? 'graph' : null })}
        >
          <span slot="tools">${drawing === 'timeline' ? this.#timelineTools() : nothing}</span>
          ${
            drawing === 'timeline'
              ? html`<fc-timeline .store=${store} @fc-tools=${() => this.requestUpdate()}></fc-timeline>`
              : this.#graph(store)
          }
        </fc-tabs>
      </div>
      <div class="panel">
        <fc-tabs
          label="Flow run"
          .tabs=${this.#tabs(store)}
          selected=${this.#tab}
          @select=${({ detail }: CustomEvent<string>) => setQuery({ tab: detail === 'logs' ? null : detail })}
        >
          ${this.#panel(store, run)}
        </fc-tabs>
      </div>
    `
  }

  #header(run: FlowRunOutput): TemplateResult {
    const link = notebookOf(run.labels)
    return html`<fc-page-header heading=${run.name} document-title="${run.name} · ${run.flow_name}">
      <span slot="before"
        ><a href=${pathTo('/runs')}>Runs</a> / <a href=${pathTo(`/flows/flow/${run.flow_id}`)}>${run.flow_name}</a> /</span
      >
      <span slot="after">${stateBadge(run.state_type, run.state_name)}</span>
      ${
        link === undefined
          ? nothing
          : html`<a
              slot="actions"
              class="button"
              href=${pathTo(`/notebooks/notebook/${link.notebook}${link.cell === undefined ? '' : `?cell=${link.cell}`}`)}
              >${icon(square)}Open the cell</a
            >`
      }
      ${this.#canCancel ? html`<button slot="actions" @click=${() => void this.#cancel()}>${icon(ban)}Cancel</button>` : nothing}
      ${workspace().may('owner') ? html`<button slot="actions" class="danger" @click=${() => void this.#delete()}>${icon(trash)}Delete</button>` : nothing}
    </fc-page-header>`
  }

  #timelineTools(): TemplateResult | typeof nothing {
    const timeline = this.renderRoot.querySelector('fc-timeline')
    if (timeline instanceof FcTimeline) return timeline.tools()
    void this.updateComplete.then(() => this.requestUpdate())
    return nothing
  }

  #graph(store: RunStore): TemplateResult {
    if (customElements.get('fc-task-graph') === undefined) {
      void import('./task-graph.ts').then(() => this.requestUpdate())
      return html`<div class="body quiet" role="status">Laying out the graph…</div>`
    }
    return html`<fc-task-graph .store=${store}></fc-task-graph>`
  }

  #tabs(store: RunStore) {
    const subflows = store.tasks.rows.reduce((sum, { subflow }) => sum + (subflow === null ? 0 : 1), 0)
    const lines = store.log.total
    return [
      { id: 'logs', title: 'Logs', ...(lines !== undefined && { count: lines }) },
      { id: 'tasks', title: 'Task runs', ...(!store.isReadingTasks && { count: store.tasks.size }) },
      { id: 'subflows', title: 'Subflows', ...(subflows > 0 && { count: subflows }) },
      { id: 'parameters', title: 'Parameters' },
      { id: 'states', title: 'States' },
      { id: 'details', title: 'Details' },
    ]
  }

  #panel(store: RunStore, run: FlowRunOutput): TemplateResult {
    switch (this.#tab) {
      case 'tasks':
        return html`<fc-task-list .store=${store}></fc-task-list>`
      case 'subflows':
        return html`<fc-task-list .store=${store} subflows></fc-task-list>`
      case 'parameters':
        return parametersPanel(run)
      case 'states':
        return html`<div class="body">${stateHistory(this.#states.states.value)}</div>`
      case 'details':
        return details(run)
      default:
        return this.#logs(store, run)
    }
  }

  #logs(store: RunStore, run: FlowRunOutput): TemplateResult {
    const line = this.query.get('line')
    return html`<fc-log-view
      .log=${store.log}
      .nameOf=${(id: string) => store.tasks.get(id)?.name}
      .line=${line === null ? null : Number(line)}
      .task=${this.query.get('task')}
      href="${workspace().apiUrl}/flow_runs/${run.id}/logs/download"
      @fc-line=${({ detail }: CustomEvent<number>) => setQuery({ line: String(detail) })}
      @fc-task=${({ detail }: CustomEvent<string | null>) => setQuery({ task: detail })}
    ></fc-log-view>`
  }

  get #canCancel(): boolean {
    const type = this.#run?.state_type
    return type != null && !isTerminal(type) && type !== 'CANCELLING' && workspace().may('editor')
  }

  async #cancel(): Promise<void> {
    if (this.#run !== undefined) await cancelRun(this.#run)
  }

  async #delete(): Promise<void> {
    if (this.#run !== undefined && (await deleteRun(this.#run))) navigate('/runs')
  }

  async #searchLog(): Promise<void> {
    setQuery({ tab: null })
    await this.updateComplete
    const view = this.renderRoot.querySelector('fc-log-view')
    if (!(view instanceof FcLogView)) return
    await view.updateComplete
    view.renderRoot.querySelector('input')?.focus()
  }
}

function tasksTrouble(store: RunStore): TemplateResult | typeof nothing {
  const trouble = store.trouble.value
  if (trouble === undefined) return nothing
  return html`<p class="trouble" role="alert">
    Not all task runs could be read: ${trouble} <button @click=${() => store.readTasks()}>Try again</button>
  </p>`
}

function gone(is: 'unknown' | 'deleted', name: string | undefined): TemplateResult {
  const heading = is === 'deleted' ? 'This flow run was deleted' : 'There is no such flow run'
  return html`<fc-page-header heading=${heading}></fc-page-header>
    <fc-empty heading=${name ?? 'Not here'}>
      ${is === 'deleted' ? 'Its task runs and its log went with it.' : 'It may have been deleted, or the address is of another workspace.'}
      <a slot="action" class="button primary" href=${pathTo('/runs')}>To all runs</a>
    </fc-empty>`
}

customElements.define('fc-run-page', FcRunPage)

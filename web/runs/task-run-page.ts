/** `<fc-task-run-page>`: one task run, in a flow run or outside: where its inputs came from, what it gave, its states and its lines. */
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import trash from 'lucide-static/icons/trash-2.svg'
import { isTerminal } from '#sdk/protocol/state-types.ts'
import type { TaskRunInput, TaskRunOutput } from '#sdk/protocol/task-run.ts'
import { workspace } from '../app/current.ts'
import { navigate, pathTo, setQuery } from '../app/router.ts'
import { copyText } from '../ui/command-line.ts'
import { confirmDialog } from '../ui/dialog.ts'
import { icon } from '../ui/icon.ts'
import { Signal, Watch } from '../ui/signal.ts'
import { stateBadge } from '../ui/state.ts'
import { base } from '../ui/styles.ts'
import { clockWords, durationWords, fullTime } from '../ui/time-words.ts'
import { liveNow, timeAgo } from '../ui/time.ts'
import '../ui/empty.ts'
import '../ui/page-header.ts'
import '../ui/tabs.ts'
import { toast } from '../ui/toasts.ts'
import { fastNow, Ticking } from './fast-clock.ts'
import './log-view.ts'
import { resultView } from './result-view.ts'
import { waitingWords, ranSeconds } from './run-words.ts'
import { stateHistory } from './state-history.ts'
import { StateList } from './state-list.ts'
import { holdRun, type HeldRun } from './stores.ts'
import { runStyles } from './styles.ts'
import { TaskLog } from './task-log.ts'
import { stateOf } from './task-row.ts'

type Status =
  | { readonly is: 'loading' }
  | { readonly is: 'here'; readonly task: TaskRunOutput }
  | { readonly is: 'gone' }
  | { readonly is: 'failed'; readonly detail: string }

export class FcTaskRunPage extends LitElement {
  static override properties = { params: { attribute: false }, query: { attribute: false } }
  declare params: Readonly<Record<string, string>>
  declare query: URLSearchParams
  readonly #status = new Signal<Status>({ is: 'loading' })
  readonly #states = new StateList('task_run_states.list')
  readonly #names = new Signal<ReadonlyMap<string, string>>(new Map())
  readonly #ticking = new Ticking()
  #held: HeldRun | undefined
  #log: TaskLog | undefined
  /** The state that was read last, so that a change heard of is read once. */
  #seen = ''
  readonly #watch = new Watch(this, () => [
    this.#status,
    this.#states.states,
    this.#names,
    this.#held?.store.tasksVersion,
    this.#held?.store.run,
    this.#held?.store.status,
    workspace().role,
  ])
  static override styles = [
    base,
    runStyles,
    css`
      .panel {
        container-type: inline-size;
      }
      .inputs {
        width: auto;
        font-size: var(--text-sm);
      }
      .inputs td:first-child {
        font-family: var(--font-code);
      }
      fc-page-header a {
        color: inherit;
      }
    `,
  ]

  constructor() {
    super()
    this.params = {}
    this.query = new URLSearchParams()
  }

  override connectedCallback(): void {
    super.connectedCallback()
    if (this.hasUpdated) void this.#open()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#held?.end()
    this.#held = undefined
    this.#log?.end()
    this.#log = undefined
    this.#ticking.end()
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('params')) void this.#open()
    const status = this.#status.value
    if (status.is !== 'here') return
    const { task } = status
    const heard = this.#held?.store.tasks.get(task.id)
    // The topic tells of the new state; the whole row is asked for.
    const key = heard === undefined ? '' : `${stateOf(heard).type} ${stateOf(heard).at}`
    if (key !== '' && key !== this.#seen) {
      this.#seen = key
      void this.#read()
    }
    this.#states.read(task.id, task.state_id)
    const isLive = task.state_type !== null && !isTerminal(task.state_type)
    this.#ticking.set(isLive, liveNow, () => this.requestUpdate())
  }

  async #open(): Promise<void> {
    this.#held?.end()
    this.#held = undefined
    this.#log?.end()
    this.#log = undefined
    this.#seen = ''
    this.#status.value = { is: 'loading' }
    await this.#read()
  }

  async #read(): Promise<void> {
    const id = this.params['id'] ?? ''
    try {
      const task = await workspace().call('task_runs.read', { params: { id } })
      if (id !== this.params['id'] || !this.isConnected) return
      if (this.#log === undefined) this.#listen(task)
      this.#status.value = { is: 'here', task }
      void this.#nameInputs(task)
    } catch (error) {
      if (id !== this.params['id']) return
      const isGone = error instanceof Error && 'code' in error && (error.code === 'not_found' || error.code === 'invalid_request')
      this.#status.value = isGone ? { is: 'gone' } : { is: 'failed', detail: error instanceof Error ? error.message : String(error) }
    }
  }

  #listen(task: TaskRunOutput): void {
    if (task.flow_run_id !== null) this.#held = holdRun(task.flow_run_id)
    this.#log = new TaskLog(task.id, this.#held?.store)
    const row = this.#held?.store.tasks.get(task.id)
    if (row !== undefined) this.#seen = `${stateOf(row).type} ${stateOf(row).at}`
    this.#watch.again()
  }

  /** Names of the task runs that inputs came from: most are known of the flow run, the others are asked for. */
  async #nameInputs({ task_inputs }: TaskRunOutput): Promise<void> {
    const ids = [
      ...new Set(
        Object.values(task_inputs).flatMap((inputs) => inputs.flatMap((input) => (input.input_type === 'task_run' ? [input.id] : []))),
      ),
    ]
    const missing = ids.filter((id) => !this.#names.value.has(id)).slice(0, 200)
    if (missing.length === 0) return
    const rows = await workspace().call('task_runs.filter', { body: { task_runs: { id: { any_: missing } }, limit: 200 } })
    this.#names.value = new Map([...this.#names.value, ...rows.map(({ id, name }) => [id, name] as const)])
  }

  protected override render(): TemplateResult {
    const status = this.#status.value
    switch (status.is) {
      case 'loading':
        return html`<fc-page-header heading="Task run"></fc-page-header>`
      case 'gone':
        return html`<fc-page-header heading="There is no such task run"></fc-page-header>
          <fc-empty heading="Not here">
            It may have been deleted with its flow run, or the address is of another workspace.
            <a slot="action" class="button primary" href=${pathTo('/runs?tab=task-runs')}>To all task runs</a>
          </fc-empty>`
      case 'failed':
        return html`<fc-page-header heading="Task run"></fc-page-header>
          <p class="trouble" role="alert">${status.detail} <button @click=${() => void this.#open()}>Try again</button></p>`
      case 'here':
        return this.#page(status.task)
    }
  }

  #page(task: TaskRunOutput): TemplateResult {
    const tab = this.query.get('tab') ?? 'logs'
    const tabs = [
      { id: 'logs', title: 'Logs' },
      { id: 'inputs', title: 'Inputs', count: Object.keys(task.task_inputs).length },
      { id: 'result', title: 'Result' },
      { id: 'states', title: 'States', count: this.#states.states.value.length },
      { id: 'details', title: 'Details' },
    ]
    return html`
      ${this.#header(task)} ${this.#facts(task)}
      <div class="panel">
        <fc-tabs
          label="Task run"
          .tabs=${tabs}
          selected=${tab}
          @select=${({ detail }: CustomEvent<string>) => setQuery({ tab: detail === 'logs' ? null : detail })}
        >
          ${this.#panel(tab, task)}
        </fc-tabs>
      </div>
    `
  }

  #header(task: TaskRunOutput): TemplateResult {
    const run = this.#held?.store.run.value
    return html`<fc-page-header heading=${task.name}>
      <span slot="before">
        ${
          task.flow_run_id === null
            ? html`<a href=${pathTo('/runs?tab=task-runs')}>Task runs</a> /`
            : html`<a href=${pathTo('/runs')}>Runs</a> /
                ${run === undefined ? nothing : html`<a href=${pathTo(`/flows/flow/${run.flow_id}`)}>${run.flow_name}</a> /`}
                <a href=${pathTo(`/runs/flow-run/${task.flow_run_id}`)}>${run?.name ?? 'flow run'}</a> /`
        }
      </span>
      <span slot="after">${stateBadge(task.state_type, task.state_name)}</span>
      ${
        workspace().may('owner')
          ? html`<button slot="actions" class="danger" @click=${() => void this.#delete(task)}>${icon(trash)}Delete</button>`
          : nothing
      }
    </fc-page-header>`
  }

  #facts(task: TaskRunOutput): TemplateResult {
    const now = fastNow.value
    const ran = ranSeconds(task, now)
    const waits = waitingWords(task, now)
    const subflow = task.state?.state_details.child_flow_run_id
    const message = task.state?.message
    const isWrong = task.state_type === 'FAILED' || task.state_type === 'CRASHED' || task.state_name === 'NotReady'
    const fact = (word: string, value: unknown): TemplateResult =>
      html`<div>
        <dt>${word}</dt>
        <dd>${value}</dd>
      </div>`
    const retries = task.empirical_policy.retries ?? 0
    return html`<dl class="facts">
      ${fact(
        'Started',
        task.start_time === null
          ? 'not yet'
          : html`<span title=${fullTime(task.start_time)}>${clockWords(task.start_time, 'millis')}</span>, ${timeAgo(task.start_time)}`,
      )}
      ${fact('Duration', ran === undefined ? '–' : durationWords(ran))}
      ${fact('Attempts', retries === 0 ? String(task.run_count) : `${task.run_count} of at most ${retries + 1}`)}
      ${fact('Task', html`<code>${task.task_key}</code>`)}
      ${task.flow_run_id === null ? fact('Flow run', 'none: it was called outside flows') : nothing}
      ${subflow == null ? nothing : fact('Subflow', html`<a href=${pathTo(`/runs/flow-run/${subflow}`)}>its flow run</a>`)}
      ${
        task.tags.length === 0
          ? nothing
          : fact(
              'Tags',
              task.tags.map((tag) => html`<span class="tag">${tag}</span> `),
            )
      }
      ${waits === undefined ? nothing : fact('Waiting', html`<span class="waits" role="status">${waits}</span>`)}
      ${isWrong && message != null ? fact('Why', html`<span class="why">${message.split('\n', 1)[0]}</span>`) : nothing}
    </dl>`
  }

  #panel(tab: string, task: TaskRunOutput): TemplateResult {
    switch (tab) {
      case 'inputs':
        return this.#inputs(task)
      case 'result':
        return html`<div class="body">${resultView(task.state?.data, task.state_type)}</div>`
      case 'states':
        return html`<div class="body">${stateHistory(this.#states.states.value)}</div>`
      case 'details':
        return details(task)
      default: {
        const line = this.query.get('line')
        return html`<fc-log-view
          .source=${this.#log}
          .line=${line === null ? null : Number(line)}
          .task=${this.#log?.isOfFlowRun === true ? task.id : null}
          @fc-line=${({ detail }: CustomEvent<number>) => setQuery({ line: String(detail) })}
        ></fc-log-view>`
      }
    }
  }

  #inputs({ task_inputs, id }: TaskRunOutput): TemplateResult {
    const entries = Object.entries(task_inputs)
    if (entries.length === 0)
      return html`<p class="empty">
        Nothing is recorded of its inputs: they were plain values. Results of other task runs that were passed in are listed here.
      </p>`
    return html`<div class="body">
      <table class="inputs">
        <thead>
          <tr>
            <th>Input</th>
            <th>Made of</th>
          </tr>
        </thead>
        <tbody>
          ${entries.map(
            ([name, inputs]) =>
              html`<tr>
                <td>${name === 'wait_for' ? 'waits for' : name === '__parents__' ? 'called in' : name}</td>
                <td>${inputs.map((input) => html`<div>${this.#input(input)}</div>`)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
      <p>
        <a
          class="button"
          href=${pathTo(`/runs/flow-run/${this.#held?.store.id ?? ''}?view=graph`)}
          ?hidden=${this.#held === undefined}
          data-of=${id}
          >See the graph</a
        >
      </p>
    </div>`
  }

  #input(input: TaskRunInput): TemplateResult {
    switch (input.input_type) {
      case 'task_run': {
        const row = this.#held?.store.tasks.get(input.id)
        const state = row === undefined ? undefined : stateOf(row)
        return html`result of
          <a href=${pathTo(`/runs/task-run/${input.id}`)}>${row?.name ?? this.#names.value.get(input.id) ?? input.id}</a>
          ${state === undefined ? nothing : stateBadge(state.type, state.name)}`
      }
      case 'flow_run':
        return html`result of <a href=${pathTo(`/runs/flow-run/${input.id}`)}>a flow run</a>`
      case 'parameter':
        return html`parameter <code>${input.name}</code> of the flow`
      case 'constant':
        return html`a constant of type <code>${input.type}</code>`
    }
  }

  async #delete(task: TaskRunOutput): Promise<void> {
    const text = 'Its states and its result go with it; its lines stay in the log of the flow run. This cannot be undone.'
    if (!(await confirmDialog({ heading: `Delete ${task.name}?`, text, action: 'Delete task run', isDanger: true }))) return
    await workspace().call('task_runs.delete', { params: { id: task.id } })
    toast({ text: `${task.name} was deleted.` })
    navigate(task.flow_run_id === null ? '/runs?tab=task-runs' : `/runs/flow-run/${task.flow_run_id}`)
  }
}

function details(task: TaskRunOutput): TemplateResult {
  const pair = (word: string, value: unknown): TemplateResult =>
    html`<dt>${word}</dt>
      <dd>${value}</dd>`
  const { empirical_policy: policy } = task
  const delay = policy['retry_delay']
  return html`<dl class="pairs body">
    ${pair('Id', html`<code>${task.id}</code> <button class="quiet" @click=${() => void copyText(task.id)}>Copy</button>`)}
    ${pair('Task', html`<code>${task.task_key}</code>`)} ${pair('Call', html`<code>${task.dynamic_key}</code>`)}
    ${pair('Created', fullTime(task.created))} ${task.end_time === null ? nothing : pair('Ended', fullTime(task.end_time))}
    ${task.task_version === null ? nothing : pair('Version', task.task_version)}
    ${pair('Retries', policy.retries == null ? 'none' : `${policy.retries}, ${JSON.stringify(delay ?? 0)} s apart`)}
    ${task.cache_key === null ? nothing : pair('Cache key', html`<code>${task.cache_key}</code>`)}
    ${task.cache_expiration === null ? nothing : pair('Cached until', fullTime(task.cache_expiration))}
    ${Object.entries(task.labels).map(([name, value]) => pair(name, String(value)))}
  </dl>`
}

customElements.define('fc-task-run-page', FcTaskRunPage)

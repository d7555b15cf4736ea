/** `<fc-task-run-page>`: one task run, in a flow run or outside: where its inputs came from, what it gave, its states and its lines. */
import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import trash from 'lucide-static/icons/trash-2.svg'
import { isTerminal } from '#sdk/protocol/state-types.ts'
import type { TaskRunOutput } from '#sdk/protocol/task-run.ts'
import { workspace } from '../app/current.ts'
import { PageElement } from '../app/page.ts'
import { navigate, pathTo, setQuery } from '../app/router.ts'
import { confirmDialog } from '../ui/dialog.ts'
import { icon } from '../ui/icon.ts'
import { Watch } from '../ui/signal.ts'
import { stateBadge } from '../ui/state.ts'
import { base } from '../ui/styles.ts'
import { liveNow } from '../ui/time.ts'
import '../ui/page-header.ts'
import '../ui/tabs.ts'
import { toast } from '../ui/toasts.ts'
import { fastNow, Ticking } from './fast-clock.ts'
import './log-view.ts'
import { noRecord } from './no-record.ts'
import { resultView } from './result-view.ts'
import { fact, factsOf } from './run-facts.ts'
import { waitingWords } from './run-words.ts'
import { stateHistory } from './state-history.ts'
import { StateList } from './state-list.ts'
import { openTaskRun } from './stores.ts'
import { runPageStyles, runStyles } from './styles.ts'
import { inputsPanel, taskDetails } from './task-details.ts'
import type { TaskRunModel } from './task-run-model.ts'

const WORDS = {
  title: 'Task run',
  why: 'It may have been deleted, or the address is of another workspace.',
  all: { path: '/runs?tab=task-runs', words: 'To all task runs' },
}

export class FcTaskRunPage extends PageElement {
  readonly #states = new StateList('task_run_states.list')
  readonly #ticking = new Ticking()
  #model: TaskRunModel | undefined
  readonly #watch = new Watch(this, () => [
    this.#model?.reading,
    this.#model?.names,
    this.#model?.run?.tasksVersion,
    this.#model?.run?.run,
    this.#states.states,
    workspace().role,
  ])
  /** Whose signals are watched. */
  #watched: TaskRunModel['run']
  static override styles = [
    base,
    runStyles,
    runPageStyles,
    css`
      .inputs {
        width: auto;
        font-size: var(--text-sm);
      }
      .inputs td:first-child {
        font-family: var(--font-code);
      }
    `,
  ]

  override connectedCallback(): void {
    super.connectedCallback()
    if (this.hasUpdated) this.#open()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#model?.end()
    this.#model = undefined
    this.#ticking.end()
  }

  #open(): void {
    this.#model?.end()
    this.#model = openTaskRun(this.params['id'] ?? '')
    void this.#model.read()
    this.#watch.again()
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('params')) this.#open()
    const { run, reading } = this.#model ?? {}
    if (run !== this.#watched) this.#watch.again()
    this.#watched = run
    if (reading?.value.is !== 'here') return
    const { id, state_id, state_type } = reading.value.record
    this.#states.read(id, state_id)
    this.#ticking.set(state_type !== null && !isTerminal(state_type), liveNow, () => this.requestUpdate())
  }

  protected override render(): TemplateResult {
    const model = this.#model
    if (model === undefined) return html``
    const reading = model.reading.value
    return reading.is === 'here' ? this.#page(model, reading.record) : noRecord(reading, WORDS, () => void model.read())
  }

  #page(model: TaskRunModel, task: TaskRunOutput): TemplateResult {
    const tab = this.query.get('tab') ?? 'logs'
    const tabs = [
      { id: 'logs', title: 'Logs' },
      { id: 'inputs', title: 'Inputs', count: Object.keys(task.task_inputs).length },
      { id: 'result', title: 'Result' },
      { id: 'states', title: 'States', count: this.#states.states.value.length },
      { id: 'details', title: 'Details' },
    ]
    return html`
      ${this.#header(model, task)} ${facts(task)}
      <div class="panel">
        <fc-tabs
          label="Task run"
          .tabs=${tabs}
          selected=${tab}
          @select=${({ detail }: CustomEvent<string>) => setQuery({ tab: detail === 'logs' ? null : detail })}
        >
          ${this.#panel(tab, model, task)}
        </fc-tabs>
      </div>
    `
  }

  #header(model: TaskRunModel, task: TaskRunOutput): TemplateResult {
    const run = model.run?.run.value
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

  #panel(tab: string, model: TaskRunModel, task: TaskRunOutput): TemplateResult {
    switch (tab) {
      case 'inputs':
        return inputsPanel(task, model)
      case 'result':
        return html`<div class="body">${resultView(task.state?.data, task.state_type)}</div>`
      case 'states':
        return html`<div class="body">${stateHistory(this.#states.states.value)}</div>`
      case 'details':
        return taskDetails(task)
      default: {
        const line = this.query.get('line')
        return html`<fc-log-view
          .log=${model.log}
          .line=${line === null ? null : Number(line)}
          .task=${task.flow_run_id === null ? null : task.id}
          @fc-line=${({ detail }: CustomEvent<number>) => setQuery({ line: String(detail) })}
        ></fc-log-view>`
      }
    }
  }

  async #delete(task: TaskRunOutput): Promise<void> {
    const lines = task.flow_run_id === null ? 'Its states, its result and its lines go' : 'Its states and its result go'
    const kept = task.flow_run_id === null ? '' : '; its lines stay in the log of the flow run'
    const text = `${lines} with it${kept}. This cannot be undone.`
    if (!(await confirmDialog({ heading: `Delete ${task.name}?`, text, action: 'Delete task run', isDanger: true }))) return
    await workspace().call('task_runs.delete', { params: { id: task.id } })
    toast({ text: `${task.name} was deleted.` })
    navigate(task.flow_run_id === null ? '/runs?tab=task-runs' : `/runs/flow-run/${task.flow_run_id}`)
  }
}

function facts(task: TaskRunOutput): TemplateResult {
  const now = fastNow.value
  const retries = task.empirical_policy.retries ?? 0
  const subflow = task.state?.state_details.child_flow_run_id
  const own = [
    fact('Attempts', retries === 0 ? String(task.run_count) : `${task.run_count} of at most ${retries + 1}`),
    fact('Task', html`<code>${task.task_key}</code>`),
    task.flow_run_id === null ? fact('Flow run', 'none: it was called outside flows') : nothing,
    subflow == null ? nothing : fact('Subflow', html`<a href=${pathTo(`/runs/flow-run/${subflow}`)}>its flow run</a>`),
  ]
  return factsOf(task, own, waitingWords(task, now), now, 'millis')
}

customElements.define('fc-task-run-page', FcTaskRunPage)

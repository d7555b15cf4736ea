/** What is told of a flow run besides its course: at a glance, its parameters, and the rest of its record. */
import { html, nothing, type TemplateResult } from 'lit'
import type { FlowRunOutput } from '#sdk/protocol/flow-run.ts'
import { pathTo } from '../app/router.ts'
import { copyText } from '../ui/copy-text.ts'
import { stateIcon } from '../ui/state.ts'
import { stateKind, stateWords } from '../ui/state-kind.ts'
import { fullTime } from '../ui/time-words.ts'
import { fastNow } from './fast-clock.ts'
import { valueText } from './json-text.ts'
import { fact, factsOf, pair } from './run-facts.ts'
import type { RunStore } from './run-store.ts'
import { taskWaits, waitingWords } from './run-words.ts'

export function runFacts(store: RunStore, run: FlowRunOutput): TemplateResult {
  const now = fastNow.value
  const waits = waitingWords(run, now) ?? (run.state_type === 'RUNNING' ? taskWaits(store.tasks) : undefined)
  const own = [
    fact('Attempt', String(run.run_count)),
    run.infrastructure_pid === null ? nothing : fact('Runs on', `process ${run.infrastructure_pid}`),
    store.tasks.size === 0 ? nothing : fact('Task runs', html`<span>${store.tasks.tallies.map(tally)}</span>`),
  ]
  return factsOf(run, own, waits, now)
}

const tally = ({ type, name, count }: RunStore['tasks']['tallies'][number]): TemplateResult => {
  const kind = stateKind(type, name)
  return html`<span class="state" data-state=${kind} title=${stateWords(type, name)}
    >${stateIcon(kind, stateWords(type, name))}${count.toLocaleString('en')}</span
  >`
}

export function parametersPanel({ parameters }: FlowRunOutput): TemplateResult {
  if (Object.keys(parameters).length === 0) return html`<p class="empty">This flow run has no parameters.</p>`
  const text = valueText(parameters)
  return html`<div class="body">
    <pre tabindex="0" aria-label="Parameters"><code>${text}</code></pre>
    <button class="quiet" @click=${() => void copyText(text)}>Copy</button>
  </div>`
}

export function details(run: FlowRunOutput): TemplateResult {
  const policy = run.empirical_policy
  const labels = Object.entries(run.labels)
  return html`<dl class="pairs body">
    ${pair('Id', html`<code>${run.id}</code>`)} ${pair('Flow', html`<a href=${pathTo(`/flows/flow/${run.flow_id}`)}>${run.flow_name}</a>`)}
    ${pair('Created', fullTime(run.created))} ${pair('Changed', fullTime(run.updated))}
    ${run.expected_start_time === null ? nothing : pair('Expected start', fullTime(run.expected_start_time))}
    ${run.end_time === null ? nothing : pair('Ended', fullTime(run.end_time))}
    ${run.flow_version === null ? nothing : pair('Flow version', run.flow_version)}
    ${pair('Retries', policy.retries === null ? 'none' : `${policy.retries}, ${policy.retry_delay ?? 0} s apart`)}
    ${run.idempotency_key === null ? nothing : pair('Idempotency key', html`<code>${run.idempotency_key}</code>`)}
    ${
      run.parent_task_run_id === null
        ? nothing
        : pair('Called by', html`<a href=${pathTo(`/runs/task-run/${run.parent_task_run_id}`)}>the task run that stands for it</a>`)
    }
    ${labels.length === 0 ? nothing : pair('Labels', html`${labels.map(([name, value]) => html`<div><code>${name}</code> ${String(value)}</div>`)}`)}
    ${run.job_variables === null ? nothing : pair('Job variables', html`<pre>${valueText(run.job_variables)}</pre>`)}
  </dl>`
}

/** What is told of a task run besides its course: what went in, and the rest of its record. */
import { html, nothing, type TemplateResult } from 'lit'
import type { TaskRunInput, TaskRunOutput } from '#sdk/protocol/task-run.ts'
import { pathTo } from '../app/router.ts'
import { copyText } from '../ui/copy-text.ts'
import { stateBadge } from '../ui/state.ts'
import { fullTime } from '../ui/time-words.ts'
import { pair } from './run-facts.ts'
import type { TaskRunModel } from './task-run-model.ts'
import { stateOf } from './task-row.ts'

const WORDS: Readonly<Record<string, string>> = { wait_for: 'waits for', __parents__: 'called in' }

export function inputsPanel({ task_inputs }: TaskRunOutput, model: TaskRunModel): TemplateResult {
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
              <td>${WORDS[name] ?? name}</td>
              <td>${inputs.map((input) => html`<div>${inputWords(input, model)}</div>`)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${
      model.run === undefined
        ? nothing
        : html`<p><a class="button" href=${pathTo(`/runs/flow-run/${model.run.id}?view=graph`)}>See the graph</a></p>`
    }
  </div>`
}

function inputWords(input: TaskRunInput, { run, names }: TaskRunModel): TemplateResult {
  switch (input.input_type) {
    case 'task_run': {
      const row = run?.tasks.get(input.id)
      const state = row === undefined ? undefined : stateOf(row)
      return html`result of
        <a href=${pathTo(`/runs/task-run/${input.id}`)}>${row?.name ?? names.value.get(input.id) ?? input.id}</a>
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

export function taskDetails(task: TaskRunOutput): TemplateResult {
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

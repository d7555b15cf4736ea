/** Rows of flow runs and task runs in lists. */
import { html, nothing, type TemplateResult } from 'lit'
import { isTerminal } from '#sdk/protocol/state-types.ts'
import type { FlowRunOutput } from '#sdk/protocol/flow-run.ts'
import type { StateCount } from '#sdk/protocol/overviews.ts'
import type { TaskRunOutput } from '#sdk/protocol/task-run.ts'
import { pathTo } from '../app/router.ts'
import { stateBadge } from '../ui/state.ts'
import { stateKind, stateWords } from '../ui/state-kind.ts'
import { styleMap } from '../ui/style-map.ts'
import { clockWords, durationWords, fullTime } from '../ui/time-words.ts'
import { timeWords } from './run-bars.ts'
import { problemOf, ranSeconds, waitingWords } from './run-words.ts'

const DAY_MS = 24 * 3_600_000

export interface Choice {
  has(id: string): boolean
  toggle(id: string, isRange: boolean): void
}

/** @param now Microseconds. */
export function flowRunRow(
  run: FlowRunOutput,
  states: readonly StateCount[] | undefined,
  choice: Choice | undefined,
  now: number,
): TemplateResult {
  const ran = ranSeconds(run, now)
  return html`<tr>
    ${
      choice === undefined
        ? nothing
        : html`<td class="choose">
            <input
              type="checkbox"
              aria-label="Choose ${run.name}"
              .checked=${choice.has(run.id)}
              @click=${(event: MouseEvent) => choice.toggle(run.id, event.shiftKey)}
            />
          </td>`
    }
    <td>
      <a class="plain quiet" href=${pathTo(`/flows/flow/${run.flow_id}`)}>${run.flow_name}</a>
      <span class="faint">/</span> <a class="plain" href=${pathTo(`/runs/flow-run/${run.id}`)}>${run.name}</a>
    </td>
    <td>${stateBadge(run.state_type, run.state_name)}</td>
    <td class="number">${started(run)}</td>
    <td class="number">${ran === undefined ? nothing : durationWords(ran)}</td>
    <td class="tasks">${remark(run, now) ?? miniBar(states)}</td>
    <td class="tagged">${run.tags.map((tag) => html`<span class="tag">${tag}</span> `)}</td>
  </tr>`
}

function started({ start_time, expected_start_time }: FlowRunOutput): TemplateResult | typeof nothing {
  const time = start_time ?? expected_start_time
  if (time === null) return nothing
  const isToday = Date.now() - Date.parse(time) < DAY_MS && new Date(time).toDateString() === new Date().toDateString()
  return html`<span title=${fullTime(time)}>${start_time === null ? 'due ' : ''}${isToday ? clockWords(time) : timeWords(time)}</span>`
}

/** Why it went wrong, or what it waits for. */
function remark(run: FlowRunOutput, now: number): TemplateResult | undefined {
  const problem = problemOf(run)
  if (problem !== undefined) return html`<span class="why">${problem}</span>`
  if (run.state_type === null || isTerminal(run.state_type)) return undefined
  const waits = waitingWords(run, now)
  return waits === undefined ? undefined : html`<span class="waits">${waits}</span>`
}

/** How many task runs are in which state, as parts of a bar. */
function miniBar(states: readonly StateCount[] | undefined): TemplateResult | typeof nothing {
  if (states === undefined || states.length === 0) return nothing
  const words = states.map(({ state_type, state_name, count_runs }) => `${count_runs} ${stateWords(state_type, state_name).toLowerCase()}`)
  const said = `Task runs: ${words.join(', ')}`
  return html`<span class="mini" role="img" aria-label=${said} title=${said}
    >${states.map(
      ({ state_type, state_name, count_runs }) =>
        html`<i data-state=${stateKind(state_type, state_name)} style=${styleMap({ 'flex-grow': String(count_runs) })}></i>`,
    )}</span
  >`
}

/** @param flowRun Name of its flow run, where it is known. */
export function taskRunRow(task: TaskRunOutput, flowRun: string | undefined, now: number): TemplateResult {
  const ran = ranSeconds(task, now)
  const problem = problemOf(task)
  return html`<tr>
    <td><a class="plain" href=${pathTo(`/runs/task-run/${task.id}`)}>${task.name}</a></td>
    <td>${stateBadge(task.state_type, task.state_name)}</td>
    <td class="number">
      ${task.start_time === null ? nothing : html`<span title=${fullTime(task.start_time)}>${timeWords(task.start_time)}</span>`}
    </td>
    <td class="number">${ran === undefined ? nothing : durationWords(ran)}</td>
    <td class="tasks">
      ${problem !== undefined ? html`<span class="why">${problem}</span>` : task.run_count > 1 ? `${task.run_count} attempts` : nothing}
    </td>
    <td class="tagged">
      ${
        task.flow_run_id === null
          ? html`<span class="faint">outside flows</span>`
          : html`<a class="plain quiet" href=${pathTo(`/runs/flow-run/${task.flow_run_id}`)}>${flowRun ?? 'flow run'}</a>`
      }
    </td>
  </tr>`
}

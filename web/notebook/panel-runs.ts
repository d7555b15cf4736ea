/** The newest flow runs that cells of a notebook have made: bars, and the last ones by name. */
import { html, type TemplateResult } from 'lit'
import { pathTo } from '../app/router.ts'
import type { FlowRunRow, FlowRuns } from '../app/flow-runs-store.ts'
import '../ui/bars.ts'
import type { Bar } from '../ui/bars.ts'
import { stateKind, stateWords } from '../ui/state-kind.ts'
import { stateMark } from '../ui/state.ts'
import { durationWords, runSeconds } from '../ui/time-words.ts'

const MAX_BARS = 24
const MAX_NAMES = 5
const LABEL = 'flowcell.notebook'

export function panelRuns(notebook: string, { rows, isKnown, refusal }: FlowRuns, now: number): TemplateResult {
  if (refusal !== undefined) return html`<p>${refusal}</p>`
  const own = rows.filter(({ labels }) => labels[LABEL] === notebook)
  if (own.length === 0) return html`<p>${isKnown ? 'Runs of flows stand here, as soon as a cell has called one.' : ''}</p>`
  const bars = own.slice(0, MAX_BARS).toReversed()
  const longest = Math.max(...bars.map((run) => runSeconds(run, now) ?? 0), 0.001)
  return html`<fc-bars label="The last runs of this notebook" .bars=${bars.map((run) => barOf(run, now, longest))}></fc-bars>
    <ul>
      ${own.slice(0, MAX_NAMES).map((run) => nameOf(run, now))}
    </ul>`
}

function barOf(run: FlowRunRow, now: number, longest: number): Bar {
  const seconds = runSeconds(run, now) ?? 0
  const words = [run.name, stateWords(run.state_type, run.state_name), durationWords(seconds)].join(' · ')
  return {
    id: run.id,
    // The square root keeps short runs in sight beside long ones.
    size: Math.max(0.12, Math.sqrt(seconds / longest)),
    parts: [{ kind: stateKind(run.state_type, run.state_name) }],
    title: words,
    href: pathTo(`/runs/flow-run/${run.id}`),
  }
}

function nameOf(run: FlowRunRow, now: number): TemplateResult {
  const seconds = runSeconds(run, now)
  return html`<li>
    ${stateMark(run.state_type, run.state_name)}<a class="plain what" href=${pathTo(`/runs/flow-run/${run.id}`)}>${run.name}</a
    ><small>${seconds === undefined ? '' : durationWords(seconds)}</small>
  </li>`
}

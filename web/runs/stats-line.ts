/** Figures above a list of runs; each state's figure is a button that shows only those. */
import { html, type TemplateResult } from 'lit'
import type { RunStats } from '#sdk/protocol/overviews.ts'
import { stateIcon } from '../ui/state.ts'
import type { StateKind } from '../ui/state-kind.ts'
import { durationWords } from '../ui/time-words.ts'

interface Figure {
  readonly id: string
  readonly title: string
  readonly kind: StateKind
  readonly counts: (state: RunStats['states'][number]) => boolean
}

const FIGURES: readonly Figure[] = [
  { id: 'completed', title: 'Completed', kind: 'completed', counts: ({ state_type }) => state_type === 'COMPLETED' },
  { id: 'failed', title: 'Failed', kind: 'failed', counts: ({ state_type }) => state_type === 'FAILED' },
  { id: 'crashed', title: 'Crashed', kind: 'crashed', counts: ({ state_type }) => state_type === 'CRASHED' },
  { id: 'running', title: 'Running', kind: 'running', counts: ({ state_type }) => state_type === 'RUNNING' },
  { id: 'late', title: 'Late', kind: 'late', counts: ({ state_name }) => state_name === 'Late' },
]

export function statsLine({ states, run_time }: RunStats, chosen: readonly string[], choose: (id: string) => void): TemplateResult {
  return html`<dl class="stats">
    ${FIGURES.map(({ id, title, kind, counts }) => {
      const count = states.filter(counts).reduce((sum, { count_runs }) => sum + count_runs, 0)
      return html`<div>
        <dt>${title}</dt>
        <dd class=${count === 0 ? 'none' : ''} data-state=${kind}>
          <button aria-pressed=${chosen.includes(id)} aria-label="${count} ${title}: show only these" @click=${() => choose(id)}>
            ${stateIcon(kind)}${count.toLocaleString('en')}
          </button>
        </dd>
      </div>`
    })}
    <div>
      <dt>p50 duration</dt>
      <dd>${run_time === null ? '–' : durationWords(run_time.p50)}</dd>
    </div>
    <div>
      <dt>p95 duration</dt>
      <dd>${run_time === null ? '–' : durationWords(run_time.p95)}</dd>
    </div>
  </dl>`
}

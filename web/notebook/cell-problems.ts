/** What keeps a cell from running, as sentences under it, each with its place. */
import { html, nothing, type TemplateResult } from 'lit'
import alert from 'lucide-static/icons/circle-alert.svg'
import bulb from 'lucide-static/icons/lightbulb.svg'
import type { CompiledProblem } from '../kernel/compiler-messages.ts'
import { icon } from '../ui/icon.ts'
import type { AsiHint } from './asi-hint.ts'

/** More are no help. */
const MAX_SHOWN = 5

export interface ShownProblems {
  readonly problems: readonly CompiledProblem[]
  readonly hints: readonly AsiHint[]
  /** Puts a `;` there. */
  readonly fix: (at: number) => void
}

export function problemList(
  { problems, hints, fix }: ShownProblems,
  jumpTo: (line: number, column: number) => void,
): TemplateResult | typeof nothing {
  if (problems.length + hints.length === 0) return nothing
  return html`<div class="problems" role="group" aria-label="Problems of the cell">
    ${problems.slice(0, MAX_SHOWN).map(
      ({ message, hint, line, column }) =>
        html`<div class="problem">
          ${icon(alert, 'Problem')}
          <span
            ><button @click=${() => jumpTo(line, column)} title="Go there">Line ${line}</button>: ${marked(message)}
            ${hint === undefined ? nothing : html`<small>${marked(hint)}</small>`}</span
          >
        </div>`,
    )}
    ${problems.length > MAX_SHOWN ? html`<small>and ${problems.length - MAX_SHOWN} more</small>` : nothing}
    ${hints.map(
      ({ at, sentence }) =>
        html`<div class="problem hint">
          ${icon(bulb, 'Hint')}<span>${sentence} <button @click=${() => fix(at)}>Put it in</button></span>
        </div>`,
    )}
  </div>`
}

/** Names stand in backticks. */
function marked(text: string): unknown {
  return text.split(/`([^`]*)`/).map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))
}

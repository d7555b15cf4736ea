/** One line of a log: when, how grave, of which task run, and its text with colours and hits. */
import { html, nothing, type TemplateResult } from 'lit'
import { logLevelName } from '#sdk/protocol/log-levels.ts'
import { pathTo } from '../app/router.ts'
import { ansiPieces, plainText } from '../ui/ansi.ts'
import { copyText } from '../ui/copy-text.ts'
import { clockWords } from '../ui/time-words.ts'
import { hitParts } from './log-filter.ts'
import type { Line } from './log-lines.ts'

export interface LineLook {
  /** Of its task run, where that is to be said. */
  readonly name: string | undefined
  /** What is searched for. */
  readonly wanted: string
}
export interface LineActs {
  readonly link: () => void
  readonly onlyTask: () => void
}

const SHORT: Readonly<Record<string, string>> = { WARNING: 'WARN', CRITICAL: 'CRIT' }

export function logLine(line: Line, { name, wanted }: LineLook, { link, onlyTask }: LineActs): TemplateResult {
  const level = logLevelName(line.level)
  const follow = (event: Event): void => {
    event.preventDefault()
    link()
  }
  return html`<a class="at" href="?line=${line.number}" title="Link to this line" @click=${follow}
      >${clockWords(line.at / 1_000, 'millis')}</a
    >
    <b>${SHORT[level] ?? level}</b>
    ${name === undefined ? nothing : html`<a class="task" href=${pathTo(`/runs/task-run/${line.task}`)} title=${name}>${name}</a>`}
    <span class="text">${textOf(line, wanted)}</span>
    <span class="does">
      ${name === undefined ? nothing : html`<button aria-label="Only lines of ${name}" tabindex="-1" @click=${onlyTask}>Only these</button>`}
      <button tabindex="-1" aria-label="Copy line" @click=${() => void copyLine(line)}>Copy</button>
    </span>`
}

function textOf({ text, isLate }: Line, wanted: string): readonly (TemplateResult | string)[] {
  const pieces = ansiPieces(text).flatMap(({ text: part, classes }) => {
    const parts = hitParts(part, wanted).map((hit) => (hit.isHit ? html`<mark>${hit.text}</mark>` : hit.text))
    return classes === '' ? parts : [html`<span class=${classes}>${parts}</span>`]
  })
  return isLate ? [...pieces, html` <i class="ansi-dim">(came after its lease had ended)</i>`] : pieces
}

const copyLine = ({ at, level, text }: Line): Promise<void> =>
  copyText(`${new Date(at / 1_000).toISOString()} ${logLevelName(level)} ${plainText(text)}`, 'Line copied')

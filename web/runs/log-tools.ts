/** What stands above a log: least level, search, the one task run that is shown, follow, download. */
import { html, nothing, type TemplateResult } from 'lit'
import arrowDown from 'lucide-static/icons/arrow-down.svg'
import chevronDown from 'lucide-static/icons/chevron-down.svg'
import chevronUp from 'lucide-static/icons/chevron-up.svg'
import close from 'lucide-static/icons/x.svg'
import download from 'lucide-static/icons/download.svg'
import { LOG_LEVELS } from '#sdk/protocol/log-levels.ts'
import { icon } from '../ui/icon.ts'

const LEVELS = [
  ['All', 0],
  ['Info', LOG_LEVELS.INFO],
  ['Warn+', LOG_LEVELS.WARNING],
  ['Error', LOG_LEVELS.ERROR],
] as const

export interface LogTools {
  readonly level: number
  readonly text: string
  readonly hits: number
  /** Which of them is shown. */
  readonly hit: number
  /** Name of the task run whose lines alone are shown. */
  readonly only: string | undefined
  readonly isFollowing: boolean
  readonly href: string | null
}
export interface LogToolActs {
  readonly level: (level: number) => void
  readonly text: (text: string) => void
  readonly step: (by: 1 | -1) => void
  readonly all: () => void
  readonly follow: () => void
}

export function logTools(tools: LogTools, acts: LogToolActs): TemplateResult {
  const { level, only, isFollowing, href } = tools
  return html`<div class="tools">
    <span class="segments" role="group" aria-label="Least level">
      ${LEVELS.map(([word, least]) => html`<button aria-pressed=${level === least} @click=${() => acts.level(least)}>${word}</button>`)}
    </span>
    ${search(tools, acts)}
    ${
      only === undefined
        ? nothing
        : html`<button aria-label="Show lines of all task runs again" @click=${acts.all}>only ${only}${icon(close)}</button>`
    }
    <span class="grow"></span>
    <button class="quiet" aria-pressed=${isFollowing} @click=${acts.follow}>
      ${icon(arrowDown)}${isFollowing ? 'Following' : 'Follow'}
    </button>
    ${href === null ? nothing : html`<a class="button quiet" href=${href} download>${icon(download)}Download</a>`}
  </div>`
}

function search({ text, hits, hit }: LogTools, acts: LogToolActs): TemplateResult {
  const words = text.trim() === '' ? '' : hits === 0 ? 'no hit' : `${hit + 1} of ${hits}`
  return html`<span class="search" role="search">
    <input
      type="search"
      placeholder="Search logs"
      aria-label="Search logs"
      .value=${text}
      @input=${(event: Event) => event.currentTarget instanceof HTMLInputElement && acts.text(event.currentTarget.value)}
      @keydown=${(event: KeyboardEvent) => event.key === 'Enter' && acts.step(event.shiftKey ? -1 : 1)}
    />
    <button class="quiet icon-only" aria-label="Previous hit" ?disabled=${hits === 0} @click=${() => acts.step(-1)}>
      ${icon(chevronUp)}
    </button>
    <button class="quiet icon-only" aria-label="Next hit" ?disabled=${hits === 0} @click=${() => acts.step(1)}>${icon(chevronDown)}</button>
    <span role="status">${words}</span>
  </span>`
}

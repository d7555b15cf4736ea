/** State badges: icon, word and colour, always together. */
import { html, type TemplateResult } from 'lit'
import ban from 'lucide-static/icons/ban.svg'
import check from 'lucide-static/icons/check.svg'
import circleDashed from 'lucide-static/icons/circle-dashed.svg'
import circle from 'lucide-static/icons/circle.svg'
import clockAlert from 'lucide-static/icons/clock-alert.svg'
import clock from 'lucide-static/icons/clock.svg'
import diamond from 'lucide-static/icons/diamond.svg'
import pause from 'lucide-static/icons/pause.svg'
import rotate from 'lucide-static/icons/rotate-cw.svg'
import x from 'lucide-static/icons/x.svg'
import zap from 'lucide-static/icons/zap.svg'
import type { StateType } from '#sdk/protocol/states.ts'
import { icon } from './icon.ts'
import { stateKind, stateWords, type StateKind } from './state-kind.ts'

const ICONS: Readonly<Record<StateKind, string>> = {
  completed: check,
  cached: diamond,
  failed: x,
  crashed: zap,
  running: circle,
  pending: circleDashed,
  scheduled: clock,
  late: clockAlert,
  retrying: rotate,
  paused: pause,
  cancelled: ban,
  cancelling: ban,
}

export const stateIcon = (kind: StateKind, label?: string): TemplateResult => icon(ICONS[kind], label)

/** Badge of a state as rows of the API have it (`state_type`, `state_name`). Its colour is `--state` on the element. */
export function stateBadge(type: StateType | null | undefined, name?: string | null): TemplateResult {
  const kind = stateKind(type, name)
  return html`<span class="state" data-state=${kind}>${stateIcon(kind)}${stateWords(type, name)}</span>`
}

/** The icon alone, where the word stands elsewhere or there is no room; screen readers hear the word. */
export function stateMark(type: StateType | null | undefined, name?: string | null): TemplateResult {
  const kind = stateKind(type, name)
  return html`<span class="state" data-state=${kind} title=${stateWords(type, name)}>${stateIcon(kind, stateWords(type, name))}</span>`
}

/** How fast work goes, and how long it may take. Pure. */
import type { ProgressOutput } from '../../kernel/media.ts'

/** Things in a second so far, and seconds left at that pace; undefined where it is too early to say. */
export function paceOf({ value, total, startedAt, updatedAt }: ProgressOutput): { readonly rate?: number; readonly left?: number } {
  const seconds = (updatedAt - startedAt) / 1_000
  if (seconds < 0.2 || value <= 0) return {}
  const rate = value / seconds
  return { rate, ...(total !== null && total >= value && { left: (total - value) / rate }) }
}

/** Light, dark, or as the system has it; remembered in this browser. theme-first.ts sets it before the first paint. */
import { Signal, type ReadonlySignal } from '../ui/signal.ts'

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

const KEY = 'flowcell.theme'
const themeSignal = new Signal<Theme>(chosen())
export const theme: ReadonlySignal<Theme> = themeSignal

export function setTheme(next: Theme): void {
  if (next === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = next
  try {
    if (next === 'system') localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, next)
  } catch {
    // storage is blocked: it holds for this page
  }
  themeSignal.value = next
}

function chosen(): Theme {
  const set = document.documentElement.dataset['theme']
  return THEMES.find((known) => known === set) ?? 'system'
}

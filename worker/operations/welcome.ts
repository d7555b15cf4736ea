/** The first notebook of a new workspace. */
import { parseNotebook } from '#sdk/notebook/nb-ts.ts'
import { insertNotebook } from './notebooks.ts'
import type { Unit } from './unit.ts'
import { WELCOME_NOTEBOOK } from './welcome-notebook.ts'

export function addWelcomeNotebook(unit: Pick<Unit, 'now' | 'random' | 'store' | 'changes'>): void {
  const read = parseNotebook(WELCOME_NOTEBOOK, unit.random)
  if (!read.ok) throw new TypeError(`the welcome notebook cannot be read: ${read.sentence}`)
  insertNotebook(unit, read.notebook)
}

/** What this browser remembers of the workspaces that it has opened: no secret, only how they are called. */
import { ROLES } from '#sdk/protocol/role-order.ts'
import type { Role } from '#sdk/protocol/roles.ts'

export interface OpenedWorkspace {
  readonly name: string
  readonly role: Role
  /** Milliseconds. */
  readonly at: number
}

const KEY = 'flowcell.workspaces'

export function openedWorkspaces(): ReadonlyMap<string, OpenedWorkspace> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}')
    if (typeof stored !== 'object' || stored === null) return new Map()
    return new Map(Object.entries(stored).flatMap(([id, value]: [string, unknown]) => (isOpened(value) ? [[id, value] as const] : [])))
  } catch {
    return new Map() // storage is blocked, or another hand wrote there: the pages work without it
  }
}

export function rememberWorkspace(id: string, workspace: OpenedWorkspace): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...Object.fromEntries(openedWorkspaces()), [id]: workspace }))
  } catch {
    // as above
  }
}

function isOpened(value: unknown): value is OpenedWorkspace {
  if (typeof value !== 'object' || value === null) return false
  const { name, role, at }: Partial<Record<keyof OpenedWorkspace, unknown>> = value
  return typeof name === 'string' && typeof at === 'number' && ROLES.some((known) => known === role)
}

/** The workspace of this page, for whoever needs it and is not given it. Free of Lit. */
import type { WorkspaceSession } from './workspace.ts'

let current: WorkspaceSession | undefined

/** @throws Error before the workspace was opened; pages are shown after that only. */
export function workspace(): WorkspaceSession {
  if (current === undefined) throw new Error('No workspace is open in this page yet.')
  return current
}

export function setWorkspace(session: WorkspaceSession): void {
  current = session
}

/** Whether a notebook of a workspace was ever opened in this browser. */
const KEY = 'flowcell.opened-notebooks'

export function hasOpened(workspace: string): boolean {
  try {
    return (localStorage.getItem(KEY) ?? '').split(' ').includes(workspace)
  } catch {
    return false // storage is blocked: the list is shown by its own link
  }
}

export function rememberOpened(workspace: string): void {
  if (hasOpened(workspace)) return
  try {
    localStorage.setItem(KEY, `${localStorage.getItem(KEY) ?? ''} ${workspace}`.trim())
  } catch {
    // as above
  }
}

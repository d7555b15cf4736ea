/** What lies above the page: dialogs and menus. */
import { css } from 'lit'

export const raised = css`
  dialog,
  [popover] {
    border: var(--hair);
    border-radius: var(--radius-m);
    background: var(--paper);
    color: var(--ink);
    box-shadow: var(--shadow-high);
  }
  dialog::backdrop {
    background: var(--scrim);
  }
`

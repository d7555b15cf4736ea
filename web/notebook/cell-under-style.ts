/** What stands under the text of a cell: what is wrong with it, the forms of its flows, outputs, and the line that says how it stands. */
import { css } from 'lit'

export const cellUnderStyle = css`
  .problems {
    display: grid;
    gap: 2px;
    padding: 4px 14px 8px;
    font-size: var(--text-sm);
  }
  .problem {
    display: flex;
    gap: 6px;
    align-items: baseline;
    color: var(--failed);
  }
  .problem.hint {
    color: var(--late);
  }
  .problem button {
    min-height: 0;
    padding: 0;
    border: 0;
    background: none;
    color: inherit;
    font-variant-numeric: tabular-nums;
    text-decoration: underline;
    text-underline-offset: 3px;
  }
  .problem small {
    color: var(--ink-2);
    font-size: var(--text-sm);
  }
  .outputs {
    border-top: var(--hair);
    border-radius: 0 0 var(--radius-m) var(--radius-m);
    overflow: hidden;
  }
  .folded {
    width: 100%;
    justify-content: flex-start;
    border: 0;
    border-top: var(--hair);
    border-radius: 0;
    color: var(--ink-3);
  }
  footer {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 12px;
    align-items: center;
    padding: 0 14px 7px;
    color: var(--ink-3);
    font-size: var(--text-xs);
    min-height: 22px;
  }
  .outputs + footer,
  .folded + footer {
    padding-top: 5px;
  }
  footer .where {
    color: var(--accent);
  }
  footer .why {
    color: var(--late);
    font-size: var(--text-sm);
  }
  footer .why.blocked {
    color: var(--failed);
  }
  footer .state {
    font-size: var(--text-xs);
  }
  footer a {
    color: inherit;
    cursor: pointer;
  }
  footer .forms {
    min-height: 24px;
    margin-left: auto;
    padding: 0 6px;
    color: var(--ink-3);
    font-size: var(--text-xs);
    font-weight: 450;
  }
  footer .forms:hover,
  footer .forms[aria-expanded='true'] {
    color: var(--accent);
  }
  footer .run-time {
    font-variant-numeric: tabular-nums;
  }
  .flow-forms {
    border-top: var(--hair);
    background: var(--paper-2);
  }
  .flow-forms fc-flow-form + fc-flow-form {
    border-top: var(--hair);
  }
  .flow-forms .first {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-1) var(--space-3);
    padding: var(--space-2) 14px;
    color: var(--ink-2);
    font-size: var(--text-sm);
  }
  .flow-forms:has(+ footer) {
    margin-bottom: 5px;
  }
`

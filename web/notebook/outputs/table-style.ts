/** How a table of rows looks. */
import { css } from 'lit'

export const tableStyle = css`
  .tools {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-2);
    padding: var(--space-1) 14px;
  }
  .tools input[type='search'] {
    flex: 0 1 16rem;
    min-height: 28px;
  }
  .count {
    color: var(--ink-2);
    font-size: var(--text-sm);
    font-variant-numeric: tabular-nums;
  }
  .box {
    max-height: 26rem;
    overflow: auto;
    border-top: var(--hair);
  }
  [role='table'],
  [role='grid'] {
    display: grid;
    min-width: max-content;
    font-size: var(--text-sm);
  }
  [role='row'] {
    display: grid;
    grid-template-columns: var(--columns);
  }
  .head {
    position: sticky;
    top: 0;
    z-index: 1;
    background: var(--paper-2);
  }
  [role='columnheader'] {
    min-width: 0;
    border-right: var(--hair);
  }
  .sort {
    display: flex;
    width: 100%;
    min-height: 34px;
    padding: 4px 14px;
    gap: 5px;
    justify-content: flex-start;
    border: 0;
    border-radius: 0;
    background: none;
    color: var(--ink-2);
    font-weight: 600;
    overflow: hidden;
  }
  .sort .name {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .sort small {
    font-weight: 400;
  }
  .number .sort {
    justify-content: flex-end;
  }
  .sort .icon {
    width: 13px;
    height: 13px;
  }
  .filter {
    width: 100%;
    min-height: 26px;
    border-radius: 0;
    border-width: 1px 0 0;
    border-color: var(--line);
    background: var(--paper);
    font-size: var(--text-xs);
  }
  .rows {
    position: relative;
  }
  .rows [role='row'] {
    position: absolute;
    inset: 0 0 auto;
    height: 31px;
    border-top: var(--hair);
  }
  .rows [role='row']:hover {
    background: var(--paper-2);
  }
  [role='gridcell'] {
    min-width: 0;
    padding: 5px 14px;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    line-height: 20px;
  }
  [role='gridcell']:focus-visible {
    outline-offset: -2px;
  }
  [role='gridcell'].empty {
    color: var(--ink-3);
    font-style: italic;
  }
  .cell-text {
    max-height: 50vh;
    overflow: auto;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  .status {
    padding: var(--space-1) 14px;
  }
`

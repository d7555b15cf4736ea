/** Styles that the pages of runs share, beside those of all pages. */
import { css } from 'lit'

export const runStyles = css`
  :host {
    display: block;
  }
  .facts {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2) var(--space-6);
    margin-bottom: var(--space-3);
  }
  .facts dt,
  .stats dt {
    color: var(--ink-3);
    font-size: var(--text-xs);
  }
  .facts dd {
    font-size: var(--text-sm);
  }
  .facts .state {
    margin-right: var(--space-1);
  }
  .waits {
    color: var(--late);
  }
  .why {
    color: var(--failed);
    overflow-wrap: anywhere;
  }
  .stats {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2) var(--space-6);
    margin: var(--space-3) var(--space-1);
  }
  .stats dd {
    color: var(--state, var(--ink));
    font-size: var(--text-lg);
    font-weight: 640;
  }
  .stats dd.none {
    color: var(--ink-3);
    font-weight: 500;
  }
  .panel + .panel {
    margin-top: var(--space-4);
  }
  .body {
    padding: var(--space-3) var(--space-4);
  }
  .pairs {
    display: grid;
    grid-template-columns: minmax(7rem, max-content) 1fr;
    gap: var(--space-2) var(--space-6);
    font-size: var(--text-sm);
  }
  .pairs dt {
    color: var(--ink-3);
  }
  .pairs dd {
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .pairs pre {
    white-space: pre-wrap;
  }
  .history {
    display: grid;
    gap: var(--space-2);
    font-size: var(--text-sm);
  }
  .history li {
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--space-3);
  }
  .history time {
    color: var(--ink-3);
    font-family: var(--font-code);
  }
  .empty {
    padding: var(--space-6) var(--space-4);
    color: var(--ink-2);
  }
  .empty h2 {
    margin-bottom: var(--space-2);
    color: var(--ink);
  }
  .empty p {
    max-width: 62ch;
    margin-bottom: var(--space-3);
  }
  .mini {
    display: flex;
    gap: 1px;
    overflow: hidden;
    width: 7rem;
    height: 8px;
    margin-top: 6px;
    border-radius: 4px;
    background: var(--paper-3);
  }
  @media (forced-colors: active) {
    .mini > * {
      forced-color-adjust: none;
    }
  }
  .mini i {
    background: var(--state);
  }
`

/** The page of one run: panels below a header that links to what it is in. */
export const runPageStyles = css`
  .panel {
    container-type: inline-size;
  }
  fc-page-header a {
    color: inherit;
  }
`

/** Lists of runs: a table that becomes short rows where there is no room for its columns. */
export const listStyles = css`
  .bars {
    padding: var(--space-3) var(--space-4) var(--space-2);
  }
  fc-bars {
    --bars-height: 104px;
    --bars-width: 26px;
  }
  .axis {
    display: flex;
    justify-content: space-between;
    margin-top: var(--space-1);
    color: var(--ink-3);
    font-size: var(--text-xs);
  }
  .stats button {
    min-height: 26px;
    padding: 0 4px;
    margin-left: -4px;
    border: 0;
    background: none;
    color: inherit;
    font: inherit;
  }
  .stats button[aria-pressed='true'] {
    background: var(--accent-soft);
  }
  .list {
    overflow-x: auto;
  }
  .list table {
    font-size: var(--text-sm);
  }
  .list thead th {
    border-top: 0;
    white-space: nowrap;
  }
  .list tbody tr {
    content-visibility: auto;
    contain-intrinsic-height: 36px;
  }
  .list tbody tr:hover {
    background: color-mix(in oklab, var(--paper-2) 55%, transparent);
  }
  .choose {
    width: 1px;
    padding-right: 0;
  }
  .tasks {
    max-width: 26rem;
  }
  .bulk,
  .outcomes {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-2);
    margin-bottom: var(--space-2);
    padding: var(--space-2) var(--space-3);
    border: var(--hair);
    border-radius: var(--radius-m);
    background: var(--paper);
    font-size: var(--text-sm);
  }
  .bulk {
    position: sticky;
    top: var(--space-2);
    z-index: 3;
    box-shadow: var(--shadow);
  }
  .outcomes {
    display: block;
  }
  .more {
    margin-top: var(--space-3);
    text-align: center;
  }
  @media (max-width: 760px) {
    .list thead {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    .list tr {
      display: flex;
      flex-wrap: wrap;
      align-items: baseline;
      gap: 2px var(--space-3);
      padding: var(--space-2) var(--space-3);
      border-top: var(--hair);
    }
    .list td {
      padding: 0;
      border: 0;
    }
    .list td:empty {
      display: none;
    }
    .list td:nth-child(2) {
      flex: 1 1 12rem;
    }
    .list .choose {
      width: auto;
    }
    .list .unsaid {
      display: none;
    }
  }
`

/** How the card of a run looks. */
import { css } from 'lit'

export const runCardStyle = css`
  :host {
    display: block;
    overflow: hidden;
    border: var(--hair);
    border-radius: var(--radius-s);
    background: var(--paper);
    font-size: var(--text-sm);
    container-type: inline-size;
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px var(--space-3);
    min-height: 36px;
    padding: 4px var(--space-3);
  }
  .head > a:first-of-type {
    font-weight: 600;
  }
  .open {
    margin-left: auto;
    color: var(--ink-2);
    text-decoration: none;
    white-space: nowrap;
  }
  .open .icon {
    width: 13px;
    height: 13px;
  }
  .lanes {
    padding: var(--space-1) var(--space-3) var(--space-2);
    border-top: var(--hair);
  }
  .lane {
    display: grid;
    grid-template-columns: minmax(6rem, 12rem) 1fr minmax(5rem, 12rem);
    gap: var(--space-3);
    align-items: center;
    min-height: 24px;
  }
  .lane > :first-child,
  .lane > :last-child {
    overflow: hidden;
    color: var(--ink-2);
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .track {
    position: relative;
    height: 10px;
    border-radius: 3px;
    background: color-mix(in oklab, var(--paper-2) 70%, transparent);
  }
  .track i {
    position: absolute;
    top: 0;
    bottom: 0;
    min-width: 2px;
    border-radius: 2px;
    background: var(--state);
  }
  .track i[data-kind='pending'],
  .track i[data-kind='scheduled'],
  .track i[data-kind='paused'] {
    background: repeating-linear-gradient(135deg, transparent 0 3px, color-mix(in oklab, var(--state) 45%, transparent) 3px 6px);
  }
  .track i[data-kind='retry'] {
    top: 4px;
    bottom: auto;
    border-top: 2px dotted var(--state);
    background: none;
  }
  .track i[data-kind='cached'] {
    width: 8px;
    height: 8px;
    margin: 1px 0 0 -4px;
    border-radius: 1px;
    rotate: 45deg;
  }
  .log {
    padding: var(--space-2) var(--space-3);
    border-top: var(--hair);
    font: var(--text-xs) / 1.6 var(--font-code);
  }
  .log div {
    display: flex;
    gap: 1ch;
  }
  .log b,
  .log em {
    flex: none;
  }
  .log b {
    color: var(--ink-3);
    font-weight: 400;
  }
  .log em {
    color: var(--accent);
    font-style: normal;
    font-weight: 600;
  }
  .log [data-level='WARNING'] em {
    color: var(--retrying);
  }
  .log [data-level='ERROR'] em,
  .log [data-level='CRITICAL'] em,
  .why {
    color: var(--failed);
  }
  .log span {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .log button {
    min-height: 0;
    padding: 0 2px;
    border: 0;
    background: none;
    color: var(--accent);
    font: inherit;
    text-decoration: underline;
  }
  .waits {
    color: var(--late);
  }
  .rest {
    color: var(--ink-3);
  }
  @container (max-width: 520px) {
    .lane {
      grid-template-columns: 1fr auto;
      gap: 0 var(--space-2);
    }
    .track {
      grid-row: 2;
      grid-column: 1 / -1;
    }
  }
`

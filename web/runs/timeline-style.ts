/** How a timeline looks. */
import { css } from 'lit'

export const timelineStyle = css`
  :host {
    --label: 15rem;
    display: block;
    position: relative;
  }
  .tools {
    display: flex;
    align-items: center;
    gap: var(--space-1);
    padding: 0 var(--space-2);
  }
  .scroller {
    position: relative;
    overflow: hidden auto;
    max-height: min(24rem, 60vh);
    outline-offset: -2px;
    overscroll-behavior: contain;
  }
  .axis {
    position: sticky;
    top: 0;
    z-index: 2;
    height: 1.75rem;
    margin-left: var(--label);
    background: var(--paper);
    color: var(--ink-3);
    font-size: var(--text-xs);
  }
  .axis span {
    position: absolute;
    top: 0.4rem;
    translate: -50% 0;
    white-space: nowrap;
  }
  .axis span:first-child {
    translate: 0 0;
  }
  .rows {
    position: relative;
    margin: 0 0 var(--space-2);
  }
  .grid,
  .nowline {
    position: absolute;
    top: 0;
    bottom: 0;
    width: 1px;
    background: var(--line);
    pointer-events: none;
  }
  .nowline {
    z-index: 1;
    background: var(--running);
  }
  .plot {
    position: absolute;
    inset: 0 var(--space-3) 0 var(--label);
    overflow: hidden;
    pointer-events: none;
  }
  .row {
    position: absolute;
    left: 0;
    right: 0;
    display: flex;
    align-items: center;
  }
  .row:hover {
    background: color-mix(in oklab, var(--paper-2) 60%, transparent);
  }
  .name {
    flex: none;
    display: flex;
    align-items: center;
    gap: 4px;
    width: var(--label);
    padding: 0 var(--space-3);
    color: var(--ink-2);
    font-size: var(--text-sm);
  }
  .name a {
    overflow: hidden;
    color: inherit;
    text-decoration: none;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .name a:hover {
    color: var(--ink);
    text-decoration: underline;
  }
  .name button {
    flex: none;
    min-height: 24px;
    width: 24px;
    padding: 0;
    border: 0;
    background: none;
  }
  .lane {
    position: relative;
    flex: 1;
    height: 100%;
    margin-right: var(--space-3);
    overflow: hidden;
    cursor: default;
  }
  @media (forced-colors: active) {
    .bar {
      forced-color-adjust: none;
    }
  }
  .bar {
    position: absolute;
    top: 50%;
    height: 1.1rem;
    translate: 0 -50%;
    overflow: hidden;
    border-radius: 3px;
    background: var(--state);
    color: var(--on-state);
    font-size: var(--text-xs);
    font-style: normal;
    font-weight: 600;
    line-height: 1.1rem;
    white-space: nowrap;
    text-indent: 6px;
    cursor: pointer;
  }
  .bar[data-kind='pending'],
  .bar[data-kind='scheduled'],
  .bar[data-kind='paused'] {
    --ground: color-mix(in oklab, var(--state) 14%, transparent);
    background: repeating-linear-gradient(135deg, var(--ground) 0 5px, color-mix(in oklab, var(--state) 42%, transparent) 5px 9px);
    color: var(--ink);
  }
  .bar[data-kind='retry'] {
    height: 0;
    border-top: 2px dotted var(--state);
    border-radius: 0;
    background: none;
  }
  .bar[data-moment] {
    width: 0.75rem;
    height: 0.75rem;
    margin-left: -0.375rem;
    border-radius: 2px;
    translate: 0 -50%;
    rotate: 45deg;
  }
  .here {
    display: none;
    position: absolute;
    inset-block: 2px;
    border-radius: 3px;
    outline: 2px solid var(--focus);
    pointer-events: none;
  }
  .row:focus-within .here {
    display: block;
  }
  .note {
    color: var(--ink-3);
    font-size: var(--text-sm);
  }
  .card {
    position: fixed;
    z-index: 30;
    max-width: min(26rem, calc(100vw - 2rem));
    padding: var(--space-2) var(--space-3);
    border: var(--hair);
    border-radius: var(--radius-s);
    background: var(--paper);
    box-shadow: var(--shadow-high);
    font-size: var(--text-sm);
    pointer-events: none;
  }
  .card b {
    font-weight: 620;
  }
  .card .why {
    color: var(--failed);
    overflow-wrap: anywhere;
  }
  .empty {
    padding: var(--space-4);
    color: var(--ink-2);
    font-size: var(--text-sm);
  }
  :host([narrow]) {
    --label: 0px;
  }
  :host([narrow]) .axis,
  :host([narrow]) .lane {
    margin-left: var(--space-3);
  }
  :host([narrow]) .plot {
    left: var(--space-3);
  }
  :host([narrow]) .row {
    flex-direction: column;
    align-items: stretch;
  }
  :host([narrow]) .name {
    width: auto;
    height: 1.4rem;
  }
`

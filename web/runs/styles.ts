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
  .segments {
    display: inline-flex;
    border: var(--hair);
    border-radius: var(--radius-s);
    background: var(--paper);
  }
  .segments button,
  .segments a {
    display: inline-flex;
    align-items: center;
    min-height: 30px;
    padding: 0 var(--space-3);
    border: 0;
    border-radius: 0;
    background: none;
    color: var(--ink-2);
    font-size: var(--text-sm);
    text-decoration: none;
  }
  .segments [aria-pressed='true'],
  .segments [aria-current='true'] {
    background: var(--accent-soft);
    color: var(--accent);
    font-weight: 600;
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
    border-radius: 4px;
    background: var(--paper-3);
  }
  .mini i {
    background: var(--state);
  }
`

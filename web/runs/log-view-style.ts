/** How a log looks. */
import { css } from 'lit'

export const logViewStyle = css`
  :host {
    display: flex;
    position: relative;
    flex-direction: column;
    min-height: 0;
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-2);
    padding: var(--space-2) var(--space-3);
    border-bottom: var(--hair);
  }
  .search {
    display: inline-flex;
    align-items: center;
    gap: 2px;
  }
  .search input {
    width: 13rem;
  }
  .search span {
    min-width: 4.5rem;
    color: var(--ink-3);
    font-size: var(--text-xs);
    text-align: center;
  }
  .scroller {
    position: relative;
    overflow: auto;
    min-height: 9rem;
    max-height: min(34rem, 62vh);
    padding: var(--space-1) 0;
    font: var(--text-sm) / 1.25rem var(--font-code);
    font-variant-ligatures: none;
    outline-offset: -2px;
    overflow-anchor: none;
  }
  .lines {
    position: relative;
    width: 100%;
  }
  .line {
    display: flex;
    position: absolute;
    top: 0;
    left: 0;
    gap: 1ch;
    width: 100%;
    padding: 0 var(--space-3);
  }
  .line:hover {
    background: var(--paper-2);
  }
  .line[data-marked] {
    background: var(--accent-soft);
  }
  .line .at {
    flex: none;
    color: var(--ink-3);
    text-decoration: none;
  }
  .line .at:hover {
    text-decoration: underline;
  }
  .line b {
    flex: none;
    width: 5ch;
    color: var(--accent);
    font-weight: 600;
  }
  .line .task {
    flex: none;
    width: 20ch;
    overflow: hidden;
    color: var(--ink-3);
    text-decoration: none;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .line .text {
    min-width: 0;
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
  .line .does {
    flex: none;
    display: flex;
    gap: 2px;
    align-self: start;
    margin-left: auto;
  }
  .line button {
    min-height: 1.5em;
    padding: 0 4px;
    border: 0;
    background: var(--paper-2);
    color: var(--ink-2);
    font-size: var(--text-xs);
    opacity: 0;
  }
  .line:hover button,
  .line button:focus-visible {
    opacity: 1;
  }
  .line[data-level='DEBUG'] b,
  .line[data-level='DEBUG'] .text {
    color: var(--ink-3);
  }
  .line[data-level='WARNING'] b {
    color: var(--retrying);
  }
  .line[data-level='ERROR'] b,
  .line[data-level='CRITICAL'] b {
    color: var(--failed);
  }
  mark {
    border-radius: 2px;
    background: light-dark(color-mix(in oklab, var(--late) 28%, transparent), color-mix(in oklab, var(--late) 40%, transparent));
    color: inherit;
  }
  .line[data-hit] mark {
    outline: 2px solid var(--focus);
  }
  .pill {
    position: absolute;
    bottom: var(--space-3);
    left: 50%;
    z-index: 1;
    border-radius: var(--radius-pill);
    box-shadow: var(--shadow-high);
    translate: -50% 0;
  }
  .older,
  .empty {
    padding: var(--space-2) var(--space-3);
    color: var(--ink-2);
    font: var(--text-sm) / 1.5 var(--font-ui);
  }
  .older {
    border-bottom: var(--hair);
  }
  @container (max-width: 560px) {
    .line {
      flex-wrap: wrap;
      gap: 0 1ch;
    }
    .line .text {
      flex-basis: 100%;
    }
    .line .does {
      display: none;
    }
    .search input {
      width: 9rem;
    }
  }
`

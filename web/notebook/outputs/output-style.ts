/** What outputs share: their paddings, notes beside them, and the colours of terminals. */
import { css } from 'lit'

export const outputStyle = css`
  :host {
    display: block;
    min-width: 0;
  }
  .note {
    color: var(--ink-3);
    font-size: var(--text-xs);
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-2);
  }
  button.small {
    min-height: 26px;
    padding: 1px 8px;
    font-size: var(--text-xs);
  }
`

export const ansiStyle = css`
  .ansi-bold {
    font-weight: 700;
  }
  .ansi-dim {
    opacity: 0.8;
  }
  .ansi-italic {
    font-style: italic;
  }
  .ansi-underline {
    text-decoration: underline;
  }
  .ansi-0 {
    color: var(--ink-3);
  }
  .ansi-1 {
    color: var(--failed);
  }
  .ansi-2 {
    color: var(--completed);
  }
  .ansi-3 {
    color: var(--late);
  }
  .ansi-4 {
    color: var(--running);
  }
  .ansi-5 {
    color: var(--code-keyword);
  }
  .ansi-6 {
    color: var(--cached);
  }
  .ansi-7 {
    color: var(--ink-2);
  }
`

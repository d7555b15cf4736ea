/** The colours of terminals (ansi.ts) as our themes have them. */
import { css } from 'lit'

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

/** What outputs share: their paddings and notes beside them. */
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

/** Styles of the form from a schema. */
import { css } from 'lit'

export const schemaFormStyles = css`
  :host {
    display: block;
  }
  .fields {
    display: grid;
    gap: var(--space-3);
  }
  .field {
    display: grid;
    gap: 4px;
  }
  .head {
    display: flex;
    align-items: center;
    justify-content: space-between;
  }
  label,
  legend {
    padding: 0;
    color: var(--ink);
    font-size: var(--text-sm);
    font-weight: 550;
  }
  small {
    font-weight: 400;
  }
  .null {
    min-height: 24px;
    padding: 0 8px;
    font-family: var(--font-code);
    font-size: var(--text-xs);
  }
  .null[aria-pressed='true'] {
    background: var(--accent-soft);
    color: var(--accent);
  }
  .says,
  .trouble {
    font-size: var(--text-sm);
  }
  .says {
    color: var(--ink-2);
  }
  .json {
    font-family: var(--font-code);
    resize: vertical;
  }
  .group {
    display: grid;
    gap: var(--space-2);
    min-width: 0;
    padding-left: var(--space-3);
    border-left: 2px solid var(--line);
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
    align-items: center;
  }
  .tools:empty {
    display: none;
  }
  .list {
    display: grid;
    gap: var(--space-2);
  }
  .list li {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: var(--space-2);
    align-items: end;
  }
  .list .field {
    grid-template-columns: 2ch minmax(0, 1fr);
    align-items: center;
  }
  .list .field > :not(.head, :nth-child(2)) {
    grid-column: 2;
  }
`

/** How inputs of cells look. */
import { css } from 'lit'

export const inputStyle = css`
  .field {
    display: grid;
    gap: 3px;
    max-width: 26rem;
  }
  .field + .field,
  .field + .choices,
  .choices + .field,
  .actions {
    margin-top: var(--space-3);
  }
  .field.check {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    min-height: 26px;
  }
  label,
  legend {
    padding: 0;
    color: var(--ink-2);
    font-size: var(--text-sm);
    font-weight: 500;
  }
  .check label {
    color: var(--ink);
    font-weight: 400;
  }
  .runs {
    margin-left: var(--space-2);
    font-weight: 400;
  }
  .slider {
    display: flex;
    align-items: center;
    gap: var(--space-3);
  }
  input[type='range'] {
    flex: 1;
    min-width: 0;
    min-height: 24px;
    padding: 0;
    border: 0;
    background: none;
    accent-color: var(--accent);
  }
  output {
    min-width: 4ch;
    font-variant-numeric: tabular-nums;
    text-align: right;
  }
  .choices {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-1) var(--space-4);
  }
  .choices legend {
    margin-bottom: 3px;
  }
  .choices label {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    min-height: 26px;
    color: var(--ink);
    font-weight: 400;
  }
  form legend {
    margin-bottom: var(--space-2);
    color: var(--ink);
    font-weight: 600;
  }
  .actions {
    display: flex;
    align-items: center;
    gap: var(--space-3);
  }
`

/** How a tree of values looks. */
import { css } from 'lit'

export const inspectorStyle = css`
  :host {
    padding: var(--space-1) 14px;
    overflow-x: auto;
    font: var(--text-sm) / 1.6 var(--font-code);
  }
  .line {
    min-width: max-content;
    max-width: 100%;
    border-radius: var(--radius-s);
    white-space: nowrap;
  }
  /* Only what is shown keeps its blanks: those between the parts of a row are the template's. */
  .line > * {
    white-space: pre;
  }
  .leaf {
    min-width: 0;
    white-space: normal;
  }
  .leaf > * {
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  [aria-expanded] {
    cursor: pointer;
  }
  [role='treeitem']:hover {
    background: var(--paper-2);
  }
  [role='treeitem']:focus-visible {
    outline-offset: -2px;
  }
  .line {
    padding-left: calc(var(--level, 0) * 1.1rem);
  }
  .more {
    color: var(--accent);
    cursor: pointer;
  }
  .more,
  .line .note {
    font: var(--text-xs) / 1.9 var(--font-ui);
  }
  [data-level='1'] {
    --level: 1;
  }
  [data-level='2'] {
    --level: 2;
  }
  [data-level='3'] {
    --level: 3;
  }
  [data-level='4'] {
    --level: 4;
  }
  [data-level='5'] {
    --level: 5;
  }
  [data-level='6'] {
    --level: 6;
  }
  [data-level='7'] {
    --level: 7;
  }
  [data-level='8'] {
    --level: 8;
  }
  [data-level='9'] {
    --level: 9;
  }
  [data-level='10'] {
    --level: 10;
  }
  [data-level='11'] {
    --level: 11;
  }
  [data-level='12'] {
    --level: 12;
  }
  .mark {
    display: inline-block;
    width: 1.1rem;
    color: var(--ink-3);
  }
  .mark .icon {
    width: 0.85rem;
    height: 0.85rem;
    transition: transform var(--quick);
  }
  .mark.open .icon {
    transform: rotate(90deg);
  }
  .key {
    color: var(--code-function);
  }
  .colon {
    color: var(--ink-3);
  }
  .value {
    color: var(--ink);
  }
  .value[data-type='string'] {
    color: var(--code-string);
  }
  .value[data-type='number'],
  .value[data-type='bigint'],
  .value[data-type='boolean'],
  .value[data-type='date'] {
    color: var(--code-number);
  }
  .value[data-type='function'],
  .value[data-type='class'] {
    color: var(--code-keyword);
  }
  .value[data-type='symbol'],
  .value[data-type='regexp'] {
    color: var(--code-type);
  }
  .value[data-type='error'] {
    color: var(--failed);
  }
  .value[data-type='null'],
  .value[data-type='undefined'],
  .value[data-type='empty'],
  .value[data-type='getter'],
  .value[data-type='proxy'] {
    color: var(--ink-3);
  }
`

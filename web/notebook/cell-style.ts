/** How a cell looks: a sheet with a coloured edge. One style for everything in it: 500 cells have it. */
import { css } from 'lit'
import { cellGutterStyle } from './cell-gutter-style.ts'
import { cellTextStyle } from './cell-text-style.ts'
import { cellUnderStyle } from './cell-under-style.ts'
import { codeStyle } from './code-style.ts'

const sheetStyle = css`
  :host {
    position: relative;
    display: block;
    outline: none;
    content-visibility: auto;
    contain-intrinsic-size: auto 9rem;
    /* Room for the shadow and the ring of focus, which containment would cut off. */
    margin: 0 -6px;
    padding: 3px 6px;
  }
  :host([data-open]) {
    content-visibility: visible;
  }
  .cell {
    display: grid;
    grid-template-columns: 58px minmax(0, 1fr);
  }
  .body {
    position: relative;
    min-width: 0;
    border: var(--hair);
    border-left: 3px solid var(--line);
    border-radius: var(--radius-m);
    background: var(--paper);
  }
  .body[data-edge='fresh'] {
    border-left-color: color-mix(in oklab, var(--completed) 60%, var(--line));
  }
  .body[data-edge='stale'] {
    border-left-color: var(--late-fill);
  }
  .body[data-edge='running'] {
    border-left-color: var(--running);
  }
  .body[data-edge='queued'] {
    border-left-color: color-mix(in oklab, var(--running) 45%, var(--line));
  }
  .body[data-edge='failed'],
  .body[data-edge='blocked'] {
    border-left-color: var(--failed);
  }
  :host([data-selected]) .body {
    border-top-color: color-mix(in oklab, var(--accent) 45%, var(--line));
    border-right-color: color-mix(in oklab, var(--accent) 45%, var(--line));
    border-bottom-color: color-mix(in oklab, var(--accent) 45%, var(--line));
    box-shadow: var(--shadow);
  }
  :host([data-selected]:not([data-head])) .body {
    background: color-mix(in oklab, var(--accent-soft) 40%, var(--paper));
  }
  :host(:focus-visible) .body {
    outline: 2px solid var(--focus);
    outline-offset: 1px;
  }
  .title {
    padding: 6px 14px 0;
    color: var(--ink-2);
    font-size: var(--text-xs);
    font-weight: 600;
  }
  .code {
    cursor: text;
  }
  .hidden-code {
    display: block;
    width: 100%;
    text-align: left;
    color: var(--ink-3);
    font-size: var(--text-sm);
  }
  /* Text has no sheet until it is edited or selected. */
  :host([data-kind='md']) .body {
    border-color: transparent;
    background: transparent;
  }
  :host([data-kind='md'][data-selected]) .body,
  :host([data-kind='md'][data-editing]) .body {
    border-color: color-mix(in oklab, var(--accent) 30%, var(--line));
    background: var(--paper);
  }
  :host([data-flash]) .body {
    outline: 2px solid var(--accent);
    outline-offset: 1px;
  }
  .found {
    background: color-mix(in oklab, var(--late) 35%, transparent);
    border-radius: 2px;
  }
  .found.now {
    outline: 2px solid var(--late);
  }
  /* Without colours the edge says it by its kind; the words stand in the footer. */
  @media (forced-colors: active) {
    .body[data-edge='stale'] {
      border-left-style: dashed;
    }
    .body[data-edge='failed'],
    .body[data-edge='blocked'] {
      border-left: 6px double;
    }
    .body[data-edge='running'],
    .body[data-edge='queued'] {
      border-left-style: dotted;
    }
    :host([data-kind='md']) .body {
      border-color: Canvas;
    }
    :host([data-selected]) .body {
      border-color: Highlight;
    }
  }
  @media (max-width: 760px) {
    .cell {
      grid-template-columns: 36px minmax(0, 1fr);
    }
  }
`

export const cellStyle = css`
  ${sheetStyle}
  ${cellGutterStyle}
  ${cellUnderStyle}
  ${codeStyle}
  ${cellTextStyle}
`

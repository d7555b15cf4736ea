/** How a cell looks: a sheet with a coloured edge, its gutter left of it. */
import { css } from 'lit'

export const cellStyle = css`
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
  /* Left the handle, right what runs the cell, and under that the menu: nothing lies over the text. */
  .gutter {
    display: grid;
    grid-template-columns: 24px 26px;
    align-content: start;
    gap: 2px 0;
    padding: 6px 8px 0 0;
  }
  .gutter > * {
    grid-column: 2;
    justify-self: center;
  }
  .run {
    width: 26px;
    min-height: 26px;
    height: 26px;
    padding: 0;
    border-radius: 50%;
    color: var(--ink-3);
  }
  .run .icon {
    width: 11px;
    height: 11px;
    fill: currentColor;
  }
  .run:hover {
    color: var(--accent);
    border-color: var(--accent);
  }
  .run[data-shape='stop'] {
    color: var(--failed);
    border-color: color-mix(in oklab, var(--running) 60%, var(--line));
  }
  .run[data-shape='queued'] .icon,
  .run[data-shape='blocked'] .icon {
    width: 13px;
    height: 13px;
    fill: none;
  }
  .run[data-shape='stop']::after {
    content: '';
    position: absolute;
    width: 26px;
    height: 26px;
    border: 2px solid transparent;
    border-top-color: var(--running);
    border-radius: 50%;
    animation: turn 0.9s linear infinite;
  }
  @keyframes turn {
    to {
      transform: rotate(1turn);
    }
  }
  .gutter .handle {
    grid-area: 1 / 1;
    width: 24px;
    min-height: 26px;
    height: 26px;
    padding: 0;
    color: var(--ink-3);
    cursor: grab;
  }
  .gutter fc-menu::part(button) {
    width: 26px;
    min-height: 24px;
    height: 24px;
    padding: 0;
    color: var(--ink-3);
  }
  .handle,
  .gutter fc-menu {
    opacity: 0;
  }
  .handle:focus-visible,
  .gutter fc-menu:focus-within,
  :host(:is(:hover, [data-head])) :is(.handle, .gutter fc-menu) {
    opacity: 1;
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
  .problems {
    display: grid;
    gap: 2px;
    padding: 4px 14px 8px;
    font-size: var(--text-sm);
  }
  .problem {
    display: flex;
    gap: 6px;
    align-items: baseline;
    color: var(--failed);
  }
  .problem.hint {
    color: var(--late);
  }
  .problem button {
    min-height: 0;
    padding: 0;
    border: 0;
    background: none;
    color: inherit;
    font-variant-numeric: tabular-nums;
    text-decoration: underline;
    text-underline-offset: 3px;
  }
  .problem small {
    color: var(--ink-2);
    font-size: var(--text-sm);
  }
  .outputs {
    border-top: var(--hair);
    border-radius: 0 0 var(--radius-m) var(--radius-m);
    overflow: hidden;
  }
  .folded {
    width: 100%;
    justify-content: flex-start;
    border: 0;
    border-top: var(--hair);
    border-radius: 0;
    color: var(--ink-3);
  }
  footer {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 12px;
    align-items: center;
    padding: 0 14px 7px;
    color: var(--ink-3);
    font-size: var(--text-xs);
    min-height: 22px;
  }
  .outputs + footer,
  .folded + footer {
    padding-top: 5px;
  }
  footer .where {
    color: var(--accent);
  }
  footer .why {
    color: var(--late);
    font-size: var(--text-sm);
  }
  footer .why.blocked {
    color: var(--failed);
  }
  footer .state {
    font-size: var(--text-xs);
  }
  footer a {
    color: inherit;
    cursor: pointer;
  }
  footer .forms {
    min-height: 24px;
    margin-left: auto;
    padding: 0 6px;
    color: var(--ink-3);
    font-size: var(--text-xs);
    font-weight: 450;
  }
  footer .forms:hover,
  footer .forms[aria-expanded='true'] {
    color: var(--accent);
  }
  .flow-forms {
    border-top: var(--hair);
    background: var(--paper-2);
  }
  .flow-forms fc-flow-form + fc-flow-form {
    border-top: var(--hair);
  }
  .flow-forms .first {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-1) var(--space-3);
    padding: var(--space-2) 14px;
    color: var(--ink-2);
    font-size: var(--text-sm);
  }
  .flow-forms:has(+ footer) {
    margin-bottom: 5px;
  }
  footer .run-time {
    font-variant-numeric: tabular-nums;
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
  .insert {
    display: flex;
    justify-content: center;
    gap: var(--space-1);
    height: 14px;
    margin-left: 58px;
    opacity: 0;
    transition: opacity var(--quick);
  }
  .insert:hover,
  .insert:focus-within {
    opacity: 1;
  }
  .insert button {
    min-height: 14px;
    padding: 0 10px;
    border: 0;
    color: var(--ink-3);
    font-size: var(--text-xs);
    line-height: 14px;
  }
  .insert .icon {
    width: 11px;
    height: 11px;
  }
  .insert button:hover {
    color: var(--accent);
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
    /* No room to drag by: the menu and the keys move cells, too. */
    .gutter {
      grid-template-columns: 30px;
      padding-right: 6px;
    }
    .gutter > * {
      grid-column: 1;
    }
    .gutter .handle {
      display: none;
    }
    .insert {
      margin-left: 36px;
    }
  }
`

export const textStyle = css`
  .text {
    max-width: 46rem;
    padding: 2px 14px 6px;
    color: var(--ink-2);
  }
  .text > :first-child {
    margin-top: 4px;
  }
  .text h1,
  .text h2,
  .text h3,
  .text h4 {
    margin: 0.6em 0 0.2em;
    color: var(--ink);
    letter-spacing: -0.02em;
    line-height: 1.25;
  }
  .text h1 {
    font-size: var(--text-xl);
    font-weight: 680;
  }
  .text h2 {
    font-size: var(--text-lg);
    font-weight: 650;
  }
  .text h3,
  .text h4 {
    font-size: var(--text-md);
    font-weight: 650;
  }
  .text p,
  .text ul,
  .text ol,
  .text pre,
  .text table,
  .text blockquote {
    margin: 0 0 0.6em;
  }
  .text ul,
  .text ol {
    padding-left: 1.4em;
  }
  .text strong {
    color: var(--ink);
  }
  .text pre {
    padding: 8px 12px;
    border: var(--hair);
    border-radius: var(--radius-s);
    background: var(--paper-2);
  }
  .text :not(pre) > code {
    padding: 1px 5px;
    border: var(--hair);
    border-radius: 4px;
    background: var(--paper-2);
  }
  .text blockquote {
    padding-left: 12px;
    border-left: 3px solid var(--line);
  }
  .text img {
    max-width: 100%;
  }
  .text table {
    width: auto;
  }
  .text .empty {
    color: var(--ink-3);
    font-style: italic;
  }
  .preview {
    border-top: 1px dashed var(--line);
  }
`

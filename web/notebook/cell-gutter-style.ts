/** The buttons of a cell: in the gutter left of it, and those that add others in the room below it. */
import { css } from 'lit'

export const cellGutterStyle = css`
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
  @media (max-width: 760px) {
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

/** How the panel beside the cells looks. */
import { css } from 'lit'

export const panelStyle = css`
  :host {
    position: sticky;
    top: 68px;
    display: block;
    max-height: calc(100vh - 84px);
    overflow-y: auto;
    font-size: var(--text-sm);
  }
  section {
    margin-bottom: var(--space-4);
  }
  h2 {
    display: flex;
    align-items: center;
    margin-bottom: 6px;
    color: var(--ink-3);
    font-size: var(--text-xs);
    font-weight: 650;
    letter-spacing: 0.04em;
    text-transform: uppercase;
  }
  p {
    color: var(--ink-3);
  }
  fc-bars {
    --bars-height: 44px;
    margin-bottom: 4px;
  }
  ul {
    padding: 0;
    list-style: none;
  }
  /* The graph below stays in sight. */
  .values {
    max-height: 17rem;
    overflow-y: auto;
  }
  li {
    display: flex;
    align-items: baseline;
    gap: 8px;
    padding: 3px 0;
  }
  li .what {
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  li small {
    margin-left: auto;
    white-space: nowrap;
  }
  .go {
    display: inline;
    min-width: 0;
    min-height: 24px;
    padding: 0;
    border: 0;
    overflow: hidden;
    background: none;
    font-weight: 400;
    text-align: left;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .go:hover {
    color: var(--accent);
    text-decoration: underline;
  }
  .name {
    font-family: var(--font-code);
    font-size: var(--text-xs);
  }
  .outline li {
    padding-left: calc((var(--level) - 1) * 12px);
  }
  input {
    width: 100%;
    margin-bottom: 4px;
  }
  svg.graph {
    display: block;
    width: 100%;
    max-height: 20rem;
  }
  .graph path {
    fill: none;
    stroke: var(--line-strong);
    stroke-opacity: 0.45;
    stroke-width: 1.5;
  }
  .graph path.near {
    stroke: var(--accent);
    stroke-opacity: 1;
  }
  .graph g {
    cursor: pointer;
    outline: none;
  }
  .graph circle {
    fill: var(--paper);
    stroke: var(--line-strong);
    stroke-width: 2;
  }
  .graph g[data-edge='fresh'] circle {
    fill: var(--completed);
    stroke: var(--completed);
  }
  .graph g[data-edge='stale'] circle {
    fill: var(--late-fill);
    stroke: var(--late-fill);
  }
  .graph g[data-edge='running'] circle,
  .graph g[data-edge='queued'] circle {
    fill: var(--running);
    stroke: var(--running);
  }
  .graph g[data-edge='failed'] circle,
  .graph g[data-edge='blocked'] circle {
    fill: var(--failed);
    stroke: var(--failed);
  }
  .graph g.head circle,
  .graph g:focus-visible circle {
    stroke: var(--focus);
    stroke-width: 3;
  }
  .graph text {
    fill: var(--ink-2);
    font: 9px var(--font-ui);
    paint-order: stroke;
    stroke: var(--ground);
    stroke-width: 3px;
    stroke-linejoin: round;
  }
  .close {
    display: none;
  }
  @media (max-width: 1080px) {
    :host {
      position: fixed;
      inset: 0 0 0 auto;
      z-index: 30;
      width: min(20rem, 88vw);
      max-height: none;
      padding: var(--space-4);
      border-left: var(--hair);
      background: var(--paper);
      box-shadow: var(--shadow-high);
    }
    .close {
      display: inline-flex;
      float: right;
    }
  }
`

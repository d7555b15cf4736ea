/** How a graph of task runs looks. */
import { css } from 'lit'

/** Of a node, in pixels. */
export const NODE = { width: 190, height: 44 }

export const taskGraphStyle = css`
  :host {
    display: block;
    position: relative;
  }
  .view {
    position: relative;
    overflow: hidden;
    height: min(26rem, 60vh);
    cursor: grab;
    touch-action: none;
  }
  .canvas {
    position: absolute;
    top: 0;
    left: 0;
    transform-origin: 0 0;
  }
  svg.edges {
    position: absolute;
    overflow: visible;
    fill: none;
    stroke: var(--line-strong);
    stroke-width: 1.4;
  }
  .node {
    position: absolute;
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 0 8px;
    align-items: center;
    width: ${NODE.width}px;
    height: ${NODE.height}px;
    padding: 0 10px;
    border: 1px solid var(--state);
    border-left-width: 4px;
    border-radius: var(--radius-s);
    background: var(--paper);
    color: var(--ink);
    font-size: var(--text-sm);
    line-height: 1.25;
    text-decoration: none;
  }
  .node > .icon {
    color: var(--state);
  }
  .node span {
    min-width: 0;
  }
  .node b,
  .node small {
    display: block;
    overflow: hidden;
    font-weight: 550;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .tools {
    position: absolute;
    top: var(--space-2);
    right: var(--space-2);
    z-index: 1;
    display: flex;
    border: var(--hair);
    border-radius: var(--radius-s);
    background: var(--paper);
  }
  p {
    padding: var(--space-3) var(--space-4);
    color: var(--ink-2);
    font-size: var(--text-sm);
  }
`

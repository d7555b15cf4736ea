/** Styles of the shell: a rail at the side, at the bottom where the window is narrow. */
import { css } from 'lit'

export const shellStyles = css`
  .skip {
    position: fixed;
    left: -999px;
    z-index: 50;
  }
  .skip:focus {
    left: var(--space-2);
    top: var(--space-2);
    padding: var(--space-2) var(--space-4);
    border-radius: var(--radius-s);
    background: var(--paper);
    box-shadow: var(--shadow-high);
  }
  .rail {
    position: fixed;
    inset: 0 auto 0 0;
    z-index: 20;
    display: flex;
    flex-direction: column;
    gap: 2px;
    width: var(--rail);
    padding: var(--space-3) var(--space-2);
    overflow-y: auto;
    border-right: var(--hair);
    background: var(--paper);
  }
  .mark {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    min-height: 36px;
    margin-bottom: var(--space-2);
    padding: 0 10px;
    color: var(--ink);
    font-weight: 650;
    text-decoration: none;
  }
  .name {
    line-height: 1.3;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .mark small {
    display: block;
    font-weight: 400;
  }
  .logo {
    flex: none;
    width: 24px;
    height: 24px;
    fill: none;
    stroke: var(--accent);
    stroke-width: 2.4;
    stroke-linecap: round;
  }
  .item {
    display: flex;
    align-items: center;
    justify-content: flex-start;
    gap: 10px;
    padding: 6px 10px;
    border: 0;
    border-radius: var(--radius-s);
    background: transparent;
    color: var(--ink-2);
    font-size: var(--text-sm);
    font-weight: 450;
    text-decoration: none;
  }
  .item:hover {
    background: var(--paper-2);
    color: var(--ink);
  }
  .item[aria-current='page'] {
    background: var(--accent-soft);
    color: var(--accent);
    font-weight: 600;
  }
  .item b {
    margin-left: auto;
    color: var(--running);
    font-size: var(--text-xs);
  }
  .keys {
    display: inline-flex;
    gap: 2px;
    margin-left: auto;
  }
  .tools {
    display: flex;
    align-items: center;
    gap: 2px;
    padding: 0 2px;
  }
  .connection {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    width: 4.4rem;
    margin-left: auto;
    color: var(--ink-2);
    font-size: var(--text-xs);
  }
  .connection i {
    width: 7px;
    height: 7px;
    border-radius: 50%;
    border: 1.5px solid var(--late);
  }
  .connection i.open {
    border: 0;
    background: var(--completed);
  }
  .narrow {
    display: none;
  }
  main {
    margin-left: var(--rail);
    padding: 0 var(--space-6) var(--space-6);
  }
  main:focus {
    outline: none;
  }
  @media (max-width: 760px) {
    .rail {
      inset: auto 0 0 0;
      flex-direction: row;
      justify-content: space-around;
      width: auto;
      padding: 4px max(var(--space-2), env(safe-area-inset-right)) max(4px, env(safe-area-inset-bottom))
        max(var(--space-2), env(safe-area-inset-left));
      overflow: visible;
      border-top: var(--hair);
      border-right: 0;
    }
    .mark,
    .wide,
    .rail > .grow {
      display: none;
    }
    .narrow {
      display: block;
    }
    .narrow::part(button) {
      flex-direction: column;
      gap: 2px;
      min-width: 4.5rem;
      padding: 6px 10px;
      font-size: var(--text-xs);
      font-weight: 450;
      line-height: 1.5;
    }
    .item {
      position: relative;
      flex-direction: column;
      gap: 2px;
      min-width: 4.5rem;
      font-size: var(--text-xs);
    }
    .item b {
      position: absolute;
      top: 2px;
      right: 14px;
    }
    main {
      margin-left: 0;
      padding: 0 var(--space-4) 5rem;
    }
  }
  @media print {
    .rail {
      display: none;
    }
    main {
      margin: 0;
    }
  }
`

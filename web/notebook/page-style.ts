/** How the page of a notebook is laid out. */
import { css } from 'lit'

export const pageStyle = css`
  :host {
    display: block;
  }
  .loading {
    padding: var(--space-6) 0;
    color: var(--ink-2);
    animation: appear 0s 200ms both;
  }
  @keyframes appear {
    from {
      visibility: hidden;
    }
  }
  .columns {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 250px;
    gap: var(--space-8);
    align-items: start;
  }
  .main {
    max-width: 62rem;
    min-width: 0;
  }
  .cells {
    position: relative;
  }
  /* The cell draws its ring around its sheet. */
  fc-cell:focus-visible {
    outline: none;
  }
  .adding {
    display: flex;
    justify-content: center;
    gap: var(--space-2);
    padding: var(--space-2) 0 30vh;
  }
  .missing:focus {
    outline: none;
  }
  .ways {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    gap: var(--space-2);
  }
  .drop-mark {
    position: absolute;
    left: 58px;
    right: 0;
    height: 3px;
    border-radius: 3px;
    background: var(--accent);
    pointer-events: none;
  }
  @media (max-width: 1080px) {
    .columns {
      grid-template-columns: minmax(0, 1fr);
    }
    fc-notebook-panel {
      display: none;
    }
    fc-notebook-panel.open {
      display: block;
    }
  }
`

/** How text is drawn in a cell of text, and as the preview under its editor. */
import { css } from 'lit'

export const cellTextStyle = css`
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

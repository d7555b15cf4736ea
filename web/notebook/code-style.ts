/** How code looks, the same in static text and in the editor. */
import { css } from 'lit'

export const codeStyle = css`
  .code,
  .cm-content {
    font: var(--text-sm) / 1.55 var(--font-code);
    font-variant-ligatures: none;
    tab-size: 2;
  }
  .code {
    margin: 0;
    padding: 8px 14px 9px;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    overflow-x: visible;
  }
  .code code {
    font-size: inherit;
  }
  .k {
    color: var(--code-keyword);
  }
  .s {
    color: var(--code-string);
  }
  .n {
    color: var(--code-number);
  }
  .f {
    color: var(--code-function);
  }
  .t {
    color: var(--code-type);
  }
  .c {
    color: var(--code-comment);
    font-style: italic;
  }
  .h {
    color: var(--ink);
    font-weight: 650;
  }
  .b {
    font-weight: 650;
  }
  .i {
    font-style: italic;
  }
  .l {
    color: var(--accent);
  }
  .m {
    color: var(--code-string);
  }
  .ref {
    text-decoration: underline dotted var(--ink-3);
    text-underline-offset: 3px;
  }
  .ref:hover {
    text-decoration-color: var(--accent);
  }
`

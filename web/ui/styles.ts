/** Styles that every shadow root begins with: `static override styles = [base, css`…`]`. */
import { unsafeCSS } from 'lit'
import text from './base.css' with { type: 'text' }

/** Resets, text, buttons, inputs, tables, states. The text is our own file. */
export const base = unsafeCSS(text)

/** Why a list could not be read. */
import { html, type TemplateResult } from 'lit'

export const listTrouble = (trouble: string, again: () => void): TemplateResult =>
  html`<div class="empty" role="alert">
    <p class="trouble">${trouble}</p>
    <button @click=${again}>Try again</button>
  </div>`

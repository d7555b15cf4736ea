/** One part of the panel: a heading that the focus can go to, and what stands below it. */
import { html, type TemplateResult } from 'lit'

export type PanelName = 'runs' | 'values' | 'cells' | 'outline' | 'files' | 'bin'

export const panelPart = (id: PanelName, title: string, content: unknown): TemplateResult =>
  html`<section aria-labelledby=${id}>
    <h2 id=${id} tabindex="-1">${title}</h2>
    ${content}
  </section>`

/** What stands where a notebook cannot be opened, or is gone: why, and the ways on. */
import { html, nothing, type TemplateResult } from 'lit'
import type { Notebook } from '#sdk/protocol/notebook.ts'
import { workspace } from '../app/current.ts'
import { pathTo } from '../app/router.ts'
import '../ui/empty.ts'
import type { Opening } from './open-notebook.ts'

export function missingNotebook({ sentence, left }: Omit<Extract<Opening, { readonly kind: 'missing' }>, 'kind'>): TemplateResult {
  const heading = left === undefined ? 'This notebook cannot be opened' : 'This notebook is gone'
  return html`<fc-empty class="missing" tabindex="-1" heading=${heading}>
    ${sentence}
    <div slot="action" class="ways">
      ${left === undefined ? nothing : html`<button class="primary" @click=${() => void keepCopy(left)}>Make a new notebook of it</button>`}
      <a class="button ${left === undefined ? 'primary' : ''}" href=${pathTo('/notebooks')}>To the notebooks</a>
    </div>
  </fc-empty>`
}

async function keepCopy(left: Notebook): Promise<void> {
  const { importCopy } = await import('./import-file.ts')
  await importCopy(workspace(), left)
}

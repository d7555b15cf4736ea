/** Files that cells have written into the kernel's folder, each with a download. */
import { html, nothing, type TemplateResult } from 'lit'
import download from 'lucide-static/icons/download.svg'
import { icon } from '../ui/icon.ts'
import { bytesWords } from './bytes-words.ts'
import type { NotebookModel } from './notebook-model.ts'
import { panelPart } from './panel-part.ts'

export function panelFiles({ kernel }: NotebookModel): TemplateResult | typeof nothing {
  const files = kernel.files.value
  if (files.length === 0) return nothing
  return panelPart(
    'files',
    'Files',
    html`<ul>
      ${files.map(
        ({ path, bytes }) =>
          html`<li>
            <button class="go name" title="Download" @click=${() => void save(kernel, path)}>${path} ${icon(download)}</button
            ><small>${bytesWords(bytes)}</small>
          </li>`,
      )}
    </ul>`,
  )
}

async function save(kernel: NotebookModel['kernel'], path: string): Promise<void> {
  const [bytes, { saveFile }] = await Promise.all([kernel.file(path), import('./outputs/save-file.ts')])
  saveFile(path.slice(path.lastIndexOf('/') + 1), new Blob([new Uint8Array(bytes)]))
}

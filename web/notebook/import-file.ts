/** A file becomes a notebook of the workspace, or a sentence why it is none. */
import { importNotebook } from '#sdk/notebook/import.ts'
import { MAX_NOTEBOOK_BYTES } from '#sdk/protocol/limits.ts'
import type { Notice } from '#sdk/notebook/notices.ts'
import { ApiError } from '#sdk/client/errors.ts'
import type { WorkspaceSession } from '../app/workspace.ts'
import { navigate } from '../app/router.ts'
import { toast } from '../ui/toasts.ts'

export const IMPORTED_KINDS = '.nb.ts,.ts,.js,.mts,.mjs,.ipynb,.md,.markdown,.html,.htm'
/** Outputs of an .ipynb come along in its file and stay behind. */
const MAX_FILE_BYTES = 20 * MAX_NOTEBOOK_BYTES
const KINDS = /\.(?:[cm]?[tj]s|ipynb|md|markdown|html?)$/i
/** More notices are counted. */
const MAX_NOTICES = 3

export async function chooseAndImport(session: WorkspaceSession): Promise<void> {
  const chooser = document.createElement('input')
  chooser.type = 'file'
  chooser.accept = IMPORTED_KINDS
  const chosen = new Promise<File | undefined>((resolve) => {
    chooser.addEventListener('change', () => resolve(chooser.files?.[0]))
    chooser.addEventListener('cancel', () => resolve(undefined))
  })
  chooser.click()
  const file = await chosen
  if (file !== undefined) await importFile(session, file)
}

/** Makes a notebook of a file and goes there. What is wrong is said, and nothing is made. */
export async function importFile(session: WorkspaceSession, file: File): Promise<void> {
  const refused = (sentence: string) => toast({ kind: 'error', text: `${file.name} was not imported. ${sentence}` })
  if (!KINDS.test(file.name)) {
    refused('A notebook is a .nb.ts, .ts, .js, .ipynb, .md or .html file.')
    return
  }
  if (file.size > MAX_FILE_BYTES) {
    refused(`It has ${Math.round(file.size / 1024 / 1024)} MiB; a notebook has at most ${MAX_NOTEBOOK_BYTES / 1024 / 1024} MiB of text.`)
    return
  }
  const read = importNotebook(file.name, await file.text(), () => Math.random())
  if (!read.ok) {
    refused(read.sentence)
    return
  }
  try {
    const title = read.notebook.header['title']?.trim() || file.name.replace(/(?:\.nb)?\.[^.]+$/, '')
    const made = await session.call('notebooks.create', { body: { title, source: read.notebook } })
    navigate(`/notebooks/notebook/${made.id}`)
    tellNotices(file.name, read.notices)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    refused(error.message)
  }
}

function tellNotices(name: string, notices: readonly Notice[]): void {
  if (notices.length === 0) {
    toast({ text: `${name} was imported.` })
    return
  }
  const said = notices
    .slice(0, MAX_NOTICES)
    .map(
      ({ sentence, line, cell }) => `${line === undefined ? '' : `Line ${line}: `}${cell === undefined ? '' : `Cell ${cell}: `}${sentence}`,
    )
  const more = notices.length > MAX_NOTICES ? ` And ${notices.length - MAX_NOTICES} more.` : ''
  toast({ text: `${name} was imported. ${said.join(' ')}${more}` })
}

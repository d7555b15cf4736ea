/** A file becomes a notebook of the workspace, or a sentence why it is none. */
import { importNotebook } from '#sdk/notebook/import.ts'
import { MAX_NOTEBOOK_BYTES } from '#sdk/protocol/limits.ts'
import type { Notice } from '#sdk/notebook/notices.ts'
import type { Notebook } from '#sdk/protocol/notebook.ts'
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
  const { text, notices } = await textOf(file)
  const read = importNotebook(file.name, text, () => Math.random())
  if (!read.ok) {
    refused(read.sentence)
    return
  }
  try {
    const title = read.notebook.header['title']?.trim() || file.name.replace(/(?:\.nb)?\.[^.]+$/, '')
    const made = await session.call('notebooks.create', { body: { title, source: read.notebook } })
    navigate(`/notebooks/notebook/${made.id}`)
    tellNotices(file.name, [...notices, ...read.notices])
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    refused(error.message)
  }
}

/** Notebooks are UTF-8. Older files that are not were mostly written on Windows; reading them so loses no letter. */
async function textOf(file: File): Promise<{ readonly text: string; readonly notices: readonly Notice[] }> {
  const bytes = await file.arrayBuffer()
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), notices: [] }
  } catch {
    const encoding = encodingOf(new Uint8Array(bytes))
    const sentence = `The file is no UTF-8; it was read as ${encoding}. Look whether its letters are right.`
    return { text: new TextDecoder(encoding).decode(bytes), notices: [{ code: 'encoding', sentence }] }
  }
}

/** Only UTF-16 says what it is. */
const encodingOf = ([first, second]: Uint8Array): string =>
  first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'windows-1252'

/** Makes a notebook of one that is no longer in the workspace, and goes there. */
export async function importCopy(session: WorkspaceSession, { header, cells }: Notebook): Promise<void> {
  try {
    const title = header['title']?.trim() || 'Untitled'
    const made = await session.call('notebooks.create', { body: { title, source: { header, cells, bin: [] } } })
    navigate(`/notebooks/notebook/${made.id}`, 'replace')
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    toast({ kind: 'error', text: `No notebook was made. ${error.message}` })
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

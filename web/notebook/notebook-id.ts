/** Ids of notebooks as addresses have them. */
import type { NotebookId } from '#sdk/protocol/notebook.ts'

export const isNotebookId = (text: string): text is NotebookId => /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/.test(text)

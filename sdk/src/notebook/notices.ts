/** What a reader of files has to say: nothing of a file is lost, and whatever it had to change or could not understand has a sentence. */
import type { Notebook } from '../protocol/notebook.ts'

export interface Notice {
  readonly code: string
  readonly sentence: string
  /** Line of the file, from 1. */
  readonly line?: number
  /** Cell of the file, from 1, where the file has no lines to speak of. */
  readonly cell?: number
}

export type ReadNotebook =
  | { readonly ok: true; readonly notebook: Notebook; readonly notices: readonly Notice[] }
  | { readonly ok: false; readonly code: 'not_text' | 'not_a_notebook' | 'too_large'; readonly sentence: string; readonly line?: number }

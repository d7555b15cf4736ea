/** The page of a notebook as its parts see it: the notebook, once it is open, and the elements of its cells. */
import type { FcCell } from './cell.ts'
import type { NotebookModel } from './notebook-model.ts'

export interface PageView {
  readonly model: () => NotebookModel | undefined
  readonly elementOf: (cell: string) => FcCell | undefined
}

/** Finds with one regular expression, outside of the page: an expression that never ends is ended with this Worker. */
import { findIn, type FindQuery, type Found } from './find.ts'
import type { Cell } from '#sdk/protocol/notebook.ts'

export interface FindAsked {
  readonly cells: readonly Cell[]
  readonly query: FindQuery
}

const answer = (found: Found): void => postMessage(found)

addEventListener('message', ({ data }: MessageEvent<FindAsked>) => answer(findIn(data.cells, data.query)))

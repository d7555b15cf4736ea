/** What a large notebook costs: its file, one change, and what is stale. */
import { beginRun, endRun, NO_MEMORY } from '#sdk/notebook/memory.ts'
import { graphOf, type CellFacts } from '#sdk/notebook/graph.ts'
import { isCellId } from '#sdk/notebook/document.ts'
import { parseNotebook, printNotebook } from '#sdk/notebook/nb-ts.ts'
import { applyOperation } from '#sdk/notebook/operations.ts'
import { marksOf, planOf } from '#sdk/notebook/staleness.ts'
import type { CellId, Notebook } from '#sdk/protocol/notebook.ts'
import { median, type Bench, type Row } from './row.ts'

const CELLS = 500
const LINES = 20
const ROUNDS = 21

const idOf = (index: number): CellId => {
  const id = `c${index.toString().padStart(3, '0')}`
  if (!isCellId(id)) throw new Error(`${id} is no id`)
  return id
}

const notebook: Notebook = {
  header: { nb: '1', title: 'Large' },
  cells: Array.from({ length: CELLS }, (_, index) => ({
    id: idOf(index),
    type: index % 5 === 0 ? 'md' : 'ts',
    source: Array.from({ length: LINES }, (__, line) => `const value${index}x${line} = compute(value${index}, 'some text', ${line})`).join(
      '\n',
    ),
    attributes: { title: `Cell ${index}`, runs: 'edge' },
  })),
  bin: [],
}

/** Each cell needs up to three of the ones before it. */
const facts: readonly CellFacts[] = notebook.cells.map(({ id }, index) => ({
  id,
  code: '1',
  definitions: [`n${index}`],
  references: [index - 1, index - 7, Math.floor(index / 2)].map((other) => `n${other}`),
  problems: [],
}))

function milliseconds(body: () => unknown): number {
  return median(
    Array.from({ length: ROUNDS }, () => {
      const began = performance.now()
      body()
      return performance.now() - began
    }),
  )
}

export const bench: Bench = {
  title: `a notebook of ${CELLS} cells with ${LINES} lines each`,
  run: async (): Promise<readonly Row[]> => {
    const graph = graphOf(facts)
    const memory = graph.order.reduce((before, id) => {
      const { memory: begun, run } = beginRun(before, graph, id)
      return endRun(begun, id, { run, outcome: 'done' }).memory
    }, NO_MEMORY)
    const edited = facts.map((cell, index) => (index === 0 ? { ...cell, code: '2' } : cell))
    const file = milliseconds(() => parseNotebook(printNotebook(notebook), Math.random))
    const change = milliseconds(() => applyOperation(notebook, { op: 'replaceText', cell: idOf(CELLS / 2), source: 'x' }))
    const stale = milliseconds(() => {
      const now = graphOf(edited)
      planOf({ run: 'stale' }, now, marksOf(now, memory))
    })
    const row = { beside: 'limit', unit: 'ms', better: 'less' } as const
    return [
      { ...row, what: 'its file printed and parsed', ours: file, reference: 20 },
      { ...row, what: 'the text of one cell replaced', ours: change, reference: 1 },
      { ...row, what: 'graph, marks and plan after an edit that all others hang on', ours: stale, reference: 5 },
    ]
  },
}

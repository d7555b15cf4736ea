/** What pages say of notebooks over the socket. */
import { expect, test } from 'vitest'
import type { CellOutputItem, NotebookOpItem } from '#sdk/protocol/frames.ts'
import { BatchId, CellId, NotebookId } from '#sdk/protocol/notebook.ts'
import { ack, start } from './live-harness.ts'

const NOTEBOOK = NotebookId.parse('0198c0de-0000-7000-8000-000000070000')
const output = (cell: string, code: string): CellOutputItem => ({
  type: 'cell.output',
  notebook: NOTEBOOK,
  run: {
    cell: CellId.parse(cell),
    kernel: '0198c0de-0000-4000-8000-000000000000',
    code,
    state: 'running',
    started: 1,
    duration_ms: null,
    place: 'browser',
    outputs: [],
  },
})
const edit: NotebookOpItem = {
  type: 'notebook.op',
  notebook: NOTEBOOK,
  id: BatchId.parse('0198c0de-0000-4000-8000-000000000001'),
  base: 0,
  ops: [{ op: 'setHeader', key: 'title', value: 'T' }],
}

test('[NW31] edits are asked with an answer; what a cell shows takes the place of what it showed and had not left', async () => {
  const { live, clock, last, greet } = start()
  const asked = live.request(edit)
  const first = live.request(output('a', '1'))
  const other = live.request(output('b', '1'))
  const second = live.request(output('a', '2'))
  expect(await first).toEqual({ type: 'done' })
  await greet()
  expect(last().frames.flatMap(({ items }) => items)).toEqual([edit, output('a', '2'), output('b', '1')])
  ack(last(), 1, [{ type: 'placed', version: 1, refused: [] }, { type: 'done' }, { type: 'refused', code: 'not_found', detail: 'no' }])
  expect(await Promise.all([asked, second, other])).toEqual([
    { type: 'placed', version: 1, refused: [] },
    { type: 'done' },
    { type: 'refused', code: 'not_found', detail: 'no' },
  ])
  const third = live.request(output('a', '3'))
  const fourth = live.request(output('a', '4'))
  await third
  await clock.pass()
  expect(
    last()
      .frames.flatMap(({ items }) => items)
      .slice(3),
  ).toEqual([output('a', '4')])
  ack(last(), 2, [{ type: 'done' }])
  expect(await fourth).toEqual({ type: 'done' })
})

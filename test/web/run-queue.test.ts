import { expect, test } from 'vitest'
import { ask, dropped, emptied, EMPTY_QUEUE, ended, takeNext, type RunQueue } from '../../web/notebook/run-queue.ts'
import { isCellId } from '#sdk/notebook/document.ts'
import type { CellId } from '#sdk/protocol/notebook.ts'

const id = (name: string): CellId => {
  if (!isCellId(name)) throw new Error(`${name} is no id`)
  return name
}
const [a, b, c, d] = [id('a'), id('b'), id('c'), id('d')]
const never = () => false
const names = ({ running, waiting, held }: RunQueue) => ({
  running,
  waiting: waiting.map(({ cell }) => cell).join(''),
  held: [...held].map(([cell, { by, outcome }]) => `${cell} by ${by} ${outcome}`),
})
const plan = (...order: CellId[]) => ({ order })

test('[NP1] cells run one after another, in the order of the plan; a cell waits once, and one that runs can be asked for again', () => {
  let queue = ask(EMPTY_QUEUE, plan(a, b, c), new Set([c]))
  ;({ queue } = takeNext(queue, never))
  queue = ask(queue, plan(b, a, d), new Set([d]))
  expect(names(queue)).toEqual({ running: 'a', waiting: 'bcad', held: [] })
  expect(takeNext(queue, never).cell).toBe(undefined)
  queue = ended(queue, a, 'done', new Set([b, c]))
  const turns: (CellId | undefined)[] = []
  for (let step = 0; step < 5; step++) {
    const next = takeNext(queue, never)
    turns.push(next.cell)
    queue = next.cell === undefined ? next.queue : ended(next.queue, next.cell, 'done', new Set())
  }
  expect(turns).toEqual([b, c, a, d, undefined])
})

test('[NP2] after a failure what waits and needs the cell is held with the reason, and everything else goes on', () => {
  let { queue } = takeNext(ask(EMPTY_QUEUE, plan(a, b, c, d), new Set([a, b, c, d])), never)
  queue = ended(queue, a, 'failed', new Set([b, d]))
  expect(names(queue)).toEqual({ running: undefined, waiting: 'c', held: ['b by a failed', 'd by a failed'] })
  // Asked for again, nothing is held any more.
  expect(names(ask(queue, plan(a, b), new Set([b])))).toEqual({ running: undefined, waiting: 'cab', held: ['d by a failed'] })
})

test('[NP3] what was only needed is skipped when it is fresh by its turn; what was asked for runs', () => {
  const queue = ask(EMPTY_QUEUE, plan(a, b, c), new Set([c]))
  const isFresh = (cell: CellId) => cell !== b
  const first = takeNext(queue, isFresh)
  const second = takeNext(ended(first.queue, b, 'done', new Set()), () => true)
  expect([first.cell, second.cell]).toEqual([b, c])
})

test('[NP4] stop forgets what waits; a cell that is gone leaves the queue', () => {
  const { queue } = takeNext(ask(EMPTY_QUEUE, plan(a, b, c), new Set([a])), never)
  expect(names(emptied(queue))).toEqual({ running: 'a', waiting: '', held: [] })
  expect(names(dropped(queue, (cell) => cell === b))).toEqual({ running: 'a', waiting: 'c', held: [] })
  expect(ended(queue, c, 'failed', new Set([b]))).toBe(queue)
})

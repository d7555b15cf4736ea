/** All flows as their page holds them. */
import { expect, test } from 'vitest'
import type { FlowOutput } from '#sdk/protocol/flow.ts'
import { MAX_PAGE, MAX_SNAPSHOT_RUNS } from '#sdk/protocol/limits.ts'
import type { RecentRun } from '#sdk/protocol/overviews.ts'
import type { FlowRunRow } from '../../web/app/flow-runs-store.ts'
import { FlowList, flowsFor, MAX_BARS, type FlowSource } from '../../web/runs/flow-list.ts'

const AT = '2026-11-28T04:00:00.000000Z'
const idOf = (n: number) => `f${String(n).padStart(4, '0')}`
const flow = (n: number, tags: readonly string[] = []) => ({ id: idOf(n), name: `flow ${n}`, tags, created: AT }) as unknown as FlowOutput // what a list reads of it
const recent = (id: string, created = 0) => ({ id, name: id, created }) as RecentRun // likewise
const heard = (id: string, n: number) =>
  ({
    id,
    flow_id: idOf(n),
    name: id,
    created: AT,
    expected_start_time: null,
    start_time: null,
    end_time: null,
    total_run_time: 0,
    estimated_run_time: 0,
  }) as unknown as FlowRunRow // likewise

/** A workspace with so many flows, each with one run, the later flows with the later runs. */
function workspaceOf(count: number) {
  const asked: string[] = []
  const all = Array.from({ length: count }, (_, n) => flow(n))
  const away = { is: false }
  const answer = async <T>(question: string, value: T): Promise<T> => {
    asked.push(question)
    if (away.is) throw new Error('It does not answer.')
    return value
  }
  const source: FlowSource = {
    page: (offset) => answer(`page ${offset}`, all.slice(offset, offset + MAX_PAGE)),
    byId: (ids) =>
      answer(
        `byId ${ids.join()}`,
        all.filter(({ id }) => ids.includes(id)),
      ),
    recent: (ids, limit) =>
      answer(
        `recent ${limit} of ${ids.length}`,
        ids.map((id) => ({ flow_id: id, runs: [recent(`r${id}`, Number(id.slice(1)))] })),
      ),
  }
  return { list: new FlowList(source), asked, all, away }
}
const runsOf = (list: FlowList, n: number) => list.flows.value?.recent.get(idOf(n))?.map(({ id }) => id)

test('[RP55] few flows take two questions; of many only the last run of each is asked for, and the newest of those that are shown, once', async () => {
  const few = workspaceOf(3)
  await few.list.read()
  few.list.show(few.list.flows.value?.flows ?? [])
  expect(few.asked).toEqual(['page 0', `recent ${MAX_BARS} of 3`])
  const { list, asked, all } = workspaceOf(MAX_PAGE + 50)
  const reading = list.read()
  list.show(all.slice(0, 5))
  await reading
  const flows = list.flows.value ?? { flows: [], recent: new Map() }
  const shown = flowsFor(flows, '', 'last').slice(0, 100)
  expect([shown[0]?.id, shown.length]).toEqual([idOf(MAX_PAGE + 49), 100])
  list.show(shown)
  list.show(shown)
  expect(asked).toEqual(['page 0', `recent 1 of ${MAX_PAGE}`, `page ${MAX_PAGE}`, 'recent 1 of 50', `recent ${MAX_BARS} of 100`])
})

test('[RP55] flows are found by name and tag, ordered by their last run or by name', async () => {
  const flows = { flows: [flow(2), flow(10, ['Nightly']), flow(1)], recent: new Map([[idOf(1), [recent('a', 2 ** 52)]]]) }
  const names = (text: string, order: 'name' | 'last') => flowsFor(flows, text, order).map(({ name }) => name)
  expect([names('', 'name'), names('', 'last'), names('NIGHT', 'name'), names('flow 1', 'last'), names('x', 'last')]).toEqual([
    ['flow 1', 'flow 10', 'flow 2'],
    ['flow 1', 'flow 2', 'flow 10'],
    ['flow 10'],
    ['flow 1', 'flow 10'],
    [],
  ])
})

test('[RP55] runs that are heard of take their places, those that are gone go, and a flow that is new is asked for once', async () => {
  const { list, asked, all } = workspaceOf(2)
  list.hear([heard('z1', 0)])
  expect(list.flows.value).toBeUndefined()
  await list.read()
  expect([runsOf(list, 0), runsOf(list, 1)]).toEqual([['z1'], []]) // fewer than a snapshot are all that there are
  all.push(flow(2))
  list.hear([heard('z3', 2), heard('z2', 7), heard('z1', 0)])
  list.hear([heard('z3', 2), heard('z2', 7), heard('z1', 0)])
  await expect.poll(() => list.flows.value?.flows.length).toBe(3)
  expect([runsOf(list, 2), asked.slice(2)]).toEqual([['z3'], [`byId ${idOf(2)},${idOf(7)}`]])
  const many = Array.from({ length: MAX_SNAPSHOT_RUNS }, (_, n) => heard(`s${String(999 - n)}`, 0))
  list.hear(many)
  expect([runsOf(list, 0)?.length, runsOf(list, 2)]).toEqual([MAX_BARS, []])
})

test('[RP55] what cannot be read is told, what is here stays, and it is read again on demand', async () => {
  const { list, away } = workspaceOf(2)
  await list.read()
  away.is = true
  await list.read()
  expect([list.trouble.value, list.flows.value?.flows.length]).toEqual(['It does not answer.', 2])
  away.is = false
  await list.read()
  expect(list.trouble.value).toBeUndefined()
})

/** What the pages of runs draw and say, as pure functions. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { StateType } from '#sdk/protocol/states.ts'
import { ansiPieces, plainText } from '../../web/ui/ansi.ts'
import { growingView, pan, reveal, ticksOf, zoom } from '../../web/runs/axis.ts'
import { cardLanes } from '../../web/runs/card-lanes.ts'
import { cellPlaceOf } from '../../web/runs/cell-places.ts'
import { valueText } from '../../web/runs/json-text.ts'
import { packLanes } from '../../web/runs/lanes.ts'
import { hitParts, ShownLines } from '../../web/runs/log-filter.ts'
import { LogLines, type Line } from '../../web/runs/log-lines.ts'
import { barsOfHistory, barsOfRuns, spansOfWindow } from '../../web/runs/run-bars.ts'
import { askedOf, filtersOf, matches, NO_FILTERS, queryOf, STATE_CHOICES, typed, type RunFilters } from '../../web/runs/run-filters.ts'
import { RunList } from '../../web/runs/run-list.ts'
import { laneWords, notebookOf, taskWaits, waitingWords } from '../../web/runs/run-words.ts'
import { attemptsOf, extentOf, spansOf } from '../../web/runs/spans.ts'
import type { TaskRow } from '../../web/runs/task-row.ts'
import { fitted, neighbour, revealed, zoomed, type Places } from '../../web/runs/task-graph-look.ts'
import { graphOf, MAX_GRAPH_NODES_SHOWN } from '../../web/runs/task-graph-nodes.ts'
import { TaskTable } from '../../web/runs/task-table.ts'
import { laneLines, place, placeRow, taskLines } from '../../web/runs/timeline-rows.ts'
import { rowAt, START, walkLane, walkLines, type Spot } from '../../web/runs/timeline-walk.ts'

function never(): never {
  throw new Error('there is none')
}
const SECOND = 1_000_000
const TYPES: Readonly<Record<string, StateType>> = {
  Retrying: 'RUNNING',
  AwaitingRetry: 'SCHEDULED',
  Cached: 'COMPLETED',
  NotReady: 'PENDING',
}
/** `row('a', 'Pending@0 Running@5')` */
function row(name: string, states: string, more: Partial<TaskRow> = {}): TaskRow {
  const steps = states.split(' ').map((text) => {
    const [word = '', at] = text.split('@')
    return { type: TYPES[word] ?? (word.toUpperCase() as StateType), name: word, at: Number(at) }
  })
  return { id: name, name, key: name.split('-')[0] ?? name, steps, parents: [], subflow: null, problem: null, ...more }
}
const spanText = (states: string): readonly string[] =>
  spansOf(row('a', states)).map(({ kind, from, to, attempt }) => `${kind} ${from}-${to ?? ''} ${attempt}`)

test.each([
  ['Pending@0 Running@5 Completed@9', ['pending 0-5 0', 'completed 5-9 1']],
  ['Pending@0 Running@5', ['pending 0-5 0', 'running 5- 1']],
  ['Pending@0 Running@0 AwaitingRetry@4 Retrying@8 Completed@9', ['failed 0-4 1', 'retry 4-8 1', 'completed 8-9 2']],
  ['Running@0 Retrying@4 Failed@8', ['failed 0-4 1', 'failed 4-8 2']],
  ['Running@0 AwaitingRetry@4', ['failed 0-4 1', 'retry 4- 1']],
  ['Pending@0 Cached@3', ['pending 0-3 0', 'cached 3-3 0']],
  ['Pending@0 Failed@3', ['pending 0-3 0', 'failed 3-3 0']],
  ['Pending@0 NotReady@3', ['pending 0-3 0', 'pending 3-3 0']],
  ['Running@0 Cancelling@2 Cancelled@5', ['cancelled 0-2 1', 'cancelling 2-5 1']],
  ['Running@0 Crashed@5', ['crashed 0-5 1']],
  ['Running@0 Paused@2 Running@4 Completed@5', ['paused 0-2 1', 'paused 2-4 1', 'completed 4-5 2']],
])('[RP20] each attempt and each wait of a task run is a span, coloured by what ended it: %s', (states, spans) => {
  expect(spanText(states)).toEqual(spans)
})

test('[RP20] a task run reaches from its first start to its end', () => {
  const retried = row('a', 'Pending@0 Running@5 AwaitingRetry@6 Retrying@7 Completed@9')
  expect([extentOf(retried), attemptsOf(retried)]).toEqual([{ from: 5, to: 9 }, 2])
  expect([extentOf(row('a', 'Pending@0')), extentOf(row('a', 'Running@3'))]).toEqual([null, { from: 3, to: null }])
})

test('[RP21] task runs that share a lane never overlap, and no lane more is used than run at once', () => {
  const extent = fc.record({ from: fc.nat(1_000), length: fc.option(fc.nat(100), { nil: null }) })
  fc.assert(
    fc.property(fc.array(extent, { maxLength: 60 }), (given) => {
      const extents = given
        .map(({ from, length }) => ({ from, to: length === null ? null : from + length }))
        .sort((a, b) => a.from - b.from)
      const { lanes, count } = packLanes(extents, 0)
      const ends = new Map<number, number>()
      for (const [at, { from, to }] of extents.entries()) {
        const lane = lanes[at] ?? -1
        expect(ends.get(lane) ?? 0).toBeLessThanOrEqual(from)
        ends.set(lane, to ?? Infinity)
      }
      const atOnce = extents.map(
        ({ from }, at) => extents.slice(0, at + 1).filter((other) => (other.to ?? Infinity) > from || other.from === from).length,
      )
      expect(count).toBeLessThanOrEqual(Math.max(0, ...atOnce))
    }),
  )
})

test('[RP22] ticks stand at round distances from the start, at least seventy pixels apart, and say as much as is needed', () => {
  const labels = (to: number, width = 700) => ticksOf({ from: 0, to }, 0, width).map(({ label }) => label)
  expect(labels(1.25 * SECOND)).toEqual(['0 s', '250 ms', '500 ms', '750 ms', '1 s', '1.25 s'])
  expect(labels(5 * SECOND)).toEqual(['0 s', '500 ms', '1 s', '1.5 s', '2 s', '2.5 s', '3 s', '3.5 s', '4 s', '4.5 s', '5 s'])
  expect(labels(150 * SECOND, 500)).toEqual(['0 s', '30 s', '1:00', '1:30', '2:00', '2:30'])
  expect(labels(7_500 * SECOND, 350)).toEqual(['0 s', '30:00', '1:00:00', '1:30:00', '2:00:00'])
  expect(labels(500, 500)).toEqual(['0 s', '0.1 ms', '0.2 ms', '0.3 ms', '0.4 ms', '0.5 ms'])
  expect(ticksOf({ from: 4, to: 4 }, 0, 100)).toEqual([])
  fc.assert(
    fc.property(fc.integer({ min: 30, max: 10 ** 15 }), fc.integer({ min: 80, max: 3_000 }), (span, width) => {
      const ticks = ticksOf({ from: 7, to: 7 + span }, 7, width)
      const gaps = ticks.slice(1).map(({ at }, index) => ((at - (ticks[index]?.at ?? 0)) * width) / span)
      expect(Math.min(70, ...gaps)).toBeGreaterThanOrEqual(69.9)
      expect(ticks.length).toBeGreaterThan(0)
    }),
  )
})

test('[RP22] zooming keeps what is under the pointer, panning keeps the run in sight', () => {
  const all = { from: 0, to: 1_000 }
  expect(zoom(all, 2, 250, all)).toEqual({ from: 125, to: 625 })
  expect(zoom(all, 0.01, 500, all)).toEqual({ from: -500, to: 1_500 })
  expect(pan({ from: 0, to: 100 }, -9, all)).toEqual({ from: -50, to: 50 })
  expect(pan({ from: 0, to: 100 }, 0.5, all)).toEqual({ from: 50, to: 150 })
  const views = new Set(Array.from({ length: 100 }, (_, n) => growingView(0, SECOND * 10 + n * 10_000).to))
  expect(views.size).toBeLessThan(4)
})

test('[RP23] bars too narrow to tell apart are one, what is out of sight is none', () => {
  const bars = Array.from({ length: 1_000 }, (_, n) => {
    const task = row(`a-${n}`, `Running@${n * 10} Completed@${n * 10 + 5}`)
    return { row: task, span: spansOf(task)[0] ?? { kind: 'completed' as const, from: 0, to: 1, attempt: 1, name: '' } }
  })
  const placed = place(bars, { from: 0, to: 10_000 }, 100, 0)
  expect([placed.length, placed[0]?.merged, placed.reduce((sum, { merged }) => sum + merged, 0)]).toEqual([1, 1_000, 1_000])
  expect(
    place(bars, { from: 0, to: 100 }, 1_000, 0)
      .map(({ left, width, merged }) => [left, width, merged])
      .slice(0, 2),
  ).toEqual([
    [0, 50, 1],
    [100, 50, 1],
  ])
  expect(place(bars, { from: 20_000, to: 30_000 }, 1_000, 0)).toEqual([])
})

test('[RP58] keys walk every task run of lanes: to the one that is nearest in time, and one by one inside a lane', () => {
  const rows = [
    row('a-0', 'Running@0 Completed@10'),
    row('a-1', 'Running@2 Completed@30'),
    row('a-2', 'Running@12 Completed@20'),
    row('a-3', 'Running@22 Completed@40'),
    row('a-4', 'Running@35 Completed@40'),
  ]
  const lines = laneLines(rows, 0)
  expect(lines.map((line) => (line.kind === 'lane' ? line.rows.map(({ id }) => id) : []))).toEqual([
    ['a-0', 'a-2', 'a-3'],
    ['a-1', 'a-4'],
  ])
  const names = (...spots: readonly (Spot | undefined)[]) => spots.map((spot) => (spot === undefined ? undefined : rowAt(lines, spot)?.id))
  const right = (spot: Spot) => walkLane(lines, spot, 1) ?? spot
  const third = right(right(START))
  expect(names(START, right(START), third, right(third), walkLane(lines, START, -1))).toEqual(['a-0', 'a-2', 'a-3', 'a-3', 'a-0'])
  expect(names(walkLines(lines, START, 1), walkLines(lines, right(START), 1), walkLines(lines, third, Infinity))).toEqual([
    'a-1',
    'a-1',
    'a-4',
  ])
  expect(names(walkLines(lines, { line: 1, at: 1 }, -1), walkLines(lines, { line: 1, at: 0 }, -Infinity))).toEqual(['a-3', 'a-0'])
  const seen = new Set<string | undefined>()
  for (let line = 0; line < lines.length; line++) for (let at = 0; at < rows.length; at++) seen.add(rowAt(lines, { line, at })?.id)
  expect([...seen].toSorted()).toEqual(rows.map(({ id }) => id))
  const plain = taskLines(rows, new Map())
  expect([walkLane(plain, START, 1), walkLines(plain, START, 3), rowAt(plain, { line: 3, at: 0 })?.id, rowAt([], START)]).toEqual([
    undefined,
    { line: 3, at: 0 },
    'a-3',
    undefined,
  ])
  expect([reveal({ from: 0, to: 10 }, 4), reveal({ from: 0, to: 10 }, 40)]).toEqual([
    { from: 0, to: 10 },
    { from: 35, to: 45 },
  ])
  expect(placeRow(rows[2] ?? never(), { from: 10, to: 30 }, 200, 0)).toEqual({ left: 20, width: 80 })
})

test.each([
  [{ state_type: 'SCHEDULED', state_name: 'AwaitingRetry', due: 3 }, 'retries in 3.0 s'],
  [{ state_type: 'SCHEDULED', state_name: 'AwaitingRetry', due: -1 }, 'retries now'],
  [{ state_type: 'SCHEDULED', state_name: 'Scheduled', due: 90 }, 'starts in 1m 30s'],
  [
    { state_type: 'SCHEDULED', state_name: 'Late', due: -42 },
    'was due 42.0 s ago: nobody has taken it. Start it from the notebook or script that holds its flow',
  ],
  [{ state_type: 'PENDING', state_name: 'Pending', due: undefined }, 'is handed out and about to start'],
  [{ state_type: 'CANCELLING', state_name: 'Cancelling', due: undefined }, 'stops: its code is asked to end'],
  [{ state_type: 'RUNNING', state_name: 'Running', due: undefined }, undefined],
  [{ state_type: 'COMPLETED', state_name: 'Completed', due: undefined }, undefined],
] as const)('[RP24] a run says in one sentence what it waits for: %o', ({ state_type, state_name, due }, words) => {
  const now = Date.UTC(2026, 10, 28) * 1_000
  const scheduled_time = due === undefined ? null : `${new Date(now / 1_000 + due * 1_000).toISOString().slice(0, 23)}000Z`
  const state = { id: '', type: state_type, name: state_name, timestamp: '', message: null, data: null, state_details: { scheduled_time } }
  expect(waitingWords({ state_type, state_name, state: state as never, next_scheduled_start_time: null }, now)).toBe(words)
})

test('[RP25] a card says right of each lane what its task run waits for, and folds many of one task into one lane', () => {
  const tasks = new TaskTable()
  tasks.put([
    row('load', 'Running@0 AwaitingRetry@4', { retries: 4, due: 3.1 * SECOND }),
    row('bare', 'Running@0 Retrying@1 AwaitingRetry@4'),
    row('mend', 'Pending@1', { parents: ['load'] }),
    row('save', 'Pending@2'),
    row('tell', 'Running@3'),
    row('read', `Running@4 AwaitingRetry@5 Retrying@6 Completed@${SECOND}`),
  ])
  expect(tasks.rows.map((task) => `${task.name}: ${laneWords(task, tasks, 2 * SECOND)}`)).toEqual([
    'bare: retry 2 comes next',
    'load: retry 1 of 4 in 1.1 s',
    'mend: waits for load',
    'save: not started',
    'tell: 2.0 s',
    'read: 1.0 s, 2 attempts',
  ])
  expect(taskWaits(tasks)).toBe('2 task runs wait for a retry, 2 task runs wait to start')
  const many = new TaskTable()
  many.put(Array.from({ length: 120 }, (_, n) => row(`fetch-${n}`, n < 100 ? 'Running@0 Completed@5' : 'Running@0')))
  many.put([row('sum', 'Pending@9')])
  expect(cardLanes(many, SECOND).lanes.map(({ name, words }) => [name, words])).toEqual([
    ['fetch × 120', '100 completed, 20 running'],
    ['sum', 'not started'],
  ])
})

test('[RP26] a graph has an edge for each result that went in; above three hundred task runs those of one task are one node', () => {
  const few = graphOf([row('a', 'Completed@1'), row('b', 'Running@2', { parents: ['a', 'gone'] })])
  expect([few.nodes.map(({ label, kind, words }) => [label, kind, words]), few.edges, few.isCollapsed]).toEqual([
    [
      ['a', 'completed', 'Completed'],
      ['b', 'running', 'Running'],
    ],
    [['a', 'b']],
    false,
  ])
  const rows = Array.from({ length: MAX_GRAPH_NODES_SHOWN }, (_, n) => row(`get-${n}`, n === 7 ? 'Failed@1' : 'Completed@1'))
  const many = graphOf([...rows, row('sum', 'Pending@3', { parents: rows.map(({ id }) => id) })])
  expect([many.nodes.map(({ label, kind, words }) => [label, kind, words]), many.edges, many.isCollapsed]).toEqual([
    [
      ['get × 300', 'failed', '1 failed, 299 completed'],
      ['sum', 'pending', 'Pending'],
    ],
    [['get', 'sum']],
    true,
  ])
})

const filters = fc.record<RunFilters>({
  range: fc.oneof(
    fc.constantFrom(...[1, 24, 168, 720].map((hours) => ({ is: 'last' as const, hours }))),
    fc
      .tuple(fc.nat(10 ** 9), fc.integer({ min: 1, max: 10 ** 6 }))
      .map(([from, length]) => ({ is: 'between' as const, from: from * 1_000, to: (from + length) * 1_000 })),
  ),
  states: fc.uniqueArray(fc.constantFrom(...STATE_CHOICES.map(({ id }) => id))),
  flows: fc.uniqueArray(fc.string({ minLength: 1 })),
  tags: fc.uniqueArray(fc.string({ minLength: 1 })),
  name: fc.string().map((text) => text.trim()),
})

test('[RP59] a graph is fitted into its box, zoomed around a point, and walked to the nearest node in a direction', () => {
  const box = { width: 400, height: 200 }
  expect([
    fitted({ width: 200, height: 100 }, box),
    fitted({ width: 800, height: 100 }, box),
    fitted({ width: 10 ** 6, height: 1 }, box).scale,
  ]).toEqual([{ scale: 1, x: 100, y: 50 }, { scale: 0.5, x: 0, y: 75 }, 0.1])
  const look = { scale: 1, x: 10, y: 20 }
  expect([zoomed(look, 2, { x: 110, y: 120 }), zoomed(look, 9, { x: 10, y: 20 }), zoomed(look, 0.5, { x: 10, y: 20 })]).toEqual([
    { scale: 2, x: -90, y: -80 },
    { scale: 2, x: 10, y: 20 },
    { scale: 0.5, x: 10, y: 20 },
  ])
  expect([revealed(look, [100, 100], box), revealed(look, [1_000, 100], box)]).toEqual([look, { scale: 1, x: -800, y: 0 }])
  const places: Places = new Map([
    ['a', [0, 0]],
    ['b', [100, 0]],
    ['c', [90, 60]],
    ['d', [0, 50]],
  ])
  const right = neighbour(places, 'a', [1, 0])
  expect([
    right,
    neighbour(places, 'a', [0, 1]),
    neighbour(places, 'b', [-1, 0]),
    neighbour(places, 'a', [-1, 0]),
    neighbour(places, 'x', [1, 0]),
  ]).toEqual(['b', 'd', 'a', undefined, undefined])
})

test('[RP27] filters are in the address and come back as they were', () => {
  fc.assert(
    fc.property(filters, (given) => {
      expect(filtersOf(new URLSearchParams(queryOf(given).toString()))).toEqual(given)
    }),
  )
  expect([filtersOf(new URLSearchParams()), queryOf(NO_FILTERS).toString()]).toEqual([NO_FILTERS, ''])
  expect(filtersOf(new URLSearchParams('range=9y&state=broken&from=2&to=1&flow='))).toEqual(NO_FILTERS)
})

test('[RP28] what is typed becomes filters: fields, quoted words, and the rest as part of the name', () => {
  expect(typed('state:failed state:"Awaiting retry" flow:etl tag:"two words" lunar falcon')).toEqual({
    states: ['failed', 'awaiting-retry'],
    flows: ['etl'],
    tags: ['two words'],
    name: 'lunar falcon',
  })
  expect(typed('state:nonsense')).toEqual({ states: [], flows: [], tags: [], name: 'state:nonsense' })
})

test('[RP29] a row that comes live is judged as the workspace would', () => {
  const now = Date.UTC(2026, 10, 28, 12) * 1_000
  const run = {
    name: 'lunar-falcon',
    flow_name: 'etl',
    tags: ['a', 'b'],
    state_type: 'SCHEDULED',
    state_name: 'Late',
    expected_start_time: '2026-11-28T11:30:00.000000Z',
  }
  const judged = (more: Partial<RunFilters>) => matches(run, { ...NO_FILTERS, ...more }, now)
  expect([
    judged({}),
    judged({ states: ['late'] }),
    judged({ states: ['scheduled'] }),
    judged({ flows: ['etl', 'x'], tags: ['a', 'b'], name: 'FALC', range: { is: 'last', hours: 1 } }),
  ]).toEqual([true, true, true, true])
  expect([
    judged({ states: ['failed', 'awaiting-retry'] }),
    judged({ flows: ['x'] }),
    judged({ tags: ['a', 'c'] }),
    judged({ name: 'hawk' }),
    judged({ range: { is: 'between', from: 0, to: 5 } }),
  ]).toEqual([false, false, false, false, false])
  expect(askedOf({ ...NO_FILTERS, states: ['late', 'failed'], flows: ['etl'], tags: ['a'], name: 'x' }, now)).toEqual({
    flows: { name: { any_: ['etl'] } },
    runs: {
      state: { operator: 'or_', type: { any_: ['FAILED'] }, name: { any_: ['Late'] } },
      tags: { all_: ['a'] },
      name: { like_: 'x' },
      expected_start_time: { after_: '2026-11-27T12:00:00.000Z' },
    },
  })
})

test('[RP30] a list takes in what is heard of, lets go what no longer matches, and goes on behind its last row', async () => {
  const list = new RunList<{ readonly id: string; readonly isGood: boolean }>()
  const asked: (string | undefined)[] = []
  const good = (id: string) => ({ id, isGood: true })
  const pages = [[good('f'), good('e')], [good('d')]]
  await list.show({
    pageSize: 2,
    matches: ({ isGood }) => isGood,
    page: (cursor) => (asked.push(cursor), Promise.resolve(pages.shift() ?? [])),
  })
  list.hear([good('g'), good('a'), { id: 'e', isGood: false }])
  expect([list.state.value.rows.map(({ id }) => id), list.state.value.hasMore]).toEqual([['g', 'f'], true])
  list.hear([], ({ id }) => id === 'g')
  await list.more()
  await list.more()
  expect([list.state.value.rows.map(({ id }) => id), list.state.value.hasMore, asked]).toEqual([['f', 'd'], false, [undefined, 'f']])
  await list.show({ pageSize: 2, matches: () => true, page: () => Promise.reject(new Error('away')) })
  expect([list.state.value.trouble, list.state.value.rows.length]).toEqual(['away', 2])
})

test('[RP31] bars name run, state and duration; spans of time begin at round times and are few', () => {
  const href = (id: string) => `/${id}`
  const bars = barsOfRuns(
    [
      { id: 'a', name: 'lunar-falcon', state_type: 'FAILED', state_name: 'Failed', seconds: 0.2 },
      { id: 'b', name: 'elite-barnacle', state_type: 'SCHEDULED', state_name: 'Late', seconds: undefined },
      { id: 'c', name: 'meek-ammonite', state_type: 'RUNNING', state_name: 'Running', seconds: 20 },
    ],
    href,
  )
  expect(bars.map(({ title, parts, href: to }) => [title, parts, to])).toEqual([
    ['lunar-falcon · Failed · 200 ms', [{ kind: 'failed' }], '/a'],
    ['elite-barnacle · Late · not started', [{ kind: 'late' }], '/b'],
    ['meek-ammonite · Running · for 20.0 s', [{ kind: 'running' }], '/c'],
  ])
  expect(bars.map(({ size }) => Math.round(size * 100))).toEqual([63, 20, 100])
  const state = (state_type: StateType, state_name: string, count_runs: number) => ({
    state_type,
    state_name,
    count_runs,
    sum_estimated_run_time: 0,
    sum_estimated_lateness: 0,
  })
  const [full, none] = barsOfHistory(
    [
      {
        interval_start: '2026-11-01T00:00:00Z',
        interval_end: '2026-11-01T08:00:00Z',
        states: [state('COMPLETED', 'Completed', 3), state('COMPLETED', 'Cached', 1)],
      },
      { interval_start: '2026-11-01T08:00:00Z', interval_end: '2026-11-01T16:00:00Z', states: [] },
    ],
    (from) => `?${from}`,
  )
  expect([full?.parts, full?.size, full?.href, none?.size, none?.href]).toEqual([
    [
      { kind: 'completed', share: 3 },
      { kind: 'cached', share: 1 },
    ],
    1,
    '?2026-11-01T00:00:00Z',
    0,
    undefined,
  ])
  expect(full?.title.endsWith(': 3 completed, 1 cached')).toBe(true)
  for (const hours of [1, 24, 168, 720, 8_760]) {
    const to = Date.UTC(2026, 10, 28, 12, 34, 56) * 1_000
    const { start, end, seconds } = spansOfWindow({ from: to - hours * 3_600 * SECOND, to })
    expect([start % (seconds * SECOND), (end - start) / (seconds * SECOND) <= 97]).toEqual([0, true])
  }
})

const line = (number: number, text: string, more: Partial<Line> = {}): Line => ({
  number,
  at: 0,
  level: 20,
  text,
  logger: '',
  task: null,
  isLate: false,
  ...more,
})

test('[RP32] a log shows lines of a level and a task run, and finds words whatever their case, colours or not', () => {
  const log = new LogLines()
  const shown = new ShownLines()
  log.add([line(1, 'Hello'), line(2, 'an \u001b[31merror\u001b[0m', { level: 40, task: 'a' }), line(3, 'hello again', { level: 40 })])
  const look = (level: number, task: string | null, text: string) => {
    shown.update(log, { level, task, text })
    return [shown.lines.map(({ number }) => number), shown.hits]
  }
  expect(look(0, null, 'HELLO')).toEqual([
    [1, 2, 3],
    [0, 2],
  ])
  expect(look(40, null, 'an error')).toEqual([[2, 3], [0]])
  expect(look(0, 'a', '')).toEqual([[2], []])
  log.add([line(4, 'more', { task: 'a' })])
  expect(look(0, 'a', '')).toEqual([[2, 4], []])
  log.add([line(0, 'first', { task: 'a' })])
  expect(look(0, 'a', '')).toEqual([[0, 2, 4], []])
  look(0, null, 'e')
  const [one, other] = [shown.hitFrom(undefined, 1)?.number, shown.hitFrom(undefined, -1)?.number]
  expect([one, other, shown.hitFrom(3, 1)?.number, shown.hitFrom(1, -1)?.number, shown.hitOf(2), shown.hitOf(0)]).toEqual([
    1, 4, 4, 4, 1, -1,
  ])
  expect([shown.placeOf(3), shown.newerThan(2), shown.newerThan(-1), shown.newerThan(4)]).toEqual([3, 2, 5, 0])
  look(0, null, 'nowhere')
  expect([shown.hitFrom(undefined, 1), shown.hitOf(undefined)]).toEqual([undefined, -1])
  expect(hitParts('one Two one', 'ONE')).toEqual([
    { text: 'one', isHit: true },
    { text: ' Two ', isHit: false },
    { text: 'one', isHit: true },
  ])
  fc.assert(
    fc.property(fc.string(), fc.string(), (text, wanted) => {
      expect(
        hitParts(text, wanted)
          .map((part) => part.text)
          .join(''),
      ).toBe(text)
    }),
  )
})

test('[RP33] colours of terminals become classes, other control sequences go, and the text stays', () => {
  expect(ansiPieces('a \u001b[1;31mred\u001b[39m bold\u001b[0m b\u001b[2K \u001b[38;5;200mc\u001b[0m')).toEqual([
    { text: 'a ', classes: '' },
    { text: 'red', classes: 'ansi-1 ansi-bold' },
    { text: ' bold', classes: 'ansi-bold' },
    { text: ' b', classes: '' },
    { text: ' ', classes: '' },
    { text: 'c', classes: '' },
  ])
  expect(plainText('\u001b]8;;https://a.example\u0007link\u001b]8;;\u0007')).toBe('link')
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('\u001b', '[', ']', 'm', '3', '1', ';', 'a', '\u0007') }), (text) => {
      expect(
        ansiPieces(text)
          .map((piece) => piece.text)
          .join(''),
      ).toBe(plainText(text))
    }),
  )
})

test('[RP34] values that JSON has no word for are said, places in cells and notebooks are read', () => {
  expect(valueText({ a: undefined, b: 5n, c: NaN, d: new Map([[1, 2]]), e: new Set(['x']) })).toBe(
    '{\n  "a": "undefined",\n  "b": "5n",\n  "c": "NaN",\n  "d": {\n    "Map": [\n      [\n        1,\n        2\n      ]\n    ]\n  },\n  "e": {\n    "Set": [\n      "x"\n    ]\n  }\n}',
  )
  const circle: Record<string, unknown> = {}
  circle['self'] = circle
  expect([valueText(undefined), valueText(circle)]).toEqual(['undefined', 'This value refers to itself and is not shown as text.'])
  expect([cellPlaceOf('at load (cell-k3f9.ts:3:5)'), cellPlaceOf('nothing')]).toEqual([{ cell: 'k3f9', line: 3, column: 5 }, undefined])
  expect([
    notebookOf({ 'flowcell.notebook': 'n', 'flowcell.cell': 'c' }),
    notebookOf({ 'flowcell.notebook': 'n' }),
    notebookOf({}),
  ]).toEqual([{ notebook: 'n', cell: 'c' }, { notebook: 'n', cell: undefined }, undefined])
})

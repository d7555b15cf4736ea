import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ancestorsOf, blocksOf, descendantsOf, graphOf, type CellFacts } from '#sdk/notebook/graph.ts'
import { beginRun, endRun, isRunning, NO_MEMORY, restarted, type KernelMemory } from '#sdk/notebook/memory.ts'
import { marksOf, planOf, type RunRequest } from '#sdk/notebook/staleness.ts'
import type { CellId } from '#sdk/protocol/notebook.ts'
import { id } from './documents.ts'

/** `b: x, y = a` is the cell b, which defines x and y and uses a. */
function facts(text: string, problems: Readonly<Record<string, string>> = {}, code: Readonly<Record<string, string>> = {}): CellFacts[] {
  const names = (list = '') => list.split(',').flatMap((name) => name.trim() || [])
  return text.split(';').map((line) => {
    const [name = '', rest = ''] = line.trim().split(':')
    const [definitions, references] = rest.split('=')
    const problem = problems[name]
    return {
      id: id(name),
      code: code[name] ?? '1',
      definitions: names(definitions),
      references: names(references),
      problems: problem === undefined ? [] : [problem],
    }
  })
}
const CHAIN = 'a: x; b: y = x; c: = y; d: z'

function ran(
  memory: KernelMemory,
  cells: readonly CellFacts[],
  names: string,
  end: { outcome?: 'done' | 'failed' | 'interrupted'; isSame?: boolean } = {},
) {
  return names.split('').reduce((before, name) => {
    const { memory: begun, run } = beginRun(before, graphOf(cells), id(name))
    return endRun(begun, id(name), { run, outcome: 'done', ...end }).memory
  }, memory)
}
/** `b: input changed a>a`: cause and through. */
function marks(memory: KernelMemory, cells: readonly CellFacts[]): string[] {
  return [...marksOf(graphOf(cells), memory)].map(([cell, mark]) => {
    if (mark.state !== 'stale') return `${cell}: ${mark.state}`
    return `${cell}: ${mark.reason}${mark.reason === 'input changed' ? ` ${mark.cause}>${mark.through}` : ''}`
  })
}
const plan = (request: RunRequest, memory: KernelMemory, cells: readonly CellFacts[]) => {
  const graph = graphOf(cells)
  return planOf(request, graph, marksOf(graph, memory))
}

test('[NB40] cells run as on the page, but each behind what it needs; unknown names and own names need nobody', () => {
  const graph = graphOf(facts('a: = late; b: own = own, fetch; c: late = deep; d: deep'))
  expect(graph.order.join('')).toBe('dcab')
  expect(graph.needs.get(id('a'))).toEqual([{ cell: 'a', name: 'late', from: 'c' }])
  expect(graph.needs.get(id('b'))).toEqual([])
  expect([...ancestorsOf(graph, [id('a')])].toSorted()).toEqual(['c', 'd'])
  expect([...descendantsOf(graph, [id('d')])].toSorted()).toEqual(['a', 'c'])
})

test('[NB41] for any graph, the order has each cell once, and behind its needs unless it is in or below a cycle', () => {
  const name = fc.constantFrom(...'pqrstuv'.split(''))
  const names = fc.array(name, { maxLength: 3 })
  const any = fc.array(fc.record({ definitions: names, references: names }), { maxLength: 8 })
  fc.assert(
    fc.property(any, (cells) => {
      const graph = graphOf(cells.map((cell, index) => ({ ...cell, id: id(`c${index}`), code: '', problems: [] })))
      expect(graph.order.toSorted()).toEqual([...graph.cells.keys()].toSorted())
      const circular = new Set([...graph.cells.keys()].filter((cell) => ancestorsOf(graph, [cell]).has(cell)))
      expect(circular.size > 0).toBe(graph.cycles.length > 0)
      const blocks = blocksOf(graph)
      for (const [cell, needs] of graph.needs) {
        for (const { from } of needs) if (!blocks.has(cell)) expect(graph.order.indexOf(from)).toBeLessThan(graph.order.indexOf(cell))
      }
      // Each way around is one: every need begins where the one before ends, and the last ends where the first began.
      for (const path of graph.cycles)
        expect(path.map(({ from }) => from)).toEqual([...path.slice(1), ...path.slice(0, 1)].map(({ cell }) => cell))
      // Whatever stands in a cycle, defines a name twice, or is below such a cell, cannot run; everything else can.
      const doubled = [...graph.duplicates.values()].flat()
      const roots = [...circular, ...doubled]
      expect([...blocks.keys()].toSorted()).toEqual([...new Set([...roots, ...descendantsOf(graph, roots)])].toSorted())
    }),
    { numRuns: 1_000 },
  )
})

test('[NB42] a cycle is told as its path, a name with two definers in both, and what needs such cells says through which', () => {
  const graph = graphOf(facts('a: x = z; b: y = x; c: z = y; d: = y; e: n; f: n; g: = n; h: = q; i: q', { i: 'It does not parse.' }))
  const need = (cell: string, name: string, from: string) => ({ cell, name, from })
  expect(graph.cycles).toEqual([[need('a', 'z', 'c'), need('c', 'y', 'b'), need('b', 'x', 'a')]])
  expect(graph.duplicates).toEqual(new Map([['n', ['e', 'f']]]))
  expect(Object.fromEntries(blocksOf(graph))).toEqual({
    a: { reason: 'cycle', path: [need('a', 'z', 'c'), need('c', 'y', 'b'), need('b', 'x', 'a')] },
    b: { reason: 'cycle', path: [need('b', 'x', 'a'), need('a', 'z', 'c'), need('c', 'y', 'b')] },
    c: { reason: 'cycle', path: [need('c', 'y', 'b'), need('b', 'x', 'a'), need('a', 'z', 'c')] },
    d: { reason: 'needs', through: need('d', 'y', 'b'), root: 'b' },
    e: { reason: 'duplicate', name: 'n', others: ['f'] },
    f: { reason: 'duplicate', name: 'n', others: ['e'] },
    g: { reason: 'needs', through: need('g', 'n', 'e'), root: 'e' },
    h: { reason: 'needs', through: need('h', 'q', 'i'), root: 'i' },
    i: { reason: 'problem', sentence: 'It does not parse.' },
  })
})

test('[NB43] a cell is stale with its reason: never run, edited, input changed and by whom, interrupted, restarted', () => {
  const cells = facts(CHAIN)
  const all = ran(NO_MEMORY, cells, 'abcd')
  expect(marks(NO_MEMORY, cells)).toEqual(['a: never run', 'b: never run', 'c: never run', 'd: never run'])
  expect(marks(all, cells)).toEqual(['a: fresh', 'b: fresh', 'c: fresh', 'd: fresh'])
  expect(marks(all, facts(CHAIN, {}, { a: '2' }))).toEqual(['a: edited', 'b: input changed a>a', 'c: input changed a>b', 'd: fresh'])
  expect(marks(ran(all, cells, 'a'), cells)).toEqual(['a: fresh', 'b: input changed a>a', 'c: input changed a>b', 'd: fresh'])
  expect(marks(ran(all, cells, 'b', { outcome: 'interrupted' }), cells)).toEqual([
    'a: fresh',
    'b: interrupted',
    'c: input changed b>b',
    'd: fresh',
  ])
  expect(marks(ran(restarted(all), cells, 'a'), cells)).toEqual(['a: fresh', 'b: restarted', 'c: restarted', 'd: restarted'])
  expect(marks(ran(all, cells, 'b', { outcome: 'failed' }), cells)).toEqual(['a: fresh', 'b: failed', 'c: input changed b>b', 'd: fresh'])
})

test('[NB44] a value that came out equal leaves what uses it fresh, and an edit that is taken back is none', () => {
  const cells = facts(CHAIN)
  const all = ran(NO_MEMORY, cells, 'abcd')
  expect(marks(ran(all, cells, 'a', { isSame: true }), cells)).toEqual(['a: fresh', 'b: fresh', 'c: fresh', 'd: fresh'])
  // Equal to what it was before the failure is of no use: those values are gone.
  expect(marks(ran(ran(all, cells, 'a', { outcome: 'failed' }), cells, 'a', { isSame: true }), cells)[1]).toBe('b: input changed a>a')
  expect(marks(all, facts(CHAIN, {}, { a: '2' }))[0]).toBe('a: edited')
  expect(marks(all, facts(CHAIN))[0]).toBe('a: fresh')
})

test('[NB45] a name that another cell defines now, or none, makes what used it stale', () => {
  const all = ran(NO_MEMORY, facts(CHAIN), 'abcd')
  expect(marks(all, facts('b: y = x; c: = y; d: z, x'))).toEqual(['d: fresh', 'b: input changed d>d', 'c: input changed d>b'])
  expect(marks(all, facts('b: y = x; c: = y; d: z'))).toEqual(['b: input changed a>a', 'c: input changed a>b', 'd: fresh'])
})

test('[NB46] what is edited while it runs is stale when it ends, and a run that a newer one superseded changes nothing', () => {
  const cells = facts(CHAIN)
  const a = id('a')
  const first = beginRun(NO_MEMORY, graphOf(cells), a)
  const edited = facts(CHAIN, {}, { a: '2' })
  expect(isRunning(first.memory, a)).toBe(true)
  expect(marks(endRun(first.memory, a, { run: first.run, outcome: 'done' }).memory, edited)[0]).toBe('a: edited')
  const second = beginRun(first.memory, graphOf(edited), a)
  expect([first.run, second.run]).toEqual([1, 2])
  expect(endRun(second.memory, a, { run: 1, outcome: 'done' })).toEqual({ memory: second.memory, isSuperseded: true })
  const done = endRun(second.memory, a, { run: 2, outcome: 'done' })
  expect([done.isSuperseded, isRunning(done.memory, a), marks(done.memory, edited)[0]]).toEqual([false, false, 'a: fresh'])
  expect(endRun(done.memory, a, { run: 2, outcome: 'failed' }).isSuperseded).toBe(true)
  const gone = restarted(second.memory)
  expect([isRunning(gone, a), endRun(gone, a, { run: 2, outcome: 'done' })]).toEqual([false, { memory: gone, isSuperseded: true }])
})

test('[NB47] running a cell first runs what is not fresh of its needs; run stale, run this and all stale and run all run those', () => {
  const cells = facts(CHAIN)
  const edited = facts(CHAIN, {}, { a: '2' })
  const all = ran(NO_MEMORY, cells, 'abcd')
  const orders = (memory: KernelMemory, now: readonly CellFacts[], cell: CellId) =>
    (['cell', 'cell and stale', 'stale', 'all'] as const).map((run) => plan({ run, cell }, memory, now).order.join(''))
  expect(orders(NO_MEMORY, cells, id('b'))).toEqual(['ab', 'abcd', 'abcd', 'abcd'])
  expect(orders(all, cells, id('b'))).toEqual(['b', 'b', '', 'abcd'])
  expect(orders(all, edited, id('c'))).toEqual(['abc', 'abc', 'abc', 'abcd'])
  expect(orders(all, edited, id('d'))).toEqual(['d', 'abcd', 'abc', 'abcd'])
  expect(orders(all, cells, id('gone'))).toEqual(['', '', '', 'abcd'])
  // What failed runs again when it is needed, and not because something else is stale.
  const failed = ran(all, cells, 'd', { outcome: 'failed' })
  expect(orders(failed, edited, id('a'))).toEqual(['a', 'abc', 'abc', 'abcd'])
  expect(plan({ run: 'cell', cell: id('c') }, ran(all, cells, 'b', { outcome: 'failed' }), cells).order.join('')).toBe('bc')
})

test('[NB48] cells that cannot run are left out of what runs, with the reason', () => {
  const cells = facts('a: x; b: y = x; c: = y; d: z', { b: 'It does not parse.' })
  expect(plan({ run: 'all' }, NO_MEMORY, cells)).toEqual({
    order: ['a', 'd'],
    blocked: new Map<string, unknown>([
      ['b', { reason: 'problem', sentence: 'It does not parse.' }],
      ['c', { reason: 'needs', through: { cell: 'c', name: 'y', from: 'b' }, root: 'b' }],
    ]),
  })
})

test('[NB49] running what a plan says, in its order, leaves it all fresh', () => {
  const name = fc.constantFrom(...'pqrstuv'.split(''))
  const cells = fc.array(fc.array(name, { maxLength: 3 }), { minLength: 1, maxLength: 7 })
  fc.assert(
    fc.property(cells, fc.nat(6), (uses, asked) => {
      const now = uses.map((references, index): CellFacts => ({
        id: id(`c${index}`),
        code: '',
        definitions: ['pqrstuv'.charAt(index)],
        references,
        problems: [],
      }))
      const graph = graphOf(now)
      const cell = id(`c${asked % uses.length}`)
      const order = plan({ run: 'cell', cell }, NO_MEMORY, now).order
      const memory = order.reduce((before, one) => {
        const { memory: begun, run } = beginRun(before, graph, one)
        return endRun(begun, one, { run, outcome: 'done' }).memory
      }, NO_MEMORY)
      const after = marksOf(graph, memory)
      expect(order.map((one) => after.get(one)?.state)).toEqual(order.map(() => 'fresh'))
      expect(order.includes(cell)).toBe(!blocksOf(graph).has(cell))
    }),
  )
})

test('[NB50] a chain as long as a notebook may be has an order', () => {
  const long = Array.from({ length: 2_000 }, (_, index): CellFacts => ({
    id: id(`c${index}`),
    code: '',
    definitions: [`n${index}`],
    references: [`n${index + 1}`],
    problems: [],
  }))
  expect(graphOf(long).order).toEqual(long.map((cell) => cell.id).toReversed())
})

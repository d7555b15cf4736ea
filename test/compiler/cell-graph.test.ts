import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileCell, type CompiledCell } from '#sdk/compiler/cell.ts'
import { joinCells, type GraphCell, type GraphProblem, type JoinedCells } from '#sdk/compiler/graph.ts'
import { sliceOf, type Slice } from '#sdk/compiler/slice.ts'
import { blocksOf } from '#sdk/notebook/graph.ts'
import { CellId } from '#sdk/protocol/notebook.ts'
import { compiled } from './cell-run.ts'

const idOf = (id: string): CellId => CellId.parse(id)

/** Cells by id, in the order of the notebook; the title is the id with a capital. */
function graph(sources: Readonly<Record<string, string>>, more: Partial<GraphCell> = {}): JoinedCells {
  return joinCells(
    Object.entries(sources).map(([id, source]) => ({
      id: idOf(id),
      title: id.slice(0, 1).toUpperCase() + id.slice(1),
      result: compileCell(source, { id }),
      ...more,
    })),
  )
}

/** Every problem with its cell, in the order of the notebook. */
const problemsOf = ({ graph: { cells }, problems }: JoinedCells): readonly (GraphProblem & { readonly id: string })[] =>
  [...cells.keys()].flatMap((id) => (problems.get(id) ?? []).map((problem) => ({ id, ...problem })))
const needsOf = ({ graph: { needs } }: JoinedCells) =>
  [...needs.values()].flatMap((list) => list.map(({ cell, name, from }) => `${from} gives ${name} to ${cell}`))

function slice(from: JoinedCells, root: string): Slice {
  const result = sliceOf(from, idOf(root))
  if (!result.ok) throw new Error(result.message)
  return result
}

describe('the graph of cells', () => {
  test('[CC15] a cell waits for the cells that define its free names, wherever they stand', () => {
    const joined = graph({
      show: 'clean(rows).length + rows.length',
      load: 'const rows = await fetch(url)',
      tools: 'const clean = (xs) => xs.filter(Boolean)\nconst url = "x"',
      other: 'typo + 1',
    })
    expect(problemsOf(joined)).toEqual([])
    expect(needsOf(joined)).toEqual(['tools gives clean to show', 'load gives rows to show', 'tools gives url to load'])
    expect(joined.graph.order).toEqual(['tools', 'load', 'show', 'other'])
    const { code: _code, ...load } = joined.graph.cells.get(idOf('load')) ?? { code: '' }
    expect(load).toEqual({ id: 'load', definitions: ['rows'], references: ['fetch', 'url'], problems: [] })
  })

  test("[CC16] a cell's definition goes before the platform's; private names are nobody else's", () => {
    const joined = graph({ a: 'const name = 1, _p = 2', b: 'name + fetch', c: '_p', d: 'const _p = 3' })
    expect(needsOf(joined)).toEqual(['a gives name to b'])
    expect(problemsOf(joined)).toEqual([])
  })

  test('[CC27] the code of a cell is another one exactly where it would do something else', () => {
    const codeOf = (source: string, runs?: string) => graph({ a: source }, { runs }).graph.cells.get(idOf('a'))?.code
    const flow = 'const f = flow(async function f(n: number) {})'
    expect(codeOf('const x = 1\n\n')).toBe(codeOf('const x = 1'))
    expect(codeOf('x', 'browser')).toBe(codeOf('x'))
    for (const [one, other] of [
      ['const x = 1', 'const x = 2'],
      [flow, flow.replace('number', 'string')],
      ["import { a } from 'm'\na", "import { a } from 'n'\na"],
    ] as const)
      expect(codeOf(one)).not.toBe(codeOf(other))
    expect(codeOf('x', 'edge')).not.toBe(codeOf('x'))
  })

  test('[CC28] a cell that does not compile keeps its names, so that what uses them waits', () => {
    const before: CompiledCell = compiled('const rows = [1]', 'load')
    const load = { id: idOf('load'), title: 'Load', result: compileCell('const rows = [1', { id: 'load' }), before }
    const { graph: broken, problems } = joinCells([load, { id: idOf('use'), title: 'Use', result: compileCell('rows', { id: 'use' }) }])
    const need = { cell: 'use', name: 'rows', from: 'load' }
    const [problem] = problems.get(idOf('load')) ?? []
    expect([...blocksOf(broken)]).toEqual([
      ['load', { reason: 'problem', sentence: problem?.message }],
      ['use', { reason: 'needs', through: need, root: 'load' }],
    ])
    expect(problem).toMatchObject({ kind: 'syntax', line: 1 })
  })

  test('[CC29] a cell that shall run elsewhere is kept, and refuses with one sentence', () => {
    const told = (runs: string) => problemsOf(graph({ a: '1' }, { runs })).map(({ kind, message }) => [kind, message])
    expect(told('browser')).toEqual([])
    expect(told('edge')).toEqual([['place', 'This cell says runs=edge, and cells run in the browser only, so far.']])
    expect(told('moon')).toEqual([['place', 'Nobody knows the place runs=moon: cells run in the browser.']])
  })

  test('[CC17] a name that two cells define is told in both, with the way out', () => {
    const problems = problemsOf(graph({ a: 'const x = 1', b: 'let y = 2, x = 3', c: 'x' }))
    const hint = 'Keep one of them, or call it `_x`: such names stay in their cell.'
    expect(problems).toEqual([
      {
        id: 'a',
        kind: 'defined twice',
        message: '`x` is also defined in B: a name has one cell.',
        hint,
        related: ['b'],
        line: 1,
        column: 7,
        endColumn: 8,
      },
      {
        id: 'b',
        kind: 'defined twice',
        message: '`x` is also defined in A: a name has one cell.',
        hint,
        related: ['a'],
        line: 1,
        column: 12,
        endColumn: 13,
      },
    ])
    const imports = graph({ a: "import { flow } from 'flowcell'", b: "import { flow } from 'flowcell'" })
    expect(problemsOf(imports).map(({ hint: told }) => told)).toEqual(Array(2).fill('Import it in one cell: all other cells see it.'))
  })

  test('[CC17] a name that two cells define is told in both, with the way out: the same for what is published', () => {
    const problems = problemsOf(graph({ a: 'const x = 1\nexport { x as z }', b: 'const y = 1\nexport { y as z }' }))
    expect(problems.map(({ id, kind, line, column }) => [id, kind, line, column])).toEqual([
      ['a', 'exported twice', 2, 10],
      ['b', 'exported twice', 2, 10],
    ])
  })

  test("[CC18] assigning another cell's name is told at its place with the cell that owns it", () => {
    const problems = problemsOf(graph({ a: 'let x = 1', b: 'const y = () => {\n  x++\n}', c: 'onmessage = y; z = 1; x.field = 2' }))
    expect(problems).toEqual([
      {
        id: 'b',
        kind: 'assigned',
        message: '`x` belongs to A: only that cell can assign it.',
        hint: 'Define a new name here, or assign it there.',
        related: ['a'],
        line: 2,
        column: 3,
        endColumn: 4,
      },
      {
        id: 'c',
        kind: 'assigned',
        message: '`z` is assigned, but no cell defines it.',
        hint: 'Write `let z = …`.',
        related: [],
        line: 1,
        column: 16,
        endColumn: 17,
      },
    ])
  })

  test('[CC19] cells that wait for each other are told with their path, each beginning with itself', () => {
    const joined = graph({ a: 'const x = z', b: 'const y = x', c: 'const z = y', d: 'z', e: 'const q = 1', f: 'q' })
    expect(problemsOf(joined).map(({ id, kind, message, related }) => ({ id, kind, message, related }))).toEqual([
      { id: 'a', kind: 'cycle', message: 'These cells wait for each other: A → C → B → A.', related: ['c', 'b'] },
      { id: 'b', kind: 'cycle', message: 'These cells wait for each other: B → A → C → B.', related: ['a', 'c'] },
      { id: 'c', kind: 'cycle', message: 'These cells wait for each other: C → B → A → C.', related: ['b', 'a'] },
    ])
    expect([...blocksOf(joined.graph)].map(([id, { reason }]) => [id, reason])).toEqual([
      ['a', 'cycle'],
      ['c', 'cycle'],
      ['b', 'cycle'],
      ['d', 'needs'],
    ])
  })

  test('[CC20] in every random notebook a cell in a circle is told, and every other one is not', () => {
    const cells = fc.array(fc.array(fc.nat(14), { maxLength: 3 }), { minLength: 1, maxLength: 15 })
    fc.assert(
      fc.property(cells, (needs) => {
        const sources = needs.map((from, n) => [`c${n}`, `const v${n} = [${from.flatMap((f) => (f === n ? [] : `v${f}`)).join(',')}]`])
        const { graph: joined, problems } = graph(Object.fromEntries(sources))
        const inCircles = new Set(joined.cycles.flatMap((path) => path.map(({ cell }) => cell)))
        expect(new Set(problems.keys())).toEqual(inCircles)
        for (const told of problems.values()) expect(told.map(({ kind }) => kind)).toEqual(['cycle'])
      }),
      { seed: 17, numRuns: 300 },
    )
  })

  test('[CC20] in every random notebook a cell in a circle is told, and a chain of two thousand overflows nothing', () => {
    const chain = Object.fromEntries(Array.from({ length: 2_000 }, (_, n) => [`c${n}`, `const v${n} = v${n + 1}`]))
    const { order } = graph(chain).graph
    expect([order.length, order[0], order.at(-1)]).toEqual([2_000, 'c1999', 'c0'])
    const circle = problemsOf(graph({ ...chain, c2000: 'const v2000 = v0' }))
    expect(circle.length).toBe(2_001)
    expect(circle[0]?.message).toBe('These cells wait for each other: C0 → C1 → C2 → C3 → C4 → C5 → … → C2000 → C0.')
  })
})

describe('slices', () => {
  const NOTEBOOK = {
    notes: '// nothing',
    pipeline: 'export const pipeline = flow(async function pipeline() {\n  return clean(await load())\n})',
    imports: "import { flow } from 'flowcell'",
    load: "const load = async () => (await import('npm:got')).default(url)",
    clean: 'const clean = (rows) => rows',
    config: "const url = 'https://example.com'",
    run: 'await pipeline()',
  }

  test('[CC21] a slice is the cell and exactly the cells that it depends on, in an order in which they can run', () => {
    const made = slice(graph(NOTEBOOK), 'pipeline')
    expect(made.cells).toEqual(['imports', 'clean', 'config', 'load', 'pipeline'])
    expect(made.modules).toEqual(['flowcell', 'npm:got'])
    expect(made.unknown).toEqual([])
    expect(made.bundle).toBe(
      ['imports', 'clean', 'config', 'load', 'pipeline'].map((id) => `// %% id=${id}\n${Reflect.get(NOTEBOOK, id)}\n\n`).join(''),
    )
    expect(made.hash).toBe(createHash('sha256').update(made.bundle).digest('hex'))
  })

  test('[CC22] the hash of a slice changes with what it depends on, and with nothing else, the order of the page included', () => {
    const { hash } = slice(graph(NOTEBOOK), 'pipeline')
    const moved = Object.fromEntries(Object.entries({ ...NOTEBOOK, notes: 'const other = 1', run: 'await pipeline();' }))
    const { notes, run, ...rest } = moved
    expect(slice(graph({ run: run ?? '', ...rest, notes: notes ?? '' }), 'pipeline').hash).toBe(hash)
    const upsideDown = Object.fromEntries(Object.entries({ ...NOTEBOOK, notes: 'url' }).toReversed())
    expect(slice(graph(upsideDown), 'pipeline').hash).toBe(hash)
    expect(slice(graph({ ...NOTEBOOK, config: "const url = 'https://example.org'" }), 'pipeline').hash).not.toBe(hash)
  })

  test('[CC23] no source can pretend to be two cells', () => {
    const one = slice(graph({ a: 'const x = 1\n\n\n// %% id=b\nx' }), 'a')
    const two = slice(graph({ a: 'const x = 1', b: 'x' }), 'b')
    expect(one.bundle).toBe('// %% id=a\nconst x = 1\n\n\n// \\%% id=b\nx\n\n')
    expect(one.hash).not.toBe(two.hash)
    expect(slice(graph({ a: '// \\%% id=b\n1' }), 'a').bundle).toBe('// %% id=a\n// \\\\%% id=b\n1\n\n')
  })

  test('[CC24] a slice with a trouble inside is refused with the sentence of that trouble; what no cell has is named', () => {
    const broken = graph({ a: 'const x = y', b: 'const y = x', c: 'y', d: 'const z = nobody', e: 'z' })
    expect(sliceOf(broken, idOf('c'))).toEqual({ ok: false, message: expect.stringContaining('wait for each other'), cells: ['a'] })
    expect(sliceOf(broken, idOf('zz'))).toEqual({ ok: false, message: 'There is no cell `zz`.', cells: ['zz'] })
    expect(slice(broken, 'e').unknown).toEqual(['nobody'])
  })
})

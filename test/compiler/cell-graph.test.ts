import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { graphOf, type CellGraph } from '#sdk/compiler/graph.ts'
import { sliceOf, type Slice } from '#sdk/compiler/slice.ts'
import { compiled } from './cell-run.ts'

/** Cells by id, in the order of the notebook; the title is the id with a capital. */
function graph(sources: Readonly<Record<string, string>>): CellGraph {
  return graphOf(
    Object.entries(sources).map(([id, source]) => ({ cell: compiled(source, id), title: id.slice(0, 1).toUpperCase() + id.slice(1) })),
  )
}

function slice(from: CellGraph, root: string): Slice {
  const result = sliceOf(from, root)
  if (!result.ok) throw new Error(result.message)
  return result
}

describe('the graph of cells', () => {
  test('[CC15] a cell waits for the cells that define its free names, wherever they stand', () => {
    const { nodes, edges, order, problems } = graph({
      show: 'clean(rows).length + rows.length',
      load: 'const rows = await fetch(url)',
      tools: 'const clean = (xs) => xs.filter(Boolean)\nconst url = "x"',
      other: 'typo + 1',
    })
    expect(problems).toEqual([])
    expect(edges).toEqual([
      { from: 'load', to: 'show', names: ['rows'] },
      { from: 'tools', to: 'show', names: ['clean'] },
      { from: 'tools', to: 'load', names: ['url'] },
    ])
    expect(order).toEqual(['tools', 'load', 'show', 'other'])
    const { cell: _cell, ...load } = nodes.get('load') ?? { cell: undefined }
    expect(load).toEqual({
      id: 'load',
      title: 'Load',
      inputs: [{ name: 'url', from: 'tools' }],
      needs: ['tools'],
      feeds: ['show'],
      unknown: [],
    })
    expect(nodes.get('other')?.unknown).toEqual(['typo'])
  })

  test("[CC16] a cell's definition goes before the platform's; private names are nobody else's", () => {
    const { edges, problems } = graph({ a: 'const name = 1, _p = 2', b: 'name + fetch', c: '_p', d: 'const _p = 3' })
    expect(edges).toEqual([{ from: 'a', to: 'b', names: ['name'] }])
    expect(problems).toEqual([])
  })

  test('[CC17] a name that two cells define is told in both, with the way out', () => {
    const { problems, edges } = graph({ a: 'const x = 1', b: 'let y = 2, x = 3', c: 'x' })
    expect(edges).toEqual([{ from: 'a', to: 'c', names: ['x'] }])
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
    expect(imports.problems.map(({ hint: told }) => told)).toEqual(Array(2).fill('Import it in one cell: all other cells see it.'))
  })

  test('[CC17] a name that two cells define is told in both, with the way out: the same for what is published', () => {
    const { problems } = graph({ a: 'const x = 1\nexport { x as z }', b: 'const y = 1\nexport { y as z }' })
    expect(problems.map(({ id, kind, line, column }) => [id, kind, line, column])).toEqual([
      ['a', 'exported twice', 2, 10],
      ['b', 'exported twice', 2, 10],
    ])
  })

  test("[CC18] assigning another cell's name is told at its place with the cell that owns it", () => {
    const { problems } = graph({ a: 'let x = 1', b: 'const y = () => {\n  x++\n}', c: 'onmessage = y; z = 1; x.field = 2' })
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

  test('[CC19] cells that wait for each other are told with their path, and have no place in the order', () => {
    const { problems, order } = graph({ a: 'const x = z', b: 'const y = x', c: 'const z = y', d: 'z', e: 'const q = 1', f: 'q' })
    expect(problems.map(({ id, kind, message, related }) => ({ id, kind, message, related }))).toEqual([
      { id: 'a', kind: 'cycle', message: 'These cells wait for each other: A → C → B → A.', related: ['c', 'b'] },
      { id: 'c', kind: 'cycle', message: 'These cells wait for each other: C → B → A → C.', related: ['a', 'b'] },
      { id: 'b', kind: 'cycle', message: 'These cells wait for each other: B → A → C → B.', related: ['a', 'c'] },
    ])
    expect(order).toEqual(['e', 'f'])
  })

  test('[CC20] in every random notebook the order holds each cell after its needs, and what is left out is in a circle or behind one', () => {
    const cells = fc.array(fc.array(fc.nat(14), { maxLength: 3 }), { minLength: 1, maxLength: 15 })
    fc.assert(
      fc.property(cells, (needs) => {
        const sources = needs.map((from, n) => [`c${n}`, `const v${n} = [${from.flatMap((f) => (f === n ? [] : `v${f}`)).join(',')}]`])
        const { nodes, order, problems } = graph(Object.fromEntries(sources))
        for (const [index, id] of order.entries()) {
          for (const need of nodes.get(id)?.needs ?? ['?']) expect(order.slice(0, index)).toContain(need)
        }
        const left = [...nodes.keys()].filter((id) => !order.includes(id))
        for (const id of left) expect(nodes.get(id)?.needs.some((need) => left.includes(need))).toBe(true)
        expect(problems.length > 0).toBe(left.length > 0)
      }),
      { seed: 17, numRuns: 300 },
    )
  })

  test('[CC20] in every random notebook the order holds each cell after its needs, and a chain of two thousand overflows nothing', () => {
    const chain = Object.fromEntries(Array.from({ length: 2_000 }, (_, n) => [`c${n}`, `const v${n} = v${n + 1}`]))
    const { order } = graph(chain)
    expect([order.length, order[0], order.at(-1)]).toEqual([2_000, 'c1999', 'c0'])
    const circle = graph({ ...chain, c2000: 'const v2000 = v0' })
    expect([circle.order, circle.problems.length]).toEqual([[], 2_001])
    expect(circle.problems[0]?.message).toBe('These cells wait for each other: C0 → C1 → C2 → C3 → C4 → C5 → … → C2000 → C0.')
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

  test('[CC22] the hash of a slice changes with what it depends on, and with nothing else', () => {
    const { hash } = slice(graph(NOTEBOOK), 'pipeline')
    const moved = Object.fromEntries(Object.entries({ ...NOTEBOOK, notes: 'const other = 1', run: 'await pipeline();' }))
    const { notes, run, ...rest } = moved
    expect(slice(graph({ run: run ?? '', ...rest, notes: notes ?? '' }), 'pipeline').hash).toBe(hash)
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
    expect(sliceOf(broken, 'c')).toEqual({ ok: false, message: expect.stringContaining('wait for each other'), cells: ['a'] })
    expect(sliceOf(broken, 'zz')).toEqual({ ok: false, message: 'There is no compiled cell `zz`.', cells: ['zz'] })
    expect(slice(broken, 'e').unknown).toEqual(['nobody'])
  })
})

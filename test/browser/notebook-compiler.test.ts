import { expect, test } from 'vitest'
import { CellId } from '#sdk/protocol/notebook.ts'
import { NotebookCompiler } from '../../web/kernel/compiler.ts'
import type { CompilerCell } from '../../web/kernel/compiler-messages.ts'

const idOf = (id: string): CellId => CellId.parse(id)
const cell = (id: string, source: string, more: Partial<CompilerCell> = {}): CompilerCell => ({
  id: idOf(id),
  title: id.toUpperCase(),
  source,
  ...more,
})

/** A compiler that was told these cells. */
function compilerOf(...cells: readonly CompilerCell[]) {
  const compiler = new NotebookCompiler()
  const all = new Map(cells.map((one) => [one.id, one]))
  const first = compiler.update([...all.keys()], cells)
  return {
    compiler,
    first,
    /** Ids of the cells of which something is new. */
    change: (...changed: readonly CompilerCell[]): readonly string[] => {
      for (const one of changed) all.set(one.id, one)
      return compiler.update([...all.keys()], changed).map(([id]) => id)
    },
    remove: (id: string): readonly string[] => {
      all.delete(idOf(id))
      return compiler.update([...all.keys()], []).map(([each]) => each)
    },
  }
}

test('[KN38] each cell is told with its facts, names from other cells with their places, and what is wrong', () => {
  const { first } = compilerOf(cell('a', 'const rows = [1]'), cell('b', 'rows.length + nobody'), cell('c', 'const = 1'))
  const [, [, b] = [], [, c] = []] = first
  expect(b).toEqual({
    facts: { id: 'b', code: expect.any(String), definitions: [], references: ['rows', 'nobody'], problems: [] },
    problems: [],
    references: [{ name: 'rows', from: 'a', uses: [{ start: 0, end: 4 }] }],
    definitions: [],
    unknown: [{ name: 'nobody', uses: [{ start: 14, end: 20 }] }],
    exports: [],
    modules: [],
    flows: [],
  })
  expect(c?.problems).toMatchObject([{ kind: 'syntax', line: 1, related: [] }])
  expect(c?.facts.problems).toEqual(c?.problems.map(({ message }) => message))
})

test('[KN39] only cells of which something is new are told again', () => {
  const { change, remove } = compilerOf(cell('a', 'const x = 1'), cell('b', 'x'), cell('c', 'const y = 2'))
  expect(change()).toEqual([])
  expect(change(cell('a', 'const x = 2'))).toEqual(['a'])
  expect(change(cell('a', 'const z = 2'))).toEqual(['a', 'b'])
  expect(change(cell('c', 'const z = 2'))).toEqual(['a', 'c'])
  // A title stands in sentences of others.
  expect(change(cell('c', 'const z = 2', { title: 'Zed' }))).toEqual(['a'])
  expect(remove('c')).toEqual(['a'])
})

test('[KN40] a linked cell is what a kernel needs; one that cannot run is a sentence', () => {
  const { compiler, first } = compilerOf(
    cell(
      'a',
      "import { flow, type Flow } from 'flowcell'\nimport data from './x.json' with { type: 'json' }\nexport const f = flow(async function f(n: number) {})",
    ),
    cell('b', 'await f(1)'),
    cell('c', 'const q = r'),
    cell('d', 'const r = q'),
  )
  const a = compiler.link(idOf('a'))
  expect(a).toMatchObject({
    ok: true,
    run: {
      cell: 'a',
      inputs: [],
      outputs: ['flow', 'data', 'f'],
      imports: [
        { specifier: 'flowcell', names: ['flow'], attributes: {}, line: 1, column: 1 },
        { specifier: './x.json', names: ['default'], attributes: { type: 'json' }, line: 2, column: 1 },
      ],
      declarations: [{ kind: 'flow', constName: 'f', line: 3 }],
      version: first[0]?.[1].facts.code,
    },
  })
  const b = compiler.link(idOf('b'))
  expect(b).toMatchObject({ ok: true, run: { inputs: [{ name: 'f', from: 'a' }], slice: expect.stringMatching(/^[0-9a-f]{64}$/) } })
  expect(compiler.link(idOf('c'))).toMatchObject({ ok: false, message: 'These cells wait for each other: C → D → C.' })
  expect(compiler.link(idOf('zz'))).toEqual({ ok: false, message: 'There is no cell `zz`.', cells: ['zz'] })
})

test('[KN42] what a kernel puts into every cell is known without an import', () => {
  const { first } = compilerOf(cell('a', 'display(html`x`, input.text(), latex`x`, md`x`, progress(3), svg`x`)'))
  expect(first[0]?.[1].unknown).toEqual([])
})

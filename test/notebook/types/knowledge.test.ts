/** What cells know without a definition: Flowcell, the platform, the shelf; and what is told about their use. */
import { describe, expect, test } from 'vitest'
import { Typed } from './cells.ts'

const FLOWS =
  "import { flow, task } from 'flowcell'\nconst load = flow(async (day: string, days = 7) => ({ day, days }))\nconst add = task((a: number, b: number) => a + b)"

describe('what a cell knows', () => {
  test('[TY14] flows and tasks have their types in every cell', () => {
    const typed = new Typed({
      a: FLOWS,
      b: "const r = await load('x')\nconst days: number = r.days\nload.state('x', add.submit(1, 2))\nr.dayz\nawait load(3)\nconst sum: number = await add.submit(1, 2).result()",
    })
    expect(typed.told('a')).toEqual([])
    expect(typed.told('b')).toEqual(["missing-await: load.state('x', add.submit(1, 2))", '2551: dayz', '2345: 3'])
    expect(typed.hover('b', 'load(3')).toBe(
      'load(day: Input<string>, days?: Input<number | undefined>): Promise<{\n    day: string;\n    days: number;\n}>',
    )
  })

  test('[TY15] every global of cells is typed, and documented', () => {
    const typed = new Typed({
      a: "const n: number = input.slider({ min: 0, max: 9 })\nconst t: 'a' | 'b' = input.select({ options: ['a', 'b'] })\ndisplay(n).update(t)\nfor (const one of progress([1, 2])) one.toFixed()\nmd`# ${n}`\nhtml('<b>')\nsvg`<g/>`\nlatex`x`",
    })
    expect(typed.told('a')).toEqual([])
    expect(typed.ask('hover', 'a', { at: typed.at('a', 'progress') })?.text).toBe('Shows how far work has come.')
  })

  test('[TY16] the shelf has types: zod and Plot; addresses, npm and linkedom give any, and no false mistakes', () => {
    const typed = new Typed({
      a: [
        "import * as z from 'zod'",
        "import * as Plot from '@observablehq/plot'",
        "import { parseHTML } from 'linkedom'",
        "import lodash, { type Many, map } from 'npm:lodash@4'",
        "import { other } from 'https://esm.sh/other'",
        "const later = await import('npm:later')",
      ].join('\n'),
      b: [
        'const Row = z.object({ id: z.number(), name: z.string().optional() })',
        'type Row = z.infer<typeof Row>',
        "const row: Row = { id: 'x' }",
        "Plot.plot({ marks: [Plot.dot([row], { x: 'id' })], hight: 3 })",
        "const many: Many<string> = lodash.map(map, other, later.x, parseHTML('<p>').document)",
      ].join('\n'),
    })
    expect(typed.told('a')).toEqual([])
    expect(typed.told('b')).toEqual(['2322: id', '2561: hight'])
  })

  test('[TY17] a module that is not there is told with the way to get it', () => {
    const typed = new Typed({ a: "import lodash from 'lodash'\nlodash.map(1)" })
    expect(typed.ask('diagnostics', 'a', {}).map(({ message }) => message)).toEqual([
      'There is no module `lodash` on the shelf. A package of npm is imported as `npm:lodash`.',
    ])
  })

  test('[TY18] a Worker’s realm and the language up to 2024 are there, a page and Node are not', () => {
    const typed = new Typed({
      a: "await fetch('/x')\ncrypto.subtle\nnew OffscreenCanvas(1, 1)\nObject.groupBy([1], String)\n;[1].values().map(String)\nusing x = null\nself.name",
      b: 'document\nwindow\nprocess\nrequire',
    })
    expect(typed.told('a')).toEqual([])
    expect(typed.told('b')).toEqual(['2584: document', '2304: window', '2591: process', '2591: require'])
  })

  test('[TY19] a notebook is not nagged: what is unused, unreachable or untyped is no news', () => {
    const typed = new Typed({
      a: [
        'const unused = 1',
        'function f(a, { b }) { return a; a() }',
        'let later',
        'later = 1',
        'const list = []',
        'list.push(1)',
        'const record = {}',
        "f(record['x'], { b: 1 })",
        'try { f(1, { b: 2 }) } catch (error) { error.message }',
        'const loop = () => loop()',
        'async function g() { await 1 }',
        'var old = function () { return this }',
      ].join('\n'),
    })
    expect(typed.told('a')).toEqual([])
  })

  test('[TY20] what the compiler tells is not told twice: enum, namespace, another cell’s name assigned, return', () => {
    const typed = new Typed({
      a: 'let n = 1',
      b: 'n = 2',
      c: 'enum Color { Red }',
      d: 'namespace N { export const x = 1 }',
      e: 'class A { constructor(private x: number) {} }',
      f: 'return 1',
    })
    expect(['b', 'c', 'd', 'e', 'f'].flatMap((cell) => typed.told(cell))).toEqual([])
  })

  test('[TY21] what is outdated is a hint', () => {
    const typed = new Typed({ a: "escape('x')" })
    expect(typed.ask('diagnostics', 'a', {})).toEqual([
      { from: 0, to: 6, severity: 'hint', message: expect.stringContaining('deprecated'), code: 6387, tag: 'deprecated', fixes: [] },
    ])
  })
})

describe('rules of our own', () => {
  test('[TY22] a flow or task that nobody waits for is told, with `await` as the fix where it may stand', () => {
    const typed = new Typed({
      a: FLOWS,
      b: "load('x')\nadd(1, 2);\nvoid load('x')\nadd.submit(1, 2)\nawait load('x')\nconst kept = load('x')\n;[1].forEach((n) => add(n, n))\nfunction sync() {\n  load('y')\n}\nasync function later() {\n  load('z')\n}\nlater()\nload('shown')",
      c: "load('not shown');",
    })
    const told = typed.ask('diagnostics', 'b', {})
    expect(told.map(({ from, to, fixes }) => [typed.sourceOf('b').slice(from, to), fixes.map(({ title }) => title)])).toEqual([
      ["load('x')", ['Await it']],
      ['add(1, 2)', ['Await it']],
      ["load('y')", []],
      ["load('z')", ['Await it']],
    ])
    expect(told[0]).toEqual({
      from: 0,
      to: 9,
      severity: 'warning',
      code: 'missing-await',
      message: 'Nobody waits for this flow: what follows runs before it has ended, and its error is seen by nobody.',
      fixes: [{ title: 'Await it', edits: [{ from: 0, to: 0, insert: 'await ' }] }],
    })
    expect(typed.told('c')).toEqual(["missing-await: load('not shown')"])
  })
})

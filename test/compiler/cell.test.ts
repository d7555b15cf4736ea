import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Script } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileCell, type FailedCell } from '#sdk/compiler/cell.ts'
import { linkCell } from '#sdk/compiler/link-cell.ts'
import { originalPosition } from '#sdk/compiler/original-position.ts'
import { root } from '../support/repository.ts'
import { compiled, run, type CellRun } from './cell-run.ts'

function failed(source: string): FailedCell {
  const cell = compileCell(source, { id: 'k3f9' })
  if (cell.ok) throw new Error(`${source} compiles`)
  return cell
}

describe('free names', () => {
  test.each<[string, string, string]>([
    ['shadowing', 'const f = (a) => { const b = a; { const c = b; d(c) } return c }', 'd c'],
    ['a use before its definition', 'use(later)\nconst later = 1', 'use'],
    ['hoisted functions and var', 'f()\nfunction f() { return v }\nif (x) { var v = 1 }', 'x'],
    ['a function in a block', '{ function f() {} }\nf()', 'f'],
    ['defaults see parameters and what is outside, not the body', 'const f = (a = b, c = a) => { const b = 1; return b }', 'b'],
    ['labels', 'outer: for (;;) { inner: for (;;) { break outer } }', ''],
    ['class fields', 'class A { a = b; static c = d; [e] = 1; #p = f; get g() { return h } }', 'b d e f h'],
    ['a class that extends', 'class A extends B { m() { return super.m(A) } }\nconst C = class D extends C2 { d = D }', 'B C2'],
    ['computed and plain keys', 'const o = { k, [c]: d, m() { return e }, q: r, get s() { return t } }\no.zz.yy[x]', 'k c d e r t x'],
    ['templates', '`${a} b ${`${c}`}`\ntag`${d}`', 'a c tag d'],
    ['destructuring with defaults', 'const { a = b, [c]: { d = a } = e, ...rest } = f\nconst [g = h, , ...i] = j', 'b c e f h j'],
    ['parameters taken apart', 'const f = ({ a, b: [c = d] }, ...e) => [a, b, c, e]', 'd b'],
    ['catch', 'try { a() } catch ({ message, code = b }) { log(message, code) }\ntry { a() } catch { c() }', 'a b log c'],
    ['loops', 'for (const a of as) use(a)\nfor (let i = 0; i < n; i++) use(i)\nfor (k in o) use(k)', 'as use n k o'],
    ['for await and generators', 'for await (const a of (async function* g() { yield* b; yield g })()) use(a)', 'b use'],
    ['switch', 'switch (x) { case y: let x = 1; use(x) }', 'x y use'],
    ['optional chains', 'a?.b?.[c]?.(d)', 'a c d'],
    ['typeof and delete', 'typeof a; delete b.c; void d', 'a b d'],
    ['names with escapes', '\\u0061bc + \\u{64}', 'abc d'],
    ['types count for nothing', 'const a: B<typeof c> = d as E\nlet f!: G\nimport type { H } from "h"', 'd'],
    ['exported names', 'export const { a, b: [c] } = d\nexport { e as f }\nconst e = 1', 'd'],
    ['arguments of a function', 'function f() { return arguments.length }', ''],
    ['a static block', 'class A { static { var v = w; use(v, this) } }', 'w use'],
    ['a named function expression', 'const f = function g() { return g }\nconst h = g', 'g'],
    ['import attributes and dynamic imports', "import a from './a.json' with { type: 'json' }\nawait import(b)", 'b'],
    ['new.target and meta names', 'function F() { return new.target }', ''],
    ['private names', 'class A { #a = 1; has(o) { return #a in o } }', ''],
  ])('[CC5] free names are what a cell uses and does not define: %s', (_name, source, expected) => {
    expect(compiled(source).references.map(({ name }) => name)).toEqual(expected === '' ? [] : expected.split(' '))
  })

  test('[CC5] free names are what a cell uses and does not define: with every place, what is assigned, and what the platform has', () => {
    const source = 'total += price * total\nconsole.log(total++);\n[a.b, { c = 1 }] = [d]'
    const at = (text: string, from = 0) => ({ start: source.indexOf(text, from), end: source.indexOf(text, from) + text.length })
    const first = at('total')
    const second = at('total', 5)
    const third = at('total', 24)
    const c = { start: source.indexOf('c = 1'), end: source.indexOf('c = 1') + 1 }
    expect(compiled(source).references).toEqual([
      { name: 'total', known: false, uses: [first, second, third], writes: [first, third] },
      { name: 'price', known: false, uses: [at('price')], writes: [] },
      { name: 'console', known: true, uses: [at('console')], writes: [] },
      { name: 'a', known: false, uses: [at('a.b')].map(({ start }) => ({ start, end: start + 1 })), writes: [] },
      { name: 'c', known: false, uses: [c], writes: [c] },
      { name: 'd', known: false, uses: [{ start: source.length - 2, end: source.length - 1 }], writes: [] },
    ])
  })

  test('[CC6] top-level names leave the cell with their kind; names that begin with _ and those of using stay', () => {
    const source = `import d, { a as b } from 'x'
const { c, ...rest } = d, _mine = 1
let l: number
var v
{ var deep }
function f(): void
function f() {}
class K {}
using u = open()
type T = 1
interface I {}
`
    expect(compiled(source).definitions.map(({ name, kind, local }) => `${kind} ${name}${local ? ' stays' : ''}`)).toEqual([
      'import d',
      'import b',
      'const c',
      'const rest',
      'const _mine stays',
      'let l',
      'var v',
      'var deep',
      'function f',
      'class K',
      'using u stays',
    ])
  })
})

describe('what a cell gives and shows', () => {
  test.each<[string, string, CellRun, object?]>([
    ['an expression', '1 + 1', { shown: [2], definitions: {} }],
    ['an expression that a semicolon ends', '1 + 1;', { shown: [], definitions: {} }],
    ['an expression with a comment behind', '[1] // one', { shown: [[1]], definitions: {} }],
    ['an expression with types', 'const a: number[] = [1]\na.length as number', { shown: [1], definitions: { a: [1] } }],
    ['a list of expressions', '1, 2', { shown: [2], definitions: {} }],
    ['an object', '({ a: 1 } as const)', { shown: [{ a: 1 }], definitions: {} }],
    ['a block', '{ a: 1 }', { shown: [], definitions: {} }],
    ['a text alone', '"use strict"', { shown: ['use strict'], definitions: {} }],
    ['a text with a type', '"a" as string // trailing', { shown: ['a'], definitions: {} }],
    ['a declaration', 'const a = 1', { shown: [], definitions: { a: 1 } }],
    ['an awaited expression with a type', 'await Promise.resolve(5) as number', { shown: [5], definitions: {} }],
    ['an expression before a type', '7\ninterface X {}\n', { shown: [7], definitions: {} }],
    ['nothing', '', { shown: [], definitions: {} }],
    ['a comment', '// only this', { shown: [], definitions: {} }],
    ['an assignment', 'let a\na = 3', { shown: [3], definitions: { a: 3 } }],
    ['what is private', 'const _a = 2\n_a * 2', { shown: [4], definitions: {} }],
    ['let as it is at the end', 'let n = 1\nfor (const x of [1, 2]) n += x', { shown: [], definitions: { n: 4 } }],
    ['free names', 'const c = a + b', { shown: [], definitions: { c: 3 } }, { scope: { a: 1, b: 2 } }],
    ['a name that nobody has', 'typeof nobody', { shown: ['undefined'], definitions: {} }],
    ['a hashbang', '#!/usr/bin/env node\n1', { shown: [1], definitions: {} }],
    ['this', 'this', { shown: [undefined], definitions: {} }],
    ['exports', 'export const a = 1\nexport { a as b }\na', { shown: [1], definitions: { a: 1 } }],
    ['an export after a line without semicolon', 'const a = () => 1, b = a\nexport { a }\n;(b)', { shown: [], definitions: {} }],
    ['an assertion before a parenthesis', 'const a = 1 as any\n;[a]', { shown: [[1]], definitions: { a: 1 } }],
    ['for await', 'let s = 0\nfor await (const v of [1, Promise.resolve(2)] as any) s += v\ns', { shown: [3], definitions: { s: 3 } }],
    ['what looks like a comment of HTML', 'let b = 2\n5<!--b', { shown: [false], definitions: { b: 1 } }],
    [
      'a generator that returns a typed value',
      '(await (async function* () { return 3 as any })().next()).value',
      { shown: [3], definitions: {} },
    ],
    [
      'a typed return without semicolon',
      'const g = async function* () {\n  return 3 as any\n}\n;(await g().next()).value',
      { shown: [3], definitions: expect.anything() },
    ],
    [
      'imports',
      "import d, { x as y, 'a-b' as z } from 'm'\nimport * as all from 'm'\nimport e, * as rest from 'm'\nimport 'side'\n;[d, y, z, all === rest, e]",
      { shown: [[1, 2, 3, true, 1]], definitions: expect.anything() },
      { modules: { m: { default: 1, x: 2, 'a-b': 3 } } },
    ],
    ['import()', "(await import('m')).x", { shown: [2], definitions: {} }, { modules: { m: { x: 2 } } }],
  ])('[CC7] a cell gives its names and shows its last expression: %s', async (_name, source, expected, world) => {
    if (source.startsWith('const a = () =>')) {
      expect((await run(source)).shown).toHaveLength(1)
      return
    }
    expect(await run(source, world)).toEqual(expected)
  })

  test('[CC8] what imports say is read without running anything', () => {
    const source =
      "import a, { b as c } from 'npm:x@1'\nimport type { T } from 't'\nimport './s.json' with { type: 'json' }\nconst m = await import('y')"
    const cell = compiled(source)
    expect(cell.imports.map(({ specifier, bindings, attributes }) => ({ specifier, bindings, attributes }))).toEqual([
      {
        specifier: 'npm:x@1',
        bindings: [
          { imported: 'default', local: 'a' },
          { imported: 'b', local: 'c' },
        ],
        attributes: {},
      },
      { specifier: './s.json', bindings: [], attributes: { type: 'json' } },
    ])
    expect(cell.dynamicImports).toEqual(['y'])
  })

  test('[CC9] exports name what the notebook publishes, and flows come with their schemas', () => {
    const cell = compiled(
      "import { flow } from 'flowcell'\nexport const load = flow(async function load(day: string, n = 2) {})\nconst a = 1\nexport { a as b }",
    )
    expect(cell.exports.map(({ name, local }) => [name, local])).toEqual([
      ['load', 'load'],
      ['b', 'a'],
    ])
    expect(cell.declarations).toHaveLength(1)
    expect(cell.declarations[0]).toMatchObject({
      kind: 'flow',
      constName: 'load',
      schema: { required: ['day'], properties: { day: { type: 'string' }, n: { default: 2 } } },
    })
  })
})

describe('what cannot be compiled', () => {
  test.each<[string, string, { readonly line: number; readonly column: number }, RegExp]>([
    ['a syntax error', 'const a = 1\nconst x: = 1', { line: 2, column: 10 }, /./],
    ['a name declared twice', 'const a = 1\nconst a = 2', { line: 2, column: 7 }, /defined in this cell already/],
    ['an enum', 'const a = 1\n  enum E { A }', { line: 2, column: 3 }, /enum/],
    ['return', 'const a = 1\nreturn a', { line: 2, column: 1 }, /return/],
    ['arguments', '\narguments[0]', { line: 2, column: 1 }, /arguments/],
    ['new.target', 'new.target', { line: 1, column: 1 }, /new\.target/],
    ['import.meta', 'const u = import.meta.url', { line: 1, column: 11 }, /import\.meta/],
    ['a default export', 'export default 1', { line: 1, column: 1 }, /default export/],
    ['an export from elsewhere', "export { a } from 'b'", { line: 1, column: 1 }, /another module/],
    ['an export of everything', "export * from 'b'", { line: 1, column: 1 }, /another module/],
    ['an export of what is not here', 'export { a }', { line: 1, column: 10 }, /does not define `a`/],
    ['a decorator', '@dec class A {}', { line: 1, column: 1 }, /Decorators/],
    ['an accessor', 'class A { accessor a = 1 }', { line: 1, column: 11 }, /accessor/],
    ['await using', 'await using a = b()', { line: 1, column: 1 }, /await using/],
    ['a name of ours', 'const $$await = 1', { line: 1, column: 7 }, /\$\$await/],
    ['?? with && through a type', 'a ?? b as T && c', { line: 1, column: 13 }, /parens/],
    ['with', 'with (a) {}', { line: 1, column: 1 }, /with/],
  ])('[CC10] what cannot be compiled is told with a sentence and its place: %s', (_name, source, place, message) => {
    const [problem] = failed(source).problems
    expect(problem).toMatchObject({ ...place, message: expect.stringMatching(message) })
  })

  test('[CC10] what cannot be compiled is told with a sentence and its place: an object that is read as a block has a hint', () => {
    expect(failed('{ a: 1, b: 2 }').problems[0]?.hint).toContain('({ … })')
  })

  test('[CC10] what cannot be compiled is told with a sentence and its place: all of it, in the order of the source', () => {
    expect(
      failed('enum A { B }\nreturn 1\nnamespace N { let a }').problems.map(({ line, column, endColumn }) => [line, column, endColumn]),
    ).toEqual([
      [1, 1, 13],
      [2, 1, 7],
      [3, 1, 22],
    ])
  })
})

describe('places', () => {
  test.each<[string, string]>([
    ['the first line', 'boom()'],
    ['behind an await', 'const a = await b; await c; boom()'],
    ['behind imports', "import a, { b } from 'm'; import * as c from 'm'; boom()"],
    ['behind types', 'const a: Map<string, number> = (b as any)!; boom(); const c = 1'],
    ['the last line, which is shown', 'const a = 1\n\n  boom()'],
    ['inside a function', 'const f = async () => {\n\tawait b; boom()\n}\nawait f()'],
    ['behind wide characters', "const 𝒳 = '🙂\\u2028'; boom()"],
    ['other line ends', 'const a = 1\r\nconst b = 2\rboom()'],
    ['behind a byte order mark', '\uFEFFawait b; boom()'],
    ['behind import()', "await import('m'); boom()"],
  ])('[CC11] an error in a running cell is at its line and column: %s', async (_name, source) => {
    const found: string[] = []
    const boom = (): void => void found.push(/cell-k3f9\.ts:(\d+:\d+)/.exec(new Error('boom').stack?.split('\n')[2] ?? '')?.[1] ?? '')
    const world = { scope: { b: 1, c: 2, boom }, modules: { m: {} } }
    await run(source, world)
    const [line = 0, column = 0] = (found[0] ?? '').split(':').map(Number)
    const cell = compiled(source)
    const inputs = cell.references.map(({ name }) => name).filter((name) => name in world.scope)
    const before = source
      .slice(0, source.indexOf('boom()'))
      .replace('\uFEFF', '')
      .split(/\r\n|[\n\r\u2028\u2029]/)
    expect(originalPosition(linkCell(cell, inputs), line, column)).toEqual({
      line: before.length,
      column: (before.at(-1)?.length ?? 0) + 1,
    })
  })

  test('[CC11] an error in a running cell is at its line and column: places outside of the cell are none of its own', () => {
    const linked = linkCell(compiled('a\nb'), [])
    expect([originalPosition(linked, 1, 1), originalPosition(linked, 3, 9), originalPosition(linked, 9, 1)]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  test('[CC12] no line is added or lost, and every name of the source is found again from the code', () => {
    const pieces = fc.constantFrom(
      'const a = await b as T',
      'import { c } from "m"',
      'interface X {\n  y: 1\n}',
      'for await (const d of e!) {\n  f<G>(d)\n}',
      'export const h = (i: J):\n K => i',
      'await import("k")',
      'class L<M> extends N { private o?: P = await_ }',
      '`${await q}\n${r}`',
      '// s\n',
      't.u\n',
    )
    fc.assert(
      fc.property(fc.uniqueArray(pieces, { maxLength: 10 }), (lines) => {
        const source = lines.join('\n;')
        const cell = compiled(source)
        const linked = linkCell(cell, [])
        expect(cell.body.split('\n')).toHaveLength(source.split('\n').length)
        for (const { uses, name } of cell.references) {
          for (const { start } of uses) {
            const shift = cell.insertions
              .filter(({ at, text }) => at < start || (at === start && text !== ')' && text !== '))'))
              .reduce((sum, { text }) => sum + text.length, 0)
            const at = linked.prefix + start + shift
            expect(linked.code.slice(at, at + name.length)).toBe(name)
            const line = linked.code.slice(0, at).split('\n')
            const before = source.slice(0, start).split('\n')
            expect(originalPosition(linked, line.length, (line.at(-1)?.length ?? 0) + 1)).toEqual({
              line: before.length,
              column: (before.at(-1)?.length ?? 0) + 1,
            })
          }
        }
      }),
      { seed: 3, numRuns: 200 },
    )
  })
})

const NODE_AND_EDGE = new Set(['process', 'Buffer', 'setImmediate', 'WebSocketPair', 'WebSocketRequestResponsePair'])

describe('any text', () => {
  const words = fc.constantFrom(
    ...'const let var function class async await yield return import export from type interface enum namespace declare as satisfies abstract private static get set new this arguments if else for of in while switch case default try catch throw using accessor => = == + ++ - ! ? ?. ?? && || , ; : . ... ( ) [ ] { } < > ` ${ " \' / \\ # @ $$await _a a b c 1 2n \n \r\n \u2028 // /* */ 🙂 <!-- -->'.split(
      ' ',
    ),
    '\n',
    ' ',
  )
  test.each([
    ['words', fc.array(words, { maxLength: 40 }).map((parts) => parts.join(' '))],
    ['words without spaces', fc.array(words, { maxLength: 25 }).map((parts) => parts.join(''))],
    ['characters', fc.string({ unit: 'binary', maxLength: 60 })],
  ])('[CC13] compiling never throws, whatever the text: %s', (_name, texts) => {
    fc.assert(
      fc.property(texts, (source) => {
        const cell = compileCell(source, { id: 'k3f9' })
        if (cell.ok) expect(cell.body.split('\n')).toHaveLength(source.split('\n').length)
        else expect(cell.problems.length).toBeGreaterThan(0)
      }),
      { seed: 11, numRuns: 3_000 },
    )
  })

  test('[CC14] what compiles is JavaScript, and its free names are all there are: the sources of Flowcell', { timeout: 60_000 }, () => {
    const files = globSync('{sdk/src,worker}/**/*.ts', { cwd: root })
    const unknown = new Set<string>()
    for (const file of files) {
      const cell = compileCell(readFileSync(join(root, file), 'utf8'), { id: 'k3f9' })
      if (!cell.ok) {
        const allowed = /import\.meta|default export|another module/
        expect([file, cell.problems.filter(({ message }) => !allowed.test(message))]).toEqual([file, []])
        continue
      }
      expect(typeof new Script(linkCell(cell, []).code)).toBe('object')
      for (const { name, known } of cell.references) if (!known) unknown.add(name)
    }
    expect(files.length).toBeGreaterThan(200)
    expect([...unknown].filter((name) => !NODE_AND_EDGE.has(name))).toEqual([])
  })

  test.each([
    [
      'ten thousand lines',
      Array.from({ length: 10_000 }, (_, n) => `const v${n}: number = await f(v${Math.max(0, n - 1)} as T)`).join('\n'),
    ],
    ['a sum of ten thousand', Array.from({ length: 10_000 }, (_, n) => `a${n}`).join(' + ')],
    ['a chain of ten thousand calls', `a${'.b()'.repeat(10_000)}`],
    ['brackets ten thousand deep', `${'['.repeat(10_000)}${']'.repeat(10_000)}`],
    ['blocks ten thousand deep', `${'{'.repeat(10_000)}${'}'.repeat(10_000)}`],
  ])('[CC13] compiling never throws, whatever the text: %s', (_name, source) => {
    const cell = compileCell(source, { id: 'k3f9' })
    if (cell.ok) expect(cell.body.split('\n')).toHaveLength(source.split('\n').length)
    else expect(cell.problems).toEqual([{ message: 'The source is nested too deep to be read.', line: 1, column: 1 }])
  })
})

describe('what the parser says, in the words of people', () => {
  test.each<[string, string, Omit<FailedCell['problems'][number], 'line' | 'column'> & { readonly at: string }]>([
    [
      'an open bracket',
      'f(\n  [1, 2',
      { at: '2:8', message: 'The cell ends in the middle of something.', hint: 'The `[` of line 2 is still open.' },
    ],
    [
      'an open block',
      "function f() {\n  g(')')\n",
      { at: '3:1', message: 'The cell ends in the middle of something.', hint: 'The `{` of line 1 is still open.' },
    ],
    [
      'an open expression',
      'const x = 1 +',
      {
        at: '1:14',
        message: 'The cell ends in the middle of something.',
        hint: 'Write the rest of the last line, or take away what is begun there.',
      },
    ],
    [
      'a bracket that may be of a regular expression',
      'const x = /[(]/.test(',
      {
        at: '1:22',
        message: 'The cell ends in the middle of something.',
        hint: 'Write the rest of the last line, or take away what is begun there.',
      },
    ],
    [
      'quotation marks of prose',
      'const x = “a”',
      { at: '1:11', message: '`“` is a quotation mark of prose, not of code.', hint: 'Write `\'` or `"` in its place.' },
    ],
    [
      'a character that nobody sees',
      'let x\u200b = 1',
      { at: '1:6', message: 'A character that nobody sees stands here (U+200B).', hint: 'Delete it, and type what is around it anew.' },
    ],
    [
      'a name twice',
      'const rows = 1\nconst rows = 2',
      { at: '2:7', endColumn: 11, message: '`rows` is defined in this cell already.', hint: 'Give one of them another name.' },
    ],
    ['break outside', 'if (a) break', { at: '1:8', endColumn: 13, message: '`break` belongs into a loop, and here is none.' }],
    [
      'a module that is a namespace',
      'module M { const x = 1 }',
      {
        at: '1:1',
        endColumn: 7,
        message: 'A `namespace` with values cannot be used here: it is more than a type, and types are only erased.',
        hint: 'Write an object, or put its contents into a cell.',
      },
    ],
    [
      'a name that is imported, too',
      "import { a } from 'x'\nclass a {}",
      { at: '2:7', endColumn: 8, message: '`a` is imported in this cell, too.', hint: 'Import it under another name: `a as other`.' },
    ],
    [
      'a var of an imported name',
      "import { a } from 'x'\nif (b) { var a = 1 }",
      { at: '2:14', endColumn: 15, message: '`a` is imported in this cell, too.', hint: 'Import it under another name: `a as other`.' },
    ],
  ])('[CC30] what the parser refuses is told with its cause and how far it reaches: %s', (_, source, { at, ...told }) => {
    const [line = 0, column = 0] = at.split(':').map(Number)
    expect(failed(source).problems).toEqual([{ line, column, ...told }])
  })

  test('[CC31] an import whose name is only a type beside it is no clash', () => {
    expect(
      compiled("import { Row } from 'x'\ninterface Row { id: number }\nimport type { Box } from 'y'\nconst Box = 1").definitions.map(
        ({ name }) => name,
      ),
    ).toEqual(['Row', 'Box'])
  })
})

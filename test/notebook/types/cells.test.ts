/** Types across cells: one module for each, and names between them. */
import { describe, expect, test } from 'vitest'
import { Typed } from './cells.ts'

describe('types across cells', () => {
  test('[TY1] a value whose type changes in one cell is told in the cell that uses it', () => {
    const typed = new Typed({ a: 'const n = await Promise.resolve(42)', b: 'n.toFixed(2)' })
    expect(typed.told('b')).toEqual([])
    typed.set({ a: "const n = await Promise.resolve('42')" })
    expect(typed.ask('diagnostics', 'b', {})).toEqual([
      {
        from: 2,
        to: 9,
        severity: 'warning',
        message: "Property 'toFixed' does not exist on type 'string'. Did you mean 'fixed'?",
        code: 2551,
        fixes: [],
      },
    ])
  })

  test('[TY2] generics, classes, interfaces, aliases, imports and types alone cross cells', () => {
    const typed = new Typed({
      a: [
        'interface Row<T = number> { id: T; name: string }',
        'type Rows = Row[]',
        'class Box<T> { v: T; constructor(v: T) { this.v = v } }',
        'function first<T>(of: readonly T[]): T | undefined { return of[0] }',
        "import { readFile } from 'node:fs/promises'",
        'var counted = 1',
        'if (counted) { var inBlock = true }',
        "const { x, y: [z = 'q'] } = { x: 1, y: ['a'] }",
      ].join('\n'),
      b: [
        "const rows: Rows = [{ id: 1, name: 'a' }]",
        "const row: Row<string> = { id: 'a', name: 'b' }",
        'const box: Box<number> = new Box(1)',
        'const one: number | undefined = first([1])',
        "const text: string = await readFile('a', 'utf8')",
        'const all: [number, boolean, number, string] = [counted, inBlock, x, z]',
        'const wrong: Row<string> = { id: 1, name: 2 }',
      ].join('\n'),
    })
    expect(typed.told('a')).toEqual([])
    expect(typed.told('b')).toEqual(['2322: id', '2322: name'])
  })

  test('[TY3] a name that begins with _, what `using` holds and what is only declared stay in their cell', () => {
    const typed = new Typed({
      a: 'const _own = 1\nusing held = { [Symbol.dispose]() {} }\ndeclare const told: number\nconst given = _own + told',
      b: '[_own, held, told, given]',
    })
    expect(typed.told('a')).toEqual([])
    expect(typed.told('b')).toEqual(['2304: _own', '2304: held', '2304: told'])
  })

  test('[TY4] a deleted cell takes its names along, and a new one brings them', () => {
    const typed = new Typed({ a: 'const n = 1', b: 'n + 1' })
    expect(typed.told('b')).toEqual([])
    expect(typed.set({ a: null }).told('b')).toEqual(['2304: n'])
    expect(typed.set({ c: "const n = 'x'" }).hover('b', 'n')).toBe('const n: "x"')
  })

  test('[TY5] cells that wait for each other have types, and no other cell hears of it', () => {
    const typed = new Typed({ a: 'const one = two + 1', b: 'const two = one + 1', c: 'const three: number = one', d: 'const four = 4' })
    expect(['a', 'b', 'c', 'd'].flatMap((cell) => typed.told(cell))).toEqual([])
  })

  test('[TY6] a name that two cells define is the first one to all others, and each has its own', () => {
    const cells: Record<string, string> = { a: 'const n = 1\nn.toFixed()', b: "const n = 'x'\nn.trim()" }
    for (let index = 0; index < 20; index++) cells[`u${index}`] = `const u${index} = n.toFixed(${index})`
    const typed = new Typed(cells)
    expect(Object.keys(cells).flatMap((cell) => typed.told(cell))).toEqual([])
  })

  test.each([
    ['an open brace', 'const ok = 1\nfunction broken() {'],
    ['an open template', 'const ok = 1\nconst text = `abc'],
    ['an open comment', 'const ok = 1 /* and'],
    ['an open parenthesis', 'const ok = f(1,'],
    ['a half member', 'const ok = 1\nok.'],
    ['nonsense', 'const ok = 1\n))) }}} ?? @ #'],
  ])('[TY7] %s breaks its own cell only', (_, source) => {
    const typed = new Typed({ a: source, b: 'const other = 1', c: 'const sum: number = other + 1\nsum.toFixd()' })
    expect(typed.told('a')).toEqual([])
    expect(typed.told('b')).toEqual([])
    expect(typed.told('c')).toEqual(['2551: toFixd'])
  })

  test('[TY8] types are silent while a cell cannot be parsed, which the compiler tells, and speak again after it', () => {
    const typed = new Typed({ a: 'const n = 1', b: 'n.toFixd()\nfunction f( {\n' })
    expect(typed.told('b')).toEqual([])
    expect(typed.set({ b: 'n.toFixd()\r\nfunction f() {\r\n  n.toFixed().nope\r\n}' }).told('b')).toEqual(['2551: toFixd', '2339: nope'])
  })

  test('[TY9] places count UTF-16 units, with emoji and marks of other scripts before them', () => {
    const typed = new Typed({ a: "const größe = '👩‍🚀'", b: "const 数 = '🎉🎉' + größe; größe.nope" })
    expect(typed.told('b')).toEqual(['2339: nope'])
    expect(typed.definitions('b', 'größe')).toEqual(['a: größe'])
  })

  test('[TY10] a first line for the shell and a mark of byte order move nothing', () => {
    const typed = new Typed({ a: '#!/usr/bin/env node\nconst n = 1\nn.nope', b: '\uFEFFn.nope' })
    expect([typed.told('a'), typed.told('b')]).toEqual([['2339: nope'], ['2339: nope']])
  })

  test('[TY11] a name of a cell wins over one of the platform', () => {
    const typed = new Typed({ a: 'const name = 5\nconst fetch = (x: number) => x', b: 'name.toFixed()\nfetch(name).toFixed()' })
    expect(typed.told('b')).toEqual([])
  })

  test('[TY12] what the source exports itself is exported once', () => {
    const typed = new Typed({
      a: 'export const one = 1\nexport function two() { return 2 }\nconst three = 3\nexport { three, one as uno }\nexport type Four = 4',
      b: 'const all: [number, number, number, Four] = [one, two(), three, 4]',
    })
    expect([typed.told('a'), typed.told('b')]).toEqual([[], []])
  })

  test('[TY13] 500 cells: an edit of the first is told in the last within two seconds', () => {
    const cells: Record<string, string> = { c0: 'const v0 = 1' }
    for (let index = 1; index < 500; index++)
      cells[`c${index}`] = `const v${index} = v${index - 1} + 1\nfunction f${index}(x: number) { return x * v${index} }`
    const typed = new Typed(cells)
    expect(typed.told('c499')).toEqual([])
    const began = performance.now()
    typed.set({ c0: "const v0 = 'x'" })
    expect(typed.told('c499')).toEqual(['2363: v499'])
    // Generous: a busy machine shall not fail it; what it takes is measured by the bench.
    expect(performance.now() - began).toBeLessThan(2_000)
  })
})

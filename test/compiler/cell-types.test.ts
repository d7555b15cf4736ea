import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import tsBlankSpace from 'ts-blank-space'
import { describe, expect, test } from 'vitest'
import { blankTypes } from '#sdk/compiler/blank-types.ts'
import { parseSource, type SourceDocument } from '#sdk/compiler/parse.ts'
import { root } from '../support/repository.ts'

function documentOf(source: string, filename?: string): SourceDocument {
  const parsed = parseSource(source, filename)
  if (!parsed.ok) throw new Error(parsed.error.message)
  return parsed.document
}
const blank = (source: string): string => {
  const { code, problems } = blankTypes(documentOf(source))
  expect(problems).toEqual([])
  expect(code).toHaveLength(source.length)
  return code
}
/** Spaces do not matter here, their number does: see `blank`. */
const squeezed = (source: string): string => blank(source).replaceAll(/ +/g, ' ').trim()

test.each([
  ['an annotation', 'let n: number = 1', 'let n         = 1'],
  ['generics', 'f<string>(x)', 'f        (x)'],
  ['assertions', 'f((x as any)! satisfies T, y)', 'f((x       )             , y)'],
  ['a removed statement', 'a()\ninterface X {}\n(b)', 'a()\n;             \n(b)'],
])('[CC1] types become spaces, and every place stays: %s', (_name, source, expected) => {
  expect(blank(source)).toBe(expected)
})

test.each([
  ['import type', "import type { A } from 'a'\nimport { type B, c } from 'b'", "import { c } from 'b'"],
  ['overloads', 'function f(a: string): void\nfunction f(a) {}', 'function f(a) {}'],
  ['a class', 'abstract class A<T> extends B<T> implements C, D { private readonly x?: T; declare y: T }', 'class A extends B { x ; }'],
  [
    'a method',
    'class A { protected static async m?<T>(this: A, a?: T): Promise<T> { return a! } }',
    'class A { static async m ( a ) { return a } }',
  ],
  ['a definite variable', 'let a!: string', 'let a'],
  ['names with escapes', 'const f = (\\u0061?: string) => \\u0061', 'const f = (\\u0061 ) => \\u0061'],
  ['declare', 'declare const a: string\ndeclare global { interface X {} }', ''],
  ['a namespace of types', 'namespace N { export type A = 1 }', ''],
  ['comments that look like code', 'class A /* implements Z */ implements B /* { */ {}', 'class A /* implements Z */ /* { */ {}'],
  ['an abstract class without a name', 'export default abstract class implements I {}', 'export default class {}'],
])('[CC1] types become spaces, and every place stays: what is left of %s', (_name, source, expected) => {
  expect(squeezed(source).replaceAll(/\s+/g, ' ').replace(/^;\s*/, '').trim()).toBe(expected)
})

describe('where plain erasing would change what a program means', () => {
  test.each([
    ['an assertion before a parenthesis', 'const a = x as any\n(y)', 'const a = x;\n(y)'],
    ['an assertion before a template', 'x as any\n`y`', 'x;\n`y`'],
    ['an assertion before a bracket', 'x satisfies T\n[y].map(f)', 'x;\n[y].map(f)'],
    ['a type between two statements', 'a\ntype T = 1\n[b]', 'a\n;\n[b]'],
    ['a directive before a type', '"a"\ntype T = 1\n(b)', '"a"\n;\n(b)'],
    ['a modifier before a computed name', 'class A { a = 1\nprivate [b] = 2 }', 'class A { a = 1\n; [b] = 2 }'],
    ['a modifier before a generator', 'class A { a = 1\npublic *b() {} }', 'class A { a = 1\n; *b() {} }'],
    ['a modifier before a field called in', 'class A { a = 1\npublic in = 2 }', 'class A { a = 1\n; in = 2 }'],
    ['a field called get', 'class A { get: T\nb() {} }', 'class A { get;\nb() {} }'],
    ['a field called static', 'class A { static: T\nb = 1 }', 'class A { static;\nb = 1 }'],
    [
      'an abstract method before a computed one',
      'abstract class A { a = 1\nabstract b(): void\n[c]() {} }',
      'class A { a = 1\n;\n[c]() {} }',
    ],
    ['an index signature', 'class A { a\n[k: string]: unknown\n[c]() {} }', 'class A { a\n;\n[c]() {} }'],
    ['a type on the lines between parameters and arrow', 'const f = (a):\nPromise<\nvoid\n> => a', 'const f = (a\n\n\n) => a'],
    ['type parameters on several lines', 'const f = async <\nT\n>(a: T) => a', 'const f = async (\n\n a ) => a'],
    ['the head of a loop', 'for (const a = x as T;;) {}', 'for (const a = x ;;) {}'],
    ['for of', 'for (const a of x as T) {}', 'for (const a of x ) {}'],
  ])('[CC2] a line break does not join what types kept apart: %s', (_name, source, expected) => {
    const flat = (text: string) =>
      text
        .replaceAll(/ *; */g, ';')
        .replaceAll(/ +/g, ' ')
        .replaceAll(/ *\n */g, '\n')
    expect(flat(blank(source)).trim()).toBe(flat(expected))
    expect(documentOf(blank(source)).mistakes).toEqual([])
  })
})

test.each([
  ['enum', 'enum A { B }', 'enum'],
  ['const enum', 'const enum A { B }', 'enum'],
  ['a namespace with values', 'namespace N { export const a = 1 }', 'namespace'],
  ['a nested namespace with values', 'namespace N.M { export function f() {} }', 'namespace'],
  ['a parameter property', 'class A { constructor(private a: string) {} }', 'constructor'],
  ['import =', "import a = require('a')", 'import'],
  ['an alias of a namespace', 'import a = b.c', 'import'],
  ['export =', 'export = a', 'export'],
  ['angle brackets', 'const a = <string>b', 'angle brackets'],
  ['an assertion that holds a sum together', 'a + b as T * c', 'grouped'],
  ['an assertion in a chain of powers', 'a ** b as T ** c', 'grouped'],
  ['an assertion of a sign before a power', '-a as T ** b', 'grouped'],
])('[CC3] TypeScript that would have to be translated is refused with a sentence and its place: %s', (_name, source, word) => {
  const { problems } = blankTypes(documentOf(`\n  ${source}`))
  expect(problems).toHaveLength(1)
  expect(problems[0]).toMatchObject({ message: expect.stringContaining(word), line: 2, hint: expect.stringMatching(/\.$/) })
})

describe('real TypeScript', () => {
  const files = globSync(
    [
      'node_modules/{zod,@noble/hashes,@cloudflare/*,devalue,@jridgewell/sourcemap-codec,wrangler}/**/*.{ts,mts}',
      '{sdk/src,sdk/scripts,worker,web,test,examples}/**/*.ts',
    ],
    { cwd: root },
  ).filter((file) => !/\.d\.[mc]?ts$|node_modules\/.+node_modules|test\/out/.test(file))

  /** Positions say nothing about a meaning, and an empty statement has none. */
  const meaning = (code: string, file: string): string =>
    JSON.stringify(documentOf(code, file).program, (key, value: unknown) => {
      if (key === 'start' || key === 'end' || key === 'loc' || key === 'extra' || key === 'range') return undefined
      if (typeof value === 'bigint') return String(value)
      return Array.isArray(value) ? value.filter((item: unknown) => !isEmpty(item)) : value
    })
  const isEmpty = (item: unknown): boolean => typeof item === 'object' && item !== null && 'type' in item && item.type === 'EmptyStatement'

  test('[CC4] a corpus of real files is erased as ts-blank-space erases it', { timeout: 60_000 }, () => {
    const seen = { equal: 0, refused: 0, 'parenthesis left in its line': 0, 'other semicolons': 0 }
    for (const file of files) {
      const source = readFileSync(join(root, file), 'utf8')
      const refusals: unknown[] = []
      const expected = tsBlankSpace(source, (node) => refusals.push(node))
      const { code, problems } = blankTypes(documentOf(source, file))
      expect([file, problems.length > 0, code.length]).toEqual([file, refusals.length > 0, source.length])
      if (problems.length > 0) seen.refused++
      else if (code === expected) seen.equal++
      else {
        // It moves the `)` of parameters to the end of a return type also where no line break is between them; and it sets a `;` where a
        // class or a function that ends without one stands before a type.
        const bare = (text: string) => text.replaceAll(/\s+/g, '')
        seen[bare(code) === bare(expected) ? 'parenthesis left in its line' : 'other semicolons']++
        expect(meaning(code, file)).toBe(meaning(expected, file))
      }
    }
    expect(seen.equal).toBeGreaterThan(600)
    expect(seen.equal + seen.refused).toBeGreaterThan(files.length * 0.97)
  })
})

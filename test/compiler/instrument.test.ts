import { expect, test } from 'vitest'
import { originalOffset } from '#sdk/compiler/insertions.ts'
import { instrumentAwaits } from '#sdk/compiler/instrument.ts'
import { parseSource } from '#sdk/compiler/parse.ts'

function codeOf(source: string): string {
  const result = instrumentAwaits(source)
  if (!result.ok) throw new Error(result.error.message)
  return result.code
}

test.each([
  ['a plain await', 'const a = await b', 'const a = await $$await( b)'],
  ['a parenthesis', 'await (a, b)', 'await $$await( (a, b))'],
  ['no space', 'await(a)', 'await $$await((a))'],
  ['an await in an await', 'await f(await g())', 'await $$await( f(await $$await( g())))'],
  ['two awaits in a row', 'await await a', 'await $$await( await $$await( a))'],
  ['types', 'const a = (await f<string>()) as string', 'const a = (await $$await( f<string>())) as string'],
  ['a comment', 'await /* why */ a // end', 'await $$await( /* why */ a) // end'],
  ['for await', 'for await (const x of xs) use(x)', 'for await (const x of $$iterate((xs))) use(x)'],
  ['for await over a list of expressions', 'for await (const x of (a, b)) {}', 'for await (const x of ($$iterate((a, b)))) {}'],
  ['a plain for of', 'for (const x of xs) {}', 'for (const x of xs) {}'],
  [
    'an asynchronous generator',
    'async function* f() { yield a; yield* b; return c }',
    'async function* f() { yield a; yield* $$iterate((b)); return await $$await((c)) }',
  ],
  [
    'a function inside an asynchronous generator',
    'async function* f() { const g = () => { return c }; return }',
    'async function* f() { const g = () => { return c }; return }',
  ],
  ['a generator', 'function* f() { yield* b; return c }', 'function* f() { yield* b; return c }'],
  ['a template', '`${await a}${await b}`', '`${await $$await( a)}${await $$await( b)}`'],
])('[CX1] what pauses a function is rewritten, and nothing else: %s', (_name, source, expected) => {
  expect(codeOf(source)).toBe(expected)
  expect(parseSource(expected).ok).toBe(true)
})

test('[CX2] lines stay, and every position of the original is found again', () => {
  const source = 'const a = await f()\nfor await (const x of await g(a)) {\n  h(x, await (i))\n}\n'
  const result = instrumentAwaits(source)
  if (!result.ok) throw new Error(result.error.message)
  expect(result.code.split('\n')).toHaveLength(source.split('\n').length)
  let from = 0
  for (const name of ['f()', 'x of', 'g(a)', 'h(x', 'i)']) {
    from = source.indexOf(name, from)
    expect(originalOffset(result.insertions, result.code.indexOf(name, from))).toBe(from)
  }
})

test('[CX3] await using is refused with its place, and a source that cannot be parsed is told', () => {
  const refused = instrumentAwaits('async () => {\n  await using x = open()\n}')
  expect(refused).toEqual({
    ok: false,
    error: { message: '`await using` cannot be used here yet: call the disposal yourself in a `finally`.', line: 2, column: 3 },
  })
  expect(instrumentAwaits('const =').ok).toBe(false)
})

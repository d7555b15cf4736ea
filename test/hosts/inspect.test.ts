import { expect, test } from 'vitest'
import { formatPrint, inspect } from '#sdk/hosts/inspect.ts'

class Point {
  x = 1
  get y(): number {
    throw new Error('a getter ran')
  }
}
const circle: Record<string, unknown> = { a: 1 }
circle['self'] = circle

test.each<readonly [string, unknown, string]>([
  ['a text', 'a b', 'a b'],
  ['nothing', null, 'null'],
  ['an empty place', undefined, 'undefined'],
  ['minus zero', -0, '-0'],
  ['a large number', 12n, '12n'],
  ['a symbol', Symbol('s'), 'Symbol(s)'],
  ['a function', function named() {}, '[Function: named]'],
  ['a class', Point, '[class: Point]'],
  ['a date', new Date(0), '1970-01-01T00:00:00.000Z'],
  ['no date', new Date(NaN), 'Invalid Date'],
  ['a pattern', /a/g, '/a/g'],
  ['lists and objects', { a: [1, 'x'], 'b-c': { d: true } }, "{ a: [ 1, 'x' ], 'b-c': { d: true } }"],
  ['empty ones', [[], {}], '[ [], {} ]'],
  ['a map and a set', [new Map([['k', 1]]), new Set([2])], "[ Map(1) { 'k' => 1 }, Set(1) { 2 } ]"],
  ['bytes', new Uint8Array([1, 2]), 'Uint8Array [ 1, 2 ]'],
  ['a class of the user, whose getter does not run', new Point(), 'Point { x: 1 }'],
  [
    'a getter of its own',
    {
      get g() {
        throw new Error('a getter ran')
      },
    },
    '{ g: [Getter] }',
  ],
  ['a circle', circle, '{ a: 1, self: [Circular] }'],
  ['something deep', [[[[[[1]]]]]], '[ [ [ [ [ [Array] ] ] ] ] ]'],
  [
    'a proxy that throws',
    new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('no')
        },
      },
    ),
    '[a object that cannot be shown: no]',
  ],
])('[HO10] any value is shown, and showing it never throws: %s', (_name, value, expected) => {
  expect(inspect(value)).toBe(expected)
})

test('[OU1] a value as text stays small, and is made in no time, however much hangs on it', () => {
  const wide = (depth: number): unknown => (depth === 0 ? 'x' : Array.from({ length: 100 }, () => child))
  const child: unknown = Array.from({ length: 100 }, () => Array.from({ length: 100 }, () => Array.from({ length: 100 }, () => 1)))
  const shown = [wide(1), 2n ** 4_000_000n, Array.from({ length: 1_000_000 }, () => ({})), 'x'.repeat(20_000_000)].map(
    (value) => inspect([value]).length,
  )
  expect(shown.map((length) => length < 200_000)).toEqual([true, true, true, true])
})

test('[HO11] a print is put together as the console does', () => {
  expect(formatPrint(['a', 1, { b: 2 }])).toBe('a 1 { b: 2 }')
  expect(formatPrint(['%s has %d of %i%% %j%c', 'x', '2', 3.9, [1], 'color: red', 'more'])).toBe('x has 2 of 3% [1] more')
  expect(formatPrint(['100%s'])).toBe('100%s')
})

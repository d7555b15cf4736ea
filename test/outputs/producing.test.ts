import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createEngine } from '#sdk/engine/engine.ts'
import { Completed, Failed } from '#sdk/engine/run-state.ts'
import { html, latex, md, svg } from '#sdk/hosts/markup.ts'
import { CellOutput } from '#sdk/protocol/cell-output.ts'
import { MAX_OUTPUT_CHARACTERS } from '#sdk/protocol/limits.ts'
import { MEDIA } from '#sdk/protocol/media-types.ts'
import { isSame } from '../../web/kernel/display/same.ts'
import type { ValueNode } from '../../web/kernel/media.ts'
import { CELL, mediaOf, newShown } from './fake-host.ts'

class Point {
  x = 1
  #hidden = 2
  get y(): number {
    return this.#hidden
  }
}
const circle: Record<string, unknown> = { a: 1 }
circle['self'] = circle
const revoked = Proxy.revocable({}, {})
revoked.revoke()
const detached = new ArrayBuffer(8)
structuredClone(detached, { transfer: [detached] })
const throwing = {
  get bad(): never {
    throw new Error('a getter ran')
  },
}
const sparse: unknown[] = [1]
sparse[3] = 4

/** What is seen of a node, level by level. */
function seen({ key, type, preview, children }: ValueNode): unknown {
  const line = `${key === undefined ? '' : `${key}: `}${type} ${preview}`
  return children === undefined ? line : [line, ...children.map(seen)]
}

function previewOf(value: unknown): ValueNode {
  const shown = newShown()
  shown.display.show(CELL, value, 'result')
  return mediaOf(shown)[MEDIA.value] as ValueNode
}

test.each<readonly [string, unknown, unknown]>([
  ['a number', 42, 'number 42'],
  ['minus zero', -0, 'number -0'],
  ['a large number', 12n, 'bigint 12n'],
  ['a huge number', 2n ** 4_000_000n, 'bigint [a bigint of more than 12,000 digits]'],
  ['nothing', null, 'null null'],
  ['a symbol', Symbol('s'), 'symbol Symbol(s)'],
  ['a short text', "it's", "string 'it\\'s'"],
  ['a function', async (a: number, b = 2) => a + b, 'function ƒ anonymous(a, b = 2)'],
  ['a class', Point, 'class class Point'],
  ['a class of its own', new Point(), ['object Point { x: 1 }', 'x: number 1', 'y: getter (…)']],
  ['a date', new Date(0), 'date 1970-01-01T00:00:00.000Z'],
  ['no date', new Date(Number.NaN), 'date Invalid Date'],
  ['a pattern', /a/g, 'regexp /a/g'],
  [
    'a circle',
    circle,
    [
      'object { a: 1, self: [Circular] }',
      'a: number 1',
      ['self: object { a: 1, self: [Circular] }', 'a: number 1', 'self: object { a: 1, self: [Circular] }'],
    ],
  ],
  ['a getter that throws', throwing, ['object { bad: [Getter] }', 'bad: getter (…)']],
  ['holes', sparse, ['array Array(4) [ 1, undefined, undefined, 4 ]', '0: number 1', '1: empty empty', '2: empty empty', '3: number 4']],
  [
    'a map',
    new Map<unknown, unknown>([
      ['k', 1],
      [{}, [2]],
    ]),
    ["map Map(2) { 'k' => 1, [Object] => [Array] }", 'k: number 1', ['Object: array Array(1) [ 2 ]', '0: number 2']],
  ],
  ['a set', new Set(['a']), ["set Set(1) { 'a' }", "0: string 'a'"]],
  ['numbers in bytes', new Uint8Array([1, 2]), ['list Uint8Array(2) Uint8Array [ 1, 2 ]', '0: number 1', '1: number 2']],
  ['bytes', new ArrayBuffer(2), ['bytes ArrayBuffer(2)', '0: number 0', '1: number 0']],
  ['bytes that are gone', detached, 'bytes ArrayBuffer (detached)'],
  ['a weak map', new WeakMap(), 'object WeakMap {}'],
  ['an object without a class', Object.assign(Object.create(null), { a: 1 }), ['object [Object: null prototype] { a: 1 }', 'a: number 1']],
  ['a revoked proxy', revoked.proxy, 'proxy object that cannot be looked at'],
])('[OU2] any value is shown as far as it can be: %s', (_name, value, expected) => {
  expect(seen(previewOf(value))).toEqual(expected)
})

test('[OU3] no getter runs until it is asked for; then its value, or its error, is there', () => {
  const shown = newShown()
  let runs = 0
  shown.display.show(
    CELL,
    {
      get now() {
        return ++runs
      },
      plain: 1,
    },
    'result',
  )
  const node = mediaOf(shown)[MEDIA.value] as ValueNode
  expect(runs).toBe(0)
  const handle = node.children?.[0]?.handle ?? ''
  expect(shown.display.expand(handle, 0, 10).map(seen)).toEqual(['number 1'])
  shown.display.begin(CELL)
  shown.display.show(CELL, throwing, 'result')
  const bad = (mediaOf(shown)[MEDIA.value] as ValueNode).children?.[0]?.handle ?? ''
  expect(shown.display.expand(bad, 0, 10).map(({ preview }) => preview)).toEqual(['Error: a getter ran'])
})

test('[OU4] handles open the value further, part by part, and are gone when the cell begins again', () => {
  const shown = newShown()
  shown.display.show(
    CELL,
    Array.from({ length: 1_000 }, (_, index) => index),
    'result',
  )
  const { handle = '', size, children } = mediaOf(shown)[MEDIA.value] as ValueNode
  expect([size, children?.length]).toEqual([1_000, 100])
  expect(shown.display.expand(handle, 998, 100).map(seen)).toEqual(['998: number 998', '999: number 999'])
  expect(shown.display.expand(handle, 0, 1_000_000)).toHaveLength(100)
  shown.display.begin(CELL)
  expect(() => shown.display.expand(handle, 0, 1)).toThrow('The value is gone: the cell ran again')
})

test.each<readonly [string, unknown, 'display' | 'result', Readonly<Record<string, unknown>>]>([
  ['a displayed text as it is', 'a\tb', 'display', { 'text/plain': 'a\tb' }],
  ['a result of several lines as it is', 'a\nb', 'result', { 'text/plain': 'a\nb' }],
  [
    'HTML, whose template escapes',
    html`<b>${'<i>'}</b>${[html`<u>1</u>`, 2]}`,
    'display',
    { 'text/html': '<b>&lt;i&gt;</b><u>1</u>2', 'text/plain': '&lt;i&gt; 1 2' },
  ],
  ['Markdown', md`# ${'A'}`, 'display', { 'text/markdown': '# A', 'text/plain': '# A' }],
  ['LaTeX', latex('\\frac12'), 'display', { 'text/latex': '\\frac12', 'text/plain': '\\frac12' }],
  [
    'SVG with a label',
    svg('<svg aria-label="A line"><title>t</title></svg>'),
    'display',
    { 'image/svg+xml': '<svg aria-label="A line"><title>t</title></svg>', 'text/plain': 'A line: t' },
  ],
  [
    "a bundle of Jupyter's method",
    { [Symbol.for('Jupyter.display')]: () => ({ 'text/csv': 'a,b', [MEDIA.table]: {}, bad: 1 }) },
    'display',
    { 'text/csv': 'a,b', 'text/plain': '[text/csv]' },
  ],
  [
    'an HTML that is too large, as a sentence',
    html('x'.repeat(MAX_OUTPUT_CHARACTERS + 1)),
    'display',
    { 'text/plain': 'The text/html has 512 KiB; an output has at most 512 KiB.' },
  ],
])('[OU5] marked texts and bundles keep their media, with a text beside them: %s', (_name, value, kind, expected) => {
  const shown = newShown()
  shown.display.show(CELL, value, kind)
  expect(mediaOf(shown)).toEqual(expected)
})

test('[OU6] a state is shown with its result, a failed one with its error', () => {
  const shown = newShown()
  shown.display.show(CELL, Completed({ message: 'well', data: [1] }), 'result')
  expect(mediaOf(shown)).toMatchObject({
    [MEDIA.state]: { type: 'COMPLETED', name: 'Completed', message: 'well', result: { preview: 'Array(1) [ 1 ]' } },
    'text/plain': "Completed('well')",
  })
  shown.display.begin(CELL)
  shown.display.show(CELL, Failed({ error: new TypeError('no') }), 'result')
  expect(mediaOf(shown)).toMatchObject({ [MEDIA.state]: { type: 'FAILED', result: { type: 'error', preview: 'TypeError: no' } } })
})

test('[OU7] an error is an output of its own: name, message, frames and what led to it', () => {
  const shown = newShown({ placesOf: () => ({ stack: ['at f (cell 2:1)'], places: [] }) })
  shown.display.show(CELL, new RangeError('too far', { cause: new Error('a stone') }), 'result')
  expect(shown.outputs()).toEqual([
    {
      kind: 'error',
      name: 'RangeError',
      message: 'too far',
      stack: ['at f (cell 2:1)', 'Caused by Error: a stone', 'at f (cell 2:1)'],
      places: [],
    },
  ])
  expect(shown.display.errorOf({ code: 1 })).toEqual({ kind: 'error', name: 'Thrown', message: '{ code: 1 }', stack: [] })
  expect(shown.display.errorOf(revoked.proxy)).toMatchObject({ kind: 'error', name: 'Thrown' })
})

test('[OU8] a promise is shown as pending, then as what it became; a rejected one says so', async () => {
  const shown = newShown()
  const { promise, resolve } = Promise.withResolvers<unknown>()
  shown.display.show(CELL, promise, 'result')
  expect(mediaOf(shown)).toEqual({ 'text/plain': '… a promise that is not settled yet' })
  resolve(7)
  await shown.advance(1)
  expect(mediaOf(shown)).toMatchObject({ [MEDIA.value]: { preview: '7' } })
  shown.display.begin(CELL)
  shown.display.show(CELL, Promise.reject(new Error('no')), 'result')
  await shown.advance(1)
  expect(mediaOf(shown)['text/plain']).toMatch(/^It was rejected: Error: no/)
})

test('[OU9] a stream of values is shown live, its last value stays, and nothing is shown once the cell has begun again', async () => {
  const shown = newShown()
  async function* count() {
    yield 1
    yield 2
    yield 3
  }
  shown.display.globals.display(count())
  await shown.advance(1)
  expect(mediaOf(shown)).toMatchObject({ [MEDIA.value]: { preview: '3' } })
  const { promise, resolve } = Promise.withResolvers<void>()
  async function* slow() {
    await promise
    yield 'late'
  }
  shown.display.begin(CELL)
  shown.display.globals.display(slow())
  shown.display.begin(CELL)
  resolve()
  await shown.advance(1)
  expect(shown.outputs()).toEqual([])
})

test('[OU10] display shows in its place again, clear takes all away, and what display answers is nothing to show', () => {
  const shown = newShown()
  const { display } = shown.display.globals
  const one = display('a')
  display('b')
  one.update('c')
  shown.display.show(CELL, one, 'result')
  expect(shown.outputs().map((output) => ('data' in output ? output.data['text/plain'] : ''))).toEqual(['c', 'b'])
  display.clear()
  expect(shown.outputs()).toEqual([])
  shown.display.show(CELL, undefined, 'result')
  expect(shown.outputs()).toEqual([])
})

test('[OU11] for any value: showing it never throws, what is shown is an output of the protocol, JSON, and of bounded size', () => {
  const odd = fc.oneof(
    fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withSparseArray: true,
      withNullPrototype: true,
      withBoxedValues: true,
    }),
    fc.constantFrom<unknown>(
      circle,
      throwing,
      new WeakSet(),
      Symbol.iterator,
      class {},
      () => 1,
      new Proxy([], {
        get: () => {
          throw new Error('no')
        },
      }),
    ),
    fc.string({ maxLength: 3 }).map((text) => text.repeat(400_000)),
    fc.integer({ min: 1, max: 20_000 }).map((length) => Array.from({ length }, (_, index) => ({ index, text: 'x'.repeat(50) }))),
    fc.integer({ min: 1, max: 20_000 }).map((depth) => {
      let deep: unknown = 1
      for (let level = 0; level < depth; level++) deep = [deep]
      return deep
    }),
  )
  fc.assert(
    fc.property(
      fc.oneof(odd, fc.array(odd, { maxLength: 5 }), fc.dictionary(fc.string(), odd, { maxKeys: 5 })),
      fc.constantFrom('display', 'result'),
      (value, kind) => {
        const shown = newShown()
        shown.display.show(CELL, value, kind)
        for (const output of shown.outputs()) {
          const text = JSON.stringify(output)
          expect(text.length).toBeLessThan(2 * MAX_OUTPUT_CHARACTERS)
          expect(JSON.stringify(CellOutput.parse(JSON.parse(text)))).toBe(text)
          if ('data' in output) expect(typeof output.data['text/plain']).toBe('string')
        }
        shown.display.describe('x', value)
        isSame(value, value)
      },
    ),
    { numRuns: 150 },
  )
})

test('[OU12] names are described in a word and a line', () => {
  const { flow, task } = createEngine({
    newContext: () => ({ run: (_value: unknown, body: () => unknown) => body(), current: () => undefined }),
    capturePrints: () => undefined,
    callSite: () => undefined,
    settings: () => ({}),
  } as never)
  const { display } = newShown()
  const described = (value: unknown) => {
    const { kind, preview } = display.describe('x', value)
    return `${kind} | ${preview}`
  }
  expect(
    [flow(function one() {}), task(function two() {}), [1, 2], new Map(), 'text', null, new Point(), Point, md('a')].map(described),
  ).toEqual([
    'flow | ƒ one()',
    'task | ƒ two()',
    'Array(2) | Array(2) [ 1, 2 ]',
    'Map(0) | Map(0) {}',
    "string | 'text'",
    'null | null',
    'Point | Point { x: 1 }',
    'class | class Point',
    "text/markdown | MarkedText { media: 'text/markdown', text: 'a' }",
  ])
})

test.each<readonly [string, unknown, unknown, boolean]>([
  ['equal data', { a: [1, new Date(0), new Map([['k', new Set([1])]])] }, { a: [1, new Date(0), new Map([['k', new Set([1])]])] }, true],
  ['one number', { a: 1 }, { a: 2 }, false],
  ['the order of names', { a: 1, b: 2 }, { b: 2, a: 1 }, false],
  ['a text', 'a', 'a', true],
  ['no number', Number.NaN, Number.NaN, true],
  ['the very same object: it may have been changed', circle, circle, false],
  ['objects of a class', new Point(), new Point(), false],
  ['functions', () => 1, () => 1, false],
  ['more than can be compared', Array.from({ length: 200_000 }, () => 1), Array.from({ length: 200_000 }, () => 1), false],
])('[OU13] values are the same when nobody could tell them apart: %s', (_name, before, after, expected) => {
  expect(isSame(before, after)).toBe(expected)
})

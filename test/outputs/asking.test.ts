import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newNodeDisplay, giveToNotebook } from '#sdk/hosts/node-display.ts'
import { MEDIA } from '#sdk/protocol/media-types.ts'
import { cellTest, orderRows, pageOf, type Rows } from '../../web/kernel/display/table-query.ts'
import type { TableCell, TableOutput } from '../../web/kernel/media.ts'
import { tableText } from '../../web/notebook/outputs/table-text.ts'
import { paceOf } from '../../web/notebook/outputs/pace.ts'
import { CELL, mediaOf, newShown } from './fake-host.ts'

const now = () => 0
const rowsOf = (rows: readonly (readonly TableCell[])[]): Rows => ({
  count: rows.length,
  columns: rows[0]?.length ?? 0,
  cell: (row, column) => rows[row]?.[column] ?? null,
})

describe('tables', () => {
  const tableOf = (value: unknown): TableOutput | undefined => {
    const shown = newShown()
    shown.display.show(CELL, value, 'result')
    return mediaOf(shown)[MEDIA.table] as TableOutput | undefined
  }

  test('[OU22] flat objects, and lists of one length, are a table with types and counts of what is empty', () => {
    expect(
      tableOf([
        { a: 1, b: 'x', c: new Date(0) },
        { a: null, b: 2, d: true },
      ]),
    ).toEqual({
      columns: [
        { name: 'a', type: 'number', nulls: 1 },
        { name: 'b', type: 'mixed', nulls: 0 },
        { name: 'c', type: 'date', nulls: 1 },
        { name: 'd', type: 'boolean', nulls: 1 },
      ],
      rows: [
        [1, 'x', '1970-01-01T00:00:00.000Z', null],
        [null, 2, null, true],
      ],
      total: 2,
    })
    expect(
      tableOf([
        [1, 'a'],
        [2n, Number.NaN],
      ])?.rows,
    ).toEqual([
      [1, 'a'],
      ['2', 'NaN'],
    ])
  })

  test.each<readonly [string, unknown]>([
    ['an empty list', []],
    ['objects of classes', [new URL('https://x.test')]],
    ['objects that hold more than they say', [{ a: {}, b: [] }]],
    [
      'objects with a getter',
      [
        {
          get a() {
            return 1
          },
        },
      ],
    ],
    ['rows of two lengths', [[1, 2], [1]]],
    ['one row alone', [[1, 2]]],
    ['texts', ['a', 'b']],
  ])('[OU23] what is no table is a value: %s', (_name, value) => {
    expect(tableOf(value)).toBeUndefined()
  })

  test('[OU24] a table keeps the rows that it was shown with, whatever the cell does to its list; rows behind the sample may be anything', () => {
    const shown = newShown()
    const list: unknown[] = Array.from({ length: 300 }, (_, i) => ({ i }))
    list[299] = null
    shown.display.show(CELL, list, 'result')
    const { handle = '' } = mediaOf(shown)[MEDIA.table] as TableOutput
    list.length = 0
    expect(shown.display.table(handle, { from: 298, count: 10 })).toEqual({ rows: [[298], [null]], total: 300 })
  })

  test.each<readonly [string, TableCell, boolean]>([
    ['abc', 'xABCy', true],
    ['= abc', 'abc', true],
    ['= abc', 'abcd', false],
    ['!= x', null, true],
    ['> 5', 6, true],
    ['> 5', '6', true],
    ['<= 5', 5, true],
    ['< 5', null, false],
    ['>= 2026-01-01', '2026-01-01T00:00:00Z', true],
    ['=', null, true],
  ])('[OU25] a filter says what it looks for: %s of %s is %s', (text, value, expected) => {
    expect(cellTest(text)(value)).toBe(expected)
  })

  test('[OU26] for any rows: sorting keeps every row, is in order, has empty ones last, and leaves equal ones as they were', () => {
    const content = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constant(null), fc.constantFrom('a', 'b10', 'b9'), fc.boolean())
    fc.assert(
      fc.property(fc.array(content, { maxLength: 30 }), fc.boolean(), (cells, isDescending) => {
        const rows = rowsOf(cells.map((one) => [one]))
        const order = [...(orderRows(rows, { from: 0, count: 0, sort: { column: 0, isDescending } }, now) ?? [])]
        expect(order.toSorted((left, right) => left - right)).toEqual(cells.map((_, index) => index))
        const found = order.map((row) => cells[row] ?? null)
        const firstEmpty = found.indexOf(null)
        if (firstEmpty >= 0) expect(found.slice(firstEmpty).every((one) => one === null)).toBe(true)
        const numbers = found.filter((one) => typeof one === 'number')
        expect(numbers).toEqual(numbers.toSorted((left, right) => (isDescending ? right - left : left - right)))
        for (const [at, row] of order.entries()) {
          const next = order[at + 1]
          if (next !== undefined && cells[row] === cells[next]) expect(row).toBeLessThan(next)
        }
      }),
    )
  })

  test('[OU27] a question that takes too long is given up with a sentence', () => {
    let time = 0
    const rows: Rows = { count: 10_000_000, columns: 1, cell: () => 'x' }
    expect(() => orderRows(rows, { from: 0, count: 0, search: 'y' }, () => (time += 500))).toThrow('The table did not answer within 2 s')
  })

  test('[OU28] a page is at most 500 rows, and none outside of the table', () => {
    const rows = rowsOf(Array.from({ length: 1_000 }, (_, i) => [i]))
    expect(pageOf(rows, undefined, { from: 0, count: 1e9 }).rows).toHaveLength(500)
    expect(pageOf(rows, undefined, { from: -5, count: 2 }).rows).toEqual([[0], [1]])
    expect(pageOf(rows, undefined, { from: 5_000, count: 2 })).toEqual({ rows: [], total: 1_000 })
  })

  test('[OU29] rows as CSV keep quotes and lines, as TSV they stay in their columns', () => {
    const columns = [{ name: 'a,b', type: 'text', nulls: 0 } as const, { name: 'n', type: 'number', nulls: 0 } as const]
    const rows = [
      ['x "y"\n', 1],
      [null, 2],
    ] as const
    expect(tableText('csv', columns, rows)).toBe('"a,b",n\r\n"x ""y""\n",1\r\n,2')
    expect(tableText('tsv', columns, rows)).toBe('a,b\tn\nx "y" \t1\n\t2')
    expect(JSON.parse(tableText('json', columns, rows))).toEqual([
      { 'a,b': 'x "y"\n', n: 1 },
      { 'a,b': null, n: 2 },
    ])
  })
})

describe('inputs', () => {
  test('[OU50] an input keeps what a person has set when its cell runs again, until its code gives it another first value or other bounds', () => {
    const shown = newShown()
    const { input } = shown.display.globals
    const run = (max: number, value?: number): number => {
      shown.display.begin(CELL)
      return input.slider({ label: 'Days', max, ...(value !== undefined && { value }) })
    }
    expect(run(30)).toBe(0)
    shown.display.setInput(`${CELL}.1`, 20)
    expect([run(30), run(10), run(30)]).toEqual([20, 0, 0])
    shown.display.setInput(`${CELL}.1`, 20)
    expect(run(30, 5)).toBe(5)
    expect(shown.changes).toEqual([`${CELL} ${CELL}.1 false`, `${CELL} ${CELL}.1 false`])
    expect(mediaOf(shown)).toEqual({
      [MEDIA.input]: { id: `${CELL}.1`, min: 0, max: 30, step: 1, label: 'Days', type: 'slider', value: 5 },
      'text/plain': 'input Days',
    })
  })

  test('[OU51] a page can set an input to values of its own only; the same value again changes nothing', () => {
    const shown = newShown()
    const { input } = shown.display.globals
    input.slider({ max: 10 })
    input.select({ options: ['a', 'b'], multiple: true })
    input.date({ min: '2026-01-01' })
    input.form({ n: { type: 'number', max: 3 } })
    const refused = ([id, value]: readonly [number, unknown]): string => {
      try {
        shown.display.setInput(`${CELL}.${id}`, value)
        return 'taken'
      } catch (error) {
        return error instanceof Error ? error.message : ''
      }
    }
    const given = [
      [1, 11],
      [1, '5'],
      [1, 0],
      [2, ['c']],
      [2, ['b']],
      [3, '2025-12-31'],
      [3, '2026-02-30'],
      [4, { n: 4 }],
      [4, { n: 1, more: 2 }],
      [4, { n: 2 }],
      [9, 1],
    ] as const
    expect(given.map(refused)).toEqual([
      'The input does not take 11: it is above 10.',
      "The input does not take '5': it is no number.",
      'taken',
      "The input does not take [ 'c' ]: it is none of the options.",
      'taken',
      "The input does not take '2025-12-31': it is before 2026-01-01.",
      "The input does not take '2026-02-30': it is no day as YYYY-MM-DD.",
      'The input does not take { n: 4 }: it has a field n that is above 3.',
      'The input does not take { n: 1, more: 2 }: it has other fields.',
      'taken',
      'The input is gone: run its cell again.',
    ])
    expect(shown.changes).toHaveLength(2)
  })

  test.each<readonly [string, () => unknown, string]>([
    ['bounds', () => newShown().display.globals.input.slider({ min: 5, max: 1 }), 'input.slider: min 5 is above max 1.'],
    ['a first value', () => newShown().display.globals.input.number({ max: 1, value: 2 }), 'input.number: value is above 1.'],
    [
      'no options',
      () => newShown().display.globals.input.select({ options: [] }),
      'input.select: options: expected a list of one text or more.',
    ],
    [
      'an unknown option',
      () => newShown().display.globals.input.text({ lable: 'x' } as never),
      'input.text: there is no option lable. There are: value, placeholder, multiline, label, runOnChange.',
    ],
    [
      'a form without fields',
      () => newShown().display.globals.input.form({}),
      "input.form: expected an object with a field or more, such as { name: { type: 'text' } }.",
    ],
    [
      'a field of no type',
      () => newShown().display.globals.input.form({ a: { type: 'file' } as never }),
      'input.form: a: type: expected one of slider, text, number, select, checkbox, date.',
    ],
    [
      'progress of nothing',
      () => newShown().display.globals.progress(null as never),
      'progress: expected a number, a list or something else to go through.',
    ],
  ])('[OU52] options that cannot be used are refused with the field and the rule: %s', (_name, make, sentence) => {
    expect(make).toThrow(sentence)
  })
})

describe('progress', () => {
  test('[OU53] a list is passed through and counted; its steps are drawn a few times a second, the last one always', async () => {
    const shown = newShown()
    const seen: unknown[] = []
    for (const item of shown.display.globals.progress(['a', 'b', 'c'], { label: 'Pages' })) seen.push(item)
    expect(seen).toEqual(['a', 'b', 'c'])
    expect(mediaOf(shown)).toEqual({
      [MEDIA.progress]: { label: 'Pages', value: 3, total: 3, startedAt: 1_000, updatedAt: 1_000, isDone: true },
      'text/plain': 'Pages 3 of 3',
    })
    shown.display.begin(CELL)
    const bar = shown.display.globals.progress(10)
    bar.step()
    bar.step(3)
    expect(mediaOf(shown)['text/plain']).toBe('0 of 10')
    await shown.advance(50)
    expect(mediaOf(shown)['text/plain']).toBe('4 of 10')
  })

  test('[OU54] a reader that stops early, and a stream that fails, end the progress where it is', async () => {
    const shown = newShown()
    const { progress } = shown.display.globals
    async function* failing() {
      yield 1
      throw new Error('no')
    }
    for (const item of progress([1, 2, 3])) if (item === 2) break
    const loop = async () => {
      for await (const item of progress(failing(), { total: 5 })) expect(item).toBe(1)
    }
    await expect(loop()).rejects.toThrow('no')
    expect(shown.outputs().map((output) => ('data' in output ? output.data[MEDIA.progress] : {}))).toMatchObject([
      { value: 1, total: 3, isDone: true },
      { value: 1, total: 5, isDone: true },
    ])
  })

  test('[OU55] pace and what is left are said when there is something to say', () => {
    const progress = { label: '', total: 100, startedAt: 0, isDone: false }
    expect(paceOf({ ...progress, value: 25, updatedAt: 5_000 })).toEqual({ rate: 5, left: 15 })
    expect(paceOf({ ...progress, value: 25, total: null, updatedAt: 5_000 })).toEqual({ rate: 5 })
    expect(paceOf({ ...progress, value: 0, updatedAt: 5_000 })).toEqual({})
  })
})

describe('in Node', () => {
  test('[OU56] display prints, inputs have their first values, progress passes through, and a notebook finds them without importing', () => {
    const written: string[] = []
    const face = newNodeDisplay({ write: (text: string) => written.push(text) })
    face.display({ a: 1 }).update('b')
    face.display(face.md`# ${1}`)
    const { input } = face
    const list = [1, 2]
    expect(written).toEqual(['{ a: 1 }\n', 'b\n', '# 1\n'])
    expect([
      input.slider({ min: 3 }),
      input.text(),
      input.number(),
      input.select({ options: ['a'] }),
      input.checkbox(),
      input.date(),
      input.file(),
      input.form({ n: { type: 'slider' } }),
    ]).toEqual([3, '', null, 'a', false, null, null, { n: 0 }])
    expect(face.progress(list)).toBe(list)
    giveToNotebook(face, '/x/script.ts')
    expect('display' in globalThis).toBe(false)
    giveToNotebook(face, '/x/welcome.nb.ts')
    expect(
      ['display', 'input', 'progress', 'html', 'md'].map((name) => [
        Reflect.get(globalThis, name) === Reflect.get(face, name),
        Reflect.deleteProperty(globalThis, name),
      ]),
    ).toEqual(Array.from({ length: 5 }, () => [true, true]))
  })
})

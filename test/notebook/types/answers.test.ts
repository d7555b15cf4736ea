/** Completion, hover, signatures, definitions, references and names that change. */
import { describe, expect, test } from 'vitest'
import { Typed } from './cells.ts'

const ROWS =
  "/** All of it. */\nconst rows = [{ id: 1, name: 'x' }]\n/**\n * Adds.\n * @param xs What to add.\n */\nfunction sum(xs: readonly number[], from = 0) { return xs.reduce((a, b) => a + b, from) }"

describe('completion', () => {
  test('[TY25] offers names of all cells, also of those that the cell does not mention yet', () => {
    const typed = new Typed({ a: ROWS, b: 'const other = 1', c: 'r' })
    const labels = typed.labels('c')
    expect(['rows', 'sum', 'other', 'display', 'Promise', 'await'].filter((name) => !labels.includes(name))).toEqual([])
    expect(typed.ask('completion', 'c', { at: 1 })).toMatchObject({ from: 0, to: 1 })
  })

  test('[TY26] members of what another cell computed, and nothing else', () => {
    const typed = new Typed({ a: ROWS, b: 'rows[0].' })
    expect(typed.ask('completion', 'b', { at: 8 })).toEqual({
      from: 8,
      to: 8,
      items: [
        { label: 'id', kind: 'property', boost: 4 },
        { label: 'name', kind: 'property', boost: 4 },
      ],
    })
  })

  test('[TY27] a name that may be absent is completed with ?.', () => {
    const typed = new Typed({ a: 'const maybe: { deep: number } | undefined = Math.random() > 0.5 ? { deep: 1 } : undefined', b: 'maybe.' })
    expect(typed.ask('completion', 'b', { at: 6 })?.items).toEqual([
      { label: 'deep', kind: 'property', boost: 4, insert: '?.deep', from: 5 },
    ])
  })

  test('[TY28] an import says what it may name', () => {
    const typed = new Typed({ a: "import { flow } from 'f" })
    expect(typed.ask('completion', 'a', { at: 23 })).toMatchObject({ from: 22, to: 23 })
    expect(typed.labels('a', 23)).toEqual(['flowcell', 'zod', '@observablehq/plot', 'linkedom', 'node:fs/promises', 'npm:'])
  })

  test('[TY29] exports of flowcell are those that are public', () => {
    const typed = new Typed({ a: "import {  } from 'flowcell'" })
    const labels = typed.labels('a', 9)
    expect(labels).toContain('flow')
    expect(labels.filter((label) => ['AnyFunction', 'Called', '$brand', 'MinimalSignal'].includes(label))).toEqual([])
  })

  test('[TY30] details have code, prose and tags as plain text', () => {
    const typed = new Typed({ a: ROWS, b: 'su' })
    typed.labels('b')
    expect(typed.ask('resolve', 'b', { at: 2, label: 'sum' })).toEqual({
      code: 'function sum(xs: readonly number[], from?: number): number',
      text: 'Adds.',
      tags: [{ name: 'param', text: 'xs What to add.' }],
    })
  })
})

describe('hover and signatures', () => {
  test('[TY31] a name of another cell says what it is and where it comes from', () => {
    const typed = new Typed({ a: ROWS, b: 'const first = rows[0]' })
    expect(typed.ask('hover', 'b', { at: 15 })).toEqual({
      from: 14,
      to: 18,
      code: 'const rows: {\n    id: number;\n    name: string;\n}[]',
      text: 'All of it.',
      tags: [],
      cell: 'a',
    })
    expect(typed.ask('hover', 'b', { at: 13 })).toBe(null)
  })

  test('[TY51] a comment that opens a cell is of what it stands before, also where the cell uses others', () => {
    const typed = new Typed({ a: 'const base = 1', b: '/** Above all. */\nconst next = base + 1' })
    expect(typed.ask('hover', 'b', { at: typed.at('b', 'next') })).toMatchObject({ code: 'const next: number', text: 'Above all.' })
  })

  test('[TY32] the signature of a call shows its parameters and which of them is next', () => {
    const typed = new Typed({ a: ROWS, b: 'sum([1], ' })
    expect(typed.ask('signature', 'b', { at: 9 })).toEqual({
      signatures: [
        {
          before: 'sum(',
          parameters: [
            { label: 'xs: readonly number[]', text: 'What to add.' },
            { label: 'from?: number', text: '' },
          ],
          separator: ', ',
          after: '): number',
          text: 'Adds.',
        },
      ],
      activeSignature: 0,
      activeParameter: 1,
      from: 4,
    })
  })
})

describe('from name to name', () => {
  test('[TY33] the definition is found in another cell; that of the platform is nowhere to go', () => {
    const typed = new Typed({ a: ROWS, b: 'sum([rows.length])\nfetch' })
    expect([typed.definitions('b', 'sum'), typed.definitions('b', 'rows'), typed.definitions('b', 'fetch')]).toEqual([
      ['a: sum'],
      ['a: rows'],
      [],
    ])
  })

  test('[TY34] references stand in the order of the notebook, with their lines', () => {
    const typed = new Typed({ a: ROWS, b: 'rows.length', c: '// first\nconst twice = [...rows, ...rows]' })
    expect(typed.ask('references', 'b', { at: 0 }).map(({ cell, line, text, isDefinition }) => [cell, line, text, isDefinition])).toEqual([
      ['a', 2, "const rows = [{ id: 1, name: 'x' }]", true],
      ['b', 1, 'rows.length', false],
      ['c', 2, 'const twice = [...rows, ...rows]', false],
      ['c', 2, 'const twice = [...rows, ...rows]', false],
    ])
  })

  test('[TY35] a name changes in every cell, from wherever it is asked, and only there', () => {
    const typed = new Typed({
      a: 'export const rows = [1]\nconst size = rows.length',
      b: "const text = 'rows' // rows\nconst row = { rows, other: rows }\nfunction f(rows: string) { return rows }",
      c: 'const { rows: mine } = row\nmine[0]',
    })
    const renamed = {
      a: 'export const lines = [1]\nconst size = lines.length',
      b: "const text = 'rows' // rows\nconst row = { rows: lines, other: lines }\nfunction f(rows: string) { return rows }",
    }
    expect(typed.renamed('a', 'rows = ', 'lines')).toEqual(renamed)
    expect(typed.renamed('b', 'rows }\n', 'lines')).toEqual(renamed)
  })

  test('[TY36] a property changes where it is written short, and the variable stays', () => {
    const typed = new Typed({
      a: 'interface Row { id: number }\nconst id = 1\nconst row: Row = { id }',
      b: 'const { id: mine } = row\nrow.id',
    })
    expect(typed.renamed('b', 'id', 'key')).toEqual({
      a: 'interface Row { key: number }\nconst id = 1\nconst row: Row = { key: id }',
      b: 'const { key: mine } = row\nrow.key',
    })
  })

  test('[TY37] types and classes change their names across cells', () => {
    const typed = new Typed({ a: 'interface Row { id: number }\nclass Box {}', b: 'const row: Row = { id: 1 }\nnew Box()' })
    expect(typed.renamed('b', 'Row', 'Line')).toEqual({
      a: 'interface Line { id: number }\nclass Box {}',
      b: 'const row: Line = { id: 1 }\nnew Box()',
    })
  })

  test.each([
    ['rows', 'sum', '`sum` is defined in Cell a already: a name has one cell.'],
    ['rows', 'class', '`class` is a word of the language.'],
    ['rows', '1x', '`1x` is no name: letters, digits, `_` and `$`, no digit first.'],
    ['rows', 'a b', '`a b` is no name: letters, digits, `_` and `$`, no digit first.'],
    ['rows', '_rows', 'Names that begin with `_` stay in their cell, and other cells use `rows`.'],
    ['rows', '$$x', "Names that begin with `$$` are Flowcell's own."],
    ['flow', 'stream', '`flow` is not defined in this notebook.'],
    ['fetch', 'get', 'There is no name here that can be changed.'],
    ['true', 'yes', 'There is no name here that can be changed.'],
  ])('[TY38] %s to %s is refused with its reason', (from, to, reason) => {
    const typed = new Typed({ a: ROWS, b: "import { flow } from 'flowcell'\nrows\nfetch\ntrue\nflow" })
    expect(typed.renamed('b', from, to)).toBe(reason)
  })

  test('[TY39] a cell that is gone has no answers, and no fault', () => {
    const typed = new Typed({ a: 'const n = 1' }).set({ a: null })
    expect([typed.ask('completion', 'a', { at: 3 }), typed.ask('diagnostics', 'a', {}), typed.ask('hover', 'a', { at: 99 })]).toEqual([
      null,
      [],
      null,
    ])
  })
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { validateNotebook } from '#sdk/notebook/validate.ts'
import { parseNotebook, printNotebook } from '#sdk/notebook/nb-ts.ts'
import { MAX_CELL_BYTES, MAX_CELLS } from '#sdk/protocol/limits.ts'
import { cell, chance, documents, notebook } from './documents.ts'

function read(text: string) {
  const answer = parseNotebook(text, chance())
  if (!answer.ok) throw new Error(answer.sentence)
  return answer
}
/** Cells as `type: source`, notices as `line code`. */
function brief(text: string) {
  const { notebook, notices } = read(text)
  return {
    header: notebook.header,
    cells: notebook.cells.map(({ type, source, attributes }) => [type, source, attributes]),
    notices: notices.map(({ line, code }) => `${line} ${code}`),
  }
}

const DEMO = `// ---
// nb: 1
// title: Daily ETL
// env: { node: ">=22", imports: { zod: "npm:zod@4" } }
// ---

// %% [md] id=k3f9
// # Daily ETL
//
// Pulls **rows**. $e = mc^2$

// %% id=p7qa title="Load" runs=edge
interface Row { id: number }

export const load = flow(async function load(day: string) { return day })

// %% id=zz81 runs=agent hidden
const rows = await load('2026-11-21')
`

test('[NB1] a file reads as its header and its cells, and prints as it was', () => {
  expect(read(DEMO)).toEqual({
    ok: true,
    notebook: {
      header: { nb: '1', title: 'Daily ETL', env: '{ node: ">=22", imports: { zod: "npm:zod@4" } }' },
      cells: [
        cell('k3f9', '# Daily ETL\n\nPulls **rows**. $e = mc^2$', {}, 'md'),
        cell('p7qa', 'interface Row { id: number }\n\nexport const load = flow(async function load(day: string) { return day })', {
          title: 'Load',
          runs: 'edge',
        }),
        cell('zz81', "const rows = await load('2026-11-21')", { runs: 'agent', hidden: true }),
      ],
      bin: [],
    },
    notices: [],
  })
  expect(printNotebook(read(DEMO).notebook)).toBe(DEMO)
})

test('[NB2] what was printed reads as the same notebook, without a word, and prints the same again', () => {
  fc.assert(
    fc.property(documents, (document) => {
      const text = printNotebook(document)
      const answer = parseNotebook(text, chance())
      expect(answer).toEqual({ ok: true, notebook: document, notices: [] })
      if (answer.ok) {
        expect(answer.notebook.cells.map(({ attributes }) => Object.keys(attributes))).toEqual(
          document.cells.map(({ attributes }) => Object.keys(attributes)),
        )
        expect(printNotebook(answer.notebook)).toBe(text)
      }
    }),
    { numRuns: 2_000 },
  )
})

test('[NB3] any text reads as a notebook that is well formed, prints, and reads the same again', () => {
  const pieces = [
    '// %%',
    ' [md]',
    ' id=a1',
    ' title="',
    '"',
    '// ---',
    '\n',
    '\r\n',
    '// ',
    'nb: 1',
    'zq7',
    ' ',
    '=',
    '// \\%%',
    '\u2028',
    '😀',
  ]
  const text = fc.oneof(
    fc.array(fc.constantFrom(...pieces), { maxLength: 30 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary' }),
  )
  fc.assert(
    fc.property(text, (any) => {
      const answer = parseNotebook(any, chance())
      expect(answer.ok).toBe(!any.includes('\0'))
      if (!answer.ok) return
      expect(validateNotebook(answer.notebook)).toEqual([])
      const printed = printNotebook(answer.notebook)
      const again = parseNotebook(printed, chance())
      expect(again).toMatchObject({ ok: true, notebook: answer.notebook })
      expect(again.ok && printNotebook(again.notebook)).toBe(printed)
      // Nothing is lost: the words of the file stand in the printed text, or as what is no id in a notice.
      const told = printed + JSON.stringify(answer.notices)
      expect(told.split('zq7').length).toBeGreaterThanOrEqual(any.split('zq7').length)
    }),
    { numRuns: 2_000 },
  )
})

test('[NB4] a line that looks like a marker is escaped, in every kind of cell', () => {
  const tricky = notebook(cell('aaaa', '// %% no\n// \\%% no\n//%% x\n// %%x'), cell('bbbb', '%% no\n\\%%\n%%x', {}, 'md'))
  const text = printNotebook(tricky)
  expect(text.split('\n').slice(4)).toEqual([
    '// %% id=aaaa',
    '// \\%% no',
    '// \\\\%% no',
    '//%% x',
    '// %%x',
    '',
    '// %% [md] id=bbbb',
    '// \\%% no',
    '// \\\\%%',
    '// %%x',
    '',
  ])
  expect(read(text)).toEqual({ ok: true, notebook: tricky, notices: [] })
})

test('[NB5] no text of a cell of Markdown, of a header or of a marker can become code of the module', () => {
  const separators = 'a\u2028process.exit()\u2029b &#x2028;'
  const document = {
    ...notebook(cell('aaaa', separators, { title: separators, note: separators }, 'md')),
    header: { nb: '1', title: separators },
  }
  const text = printNotebook(document)
  expect(text).not.toMatch(/[\u2028\u2029]/)
  expect(text.split('\n').filter((line) => line !== '' && !line.startsWith('//'))).toEqual([])
  expect(read(text)).toEqual({ ok: true, notebook: document, notices: [] })
})

test('[NB6] a byte order mark, CRLF, a missing last newline and blank lines at the end of cells are no part of a notebook', () => {
  const bare = `\uFEFF${DEMO.replaceAll('\n', '\r\n').trimEnd()}`.replace('// %% id=zz81', '\r\n  \r\n\r\n// %% id=zz81')
  expect(read(bare)).toEqual(read(DEMO))
})

test('[NB7] a missing, doubled or broken id is replaced by a new one, and its line says so', () => {
  const { notebook: found, notices } = read(
    '// ---\n// nb: 1\n// ---\n// %%\na\n// %% id=k3f9\nb\n// %% id=k3f9\nc\n// %% id=a!b\nd\n// %% id\ne\n',
  )
  expect(found.cells.map(({ source }) => source)).toEqual(['a', 'b', 'c', 'd', 'e'])
  expect(new Set(found.cells.map(({ id }) => id)).size).toBe(5)
  expect(found.cells[1]?.id).toBe('k3f9')
  const [a, , c, d, e] = found.cells.map(({ id }) => id)
  expect(notices).toEqual([
    { code: 'no_id', line: 4, sentence: `The cell has no id; it got ${a}.` },
    { code: 'duplicate_id', line: 8, sentence: `An earlier cell has the id k3f9 too; this one got ${c}.` },
    { code: 'bad_id', line: 10, sentence: `"a!b" is no id of a cell; it got ${d}.` },
    { code: 'bad_id', line: 12, sentence: `true is no id of a cell; it got ${e}.` },
  ])
})

test('[NB8] text before the first marker is a cell, and so is a file without any marker', () => {
  expect(brief("\n#!/usr/bin/env node\nimport 'x'\n\n// %% id=aaaa\ny")).toEqual({
    header: { nb: '1' },
    cells: [
      ['ts', "#!/usr/bin/env node\nimport 'x'", {}],
      ['ts', 'y', {}],
    ],
    notices: ['1 no_header', '2 text_before'],
  })
  expect(brief('hello\nworld')).toEqual({
    header: { nb: '1' },
    cells: [['ts', 'hello\nworld', {}]],
    notices: ['1 no_header', '1 not_a_notebook'],
  })
  expect(brief('')).toEqual({ header: { nb: '1' }, cells: [], notices: ['1 no_header', '1 no_cells'] })
})

test.each([
  [
    'without an end',
    '// ---\n// nb: 1\n// title: T\n// words\n// %% id=aaaa\nx',
    { nb: '1', title: 'T' },
    ['// words'],
    ['1 header_open', '4 text_before'],
  ],
  ['that ends in code', '// ---\n// nb: 1\nx = 1', { nb: '1' }, ['x = 1'], ['1 header_open', '3 text_before']],
  ['of another version', '// ---\n// nb: 7\n// ---\n// %% id=aaaa', { nb: '7' }, [], ['1 other_version']],
  ['without a version', '// ---\n// title: T\n// ---\n// %% id=aaaa', { nb: '1', title: 'T' }, [], ['1 no_version']],
  ['with a key twice', '// ---\n// nb: 1\n// a: 1\n// a: 2\n// ---', { nb: '1', a: '1' }, ['// a: 2'], ['4 header_line', '4 text_before']],
  ['with a line of no entry', '// ---\n// hm\n// nb: 1\n// ---', { nb: '1' }, ['// hm'], ['2 header_line', '2 text_before']],
  ['with values of many lines', '// ---\n// nb: 1\n// a:\n//   - b\n//\n// ---\n// %% id=aaaa', { nb: '1', a: '\n  - b\n' }, [], []],
])('[NB9] a broken header keeps every line: one %s', (_, text, header, before, notices) => {
  const found = brief(text)
  expect({ ...found, cells: found.cells.map(([, source]) => source).filter((source) => source !== '' && source !== 'x') }).toEqual({
    header,
    cells: before,
    notices,
  })
})

test.each([
  ['// %% Load & score', { title: 'Load & score' }, '', []],
  ['// %% id=aaaa hidden Load, score', { hidden: true, title: 'Load, score' }, '', []],
  ['// %% title="A" title="B"', { title: 'A' }, '// title="B"', ['marker_words']],
  ['// %% title="open runs=edge', { runs: 'edge' }, '// title="open', ['marker_words']],
  ['// %% x="\\q" __proto__=1', {}, '// x="\\q" __proto__=1', ['marker_words']],
  ['// %% runs=moon fast', { runs: 'moon', fast: true }, '', []],
])('[NB10] a marker that is not understood keeps every word: %s', (marker, attributes, source, codes) => {
  const { notebook: found, notices } = read(`// ---\n// nb: 1\n// ---\n${marker}`)
  expect(found.cells.map((one) => [one.attributes, one.source])).toEqual([[attributes, source]])
  expect(notices.map(({ code }) => code).filter((code) => code !== 'no_id')).toEqual(codes)
})

test('[NB11] code below a cell of text is a cell of its own; kinds that nobody knows are kept', () => {
  const text =
    '// ---\n// nb: 1\n// ---\n// %% [markdown] id=aaaa\n// # T\n\nconst x = 1\n// y\n\n// %% [sql] id=bbbb dialect=x\n// select 1'
  expect(brief(text)).toEqual({
    header: { nb: '1' },
    cells: [
      ['md', '# T', {}],
      ['ts', 'const x = 1\n// y', {}],
      ['sql', 'select 1', { dialect: 'x' }],
    ],
    notices: ['7 code_below_text'],
  })
})

test('[NB12] what is no text or beyond a limit is refused with a sentence', () => {
  expect(parseNotebook('\0\u0001', chance())).toEqual({
    ok: false,
    code: 'not_text',
    sentence: 'The file is no text, so it is no notebook.',
  })
  expect(parseNotebook(`// %% id=a\nx\n// %% id=b\n${'x'.repeat(MAX_CELL_BYTES + 1)}`, chance())).toEqual({
    ok: false,
    code: 'too_large',
    sentence: 'The text of a cell has at most 256 KiB.',
    line: 3,
  })
  expect(parseNotebook('// %%\n'.repeat(MAX_CELLS + 1), chance())).toEqual({
    ok: false,
    code: 'too_large',
    sentence: 'A notebook has at most 2000 cells.',
  })
  const large = `// %%\n${'é'.repeat(MAX_CELL_BYTES / 2)}\n`
  expect(parseNotebook(large.repeat(9), chance())).toEqual({
    ok: false,
    code: 'too_large',
    sentence: 'The cells of a notebook have at most 2 MiB of text.',
  })
})

/** Notebooks out of the lines that break formats. */
import fc from 'fast-check'
import { isCellId, withoutBlankEnd } from '#sdk/notebook/document.ts'
import type { Random } from '#sdk/protocol/mint.ts'
import type { AttributeValue, Cell, CellAttributes, CellId, Notebook } from '#sdk/protocol/notebook.ts'
import { HEADER_ENTRY } from '#sdk/protocol/notebook-rules.ts'

export function id(text: string): CellId {
  if (!isCellId(text)) throw new Error(`${text} is no id`)
  return text
}

export const cell = (name: string, source = '', attributes: CellAttributes = {}, type = 'ts'): Cell => ({
  id: id(name),
  type,
  source,
  attributes,
})
export const notebook = (...cells: readonly Cell[]): Notebook => ({ header: { nb: '1' }, cells, bin: [] })

/** The numbers of a linear congruence: the same in every run. */
export function chance(seed = 1): Random {
  let state = seed
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}

const NASTY = [
  'const x = 1',
  '// %%',
  '// %% [md] id=a',
  '// \\%% escaped',
  '// \\\\%%',
  '%%',
  '\\%% b',
  '%%x',
  '// %%x',
  '//%%',
  ' // %%',

  '',
  ' ',
  '\t',
  '`tpl',
  '// ---',
  '---',
  '# h',
  '*/',
  '/* ',
  '  indented',
  '"q\\"',
  '//',
  '//x',
  '// ',
  'あ😀',
  'nb: 2',
  '-->',
  '<!-- %% -->',
  'a\u2028b',
  '\u2029',
  '&#x2028;',
  '&amp;#x2029;',
  '&amp;\u2028',
  '```',
  '````',
  '```ts',
  '~~~',
  '<!-- \\%% a -->',
  '</pre>',
  '<b>&lt;',
  '$&',
]
const line = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NASTY) },
  fc.string({ unit: 'binary' }).map((text) => text.replaceAll(/[\r\n\0]/g, '')),
)
const source = fc.array(line, { maxLength: 6 }).map((lines) => lines.join('\n'))
const value = fc.oneof(
  fc.constant(true as const),
  fc.constantFrom('', 'edge', 'a b', 'x"y\\', 'é=1', 'a\nb', '-->', 'true', '\u2028'),
  fc.string({ unit: 'binary', maxLength: 8 }),
) satisfies fc.Arbitrary<AttributeValue>
const attributes = fc.dictionary(fc.constantFrom('title', 'runs', 'hidden', 'folded', 'x-y', 'constructor', 'toString', 'Id'), value, {
  maxKeys: 4,
  noNullPrototype: true,
})
const kind = fc.constantFrom('ts', 'ts', 'md', 'md', 'sql', 'x+y.z')
const headerValue = fc
  .array(line, { maxLength: 3 })
  .map(([first, ...more]) => [first ?? '', ...more.filter((one) => !HEADER_ENTRY.test(one) && !/^---\s*$/.test(one))].join('\n'))

/** Any notebook as a person may have made it, without blank lines at the ends of its cells. */
export const documents: fc.Arbitrary<Notebook> = fc
  .record({
    header: fc.dictionary(fc.constantFrom('title', 'network', 'env', 'constructor'), headerValue, { noNullPrototype: true }),
    cells: fc.uniqueArray(fc.record({ id: fc.stringMatching(/^[a-z0-9]{4,5}$/), type: kind, source, attributes }), {
      selector: (one) => one.id,
      maxLength: 6,
    }),
  })
  .map(({ header, cells }) => ({
    header: { nb: '1', ...header },
    cells: cells.map((one) => ({ ...one, id: id(one.id), source: withoutBlankEnd(one.source) })),
    bin: [],
  }))

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CellAttributes, NotebookHeader } from '#sdk/protocol/notebook.ts'
import { isCellAttributes, isNotebookHeader } from '#sdk/protocol/notebook-rules.ts'

const key = fc.oneof(
  fc.constantFrom('nb', 'title', 'id', 'a-b', 'a.b', '9', '', 'x'.repeat(64), 'x'.repeat(65)),
  fc.string({ maxLength: 5 }),
)
const value = fc.oneof(
  fc.constantFrom<unknown>(
    true,
    false,
    null,
    1,
    'text',
    'two\nlines',
    'one\ntitle: two',
    'one\n---',
    'a\rb',
    'x'.repeat(1_024),
    'x'.repeat(1_025),
    'x'.repeat(9_000),
  ),
  fc.string({ maxLength: 5 }),
)
const record = fc.oneof(
  fc.dictionary(key, value, { maxKeys: 70 }),
  fc.dictionary(key, fc.constantFrom('a', 'b'), { maxKeys: 5 }).map((some) => ({ nb: '1', ...some })),
  fc.constantFrom<unknown>(null, undefined, 'text', 7, [], ['a'], {}),
)

// A schema drops the key __proto__ without a word, the rules refuse it: chance hardly makes it.
test('[SH17] what pages check of a file without schemas is what the schemas admit', () => {
  fc.assert(
    fc.property(record, (given) => {
      expect([isCellAttributes(given), isNotebookHeader(given)]).toEqual([
        CellAttributes.safeParse(given).success,
        NotebookHeader.safeParse(given).success,
      ])
    }),
    { numRuns: 2_000 },
  )
})

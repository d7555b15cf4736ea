import { expect, test } from 'vitest'
import { splitItems } from '#sdk/client/split-items.ts'

test('[LV32] the items of a frame are told apart by their text, whatever they hold and however deep they nest', () => {
  const items = ['{"a":"],[\\"{\\\\"}', '[1,[2,{"b":[]}],"x,y"]', '3', '""', `${'['.repeat(20_000)}${']'.repeat(20_000)}`]
  expect(splitItems(`[${items.join(',')}]`)).toEqual(items)
  expect([splitItems('[]'), splitItems('[{}]')]).toEqual([[], ['{}']])
})

import { expect, test } from 'vitest'
import { Selection } from '../../web/runs/selection.ts'

const ALL = ['a', 'b', 'c', 'd', 'e']

test('[RP56] rows are chosen one by one, as a range from the last one in either direction, and all at once', () => {
  const selection = new Selection()
  const chosen = (): string => ALL.filter((id) => selection.has(id)).join('')
  const after = (id: string, isRange = false): string => {
    selection.toggle(id, ALL, isRange)
    return chosen()
  }
  expect([after('b', true), after('d'), after('b'), after('d', true), after('a', true)]).toEqual(['b', 'bd', 'd', 'bcd', 'abcd'])
  selection.delete('c')
  expect([chosen(), selection.hasAll(['a', 'b']), selection.hasAll(ALL)]).toEqual(['abd', true, false])
  selection.chooseAll(ALL)
  expect([chosen(), selection.hasAll(ALL)]).toEqual(['abcde', true])
  selection.clear()
  expect([chosen(), after('c', true)]).toEqual(['', 'abc']) // from the last one that was chosen
})

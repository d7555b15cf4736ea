import { expect, test } from 'vitest'
import { columnWidths, moved, shownText, stateIn, type Place } from '../../web/notebook/outputs/table-cells.ts'

test('[OU64] a cell is shown in one line, numbers as people read them; states of runs are known by their column', () => {
  expect([0.1 + 0.2, 'a\n  b', 'x'.repeat(400), true, null].map(shownText)).toEqual(['0.3', 'a ⏎ b', `${'x'.repeat(300)}…`, 'true', ''])
  expect([
    stateIn('Failed', 'state'),
    stateIn('Late', 'last_state'),
    stateIn('Failed', 'word'),
    stateIn('Odd', 'state'),
    stateIn(1, 'state'),
  ]).toEqual(['Failed', 'Late', undefined, undefined, undefined])
})

test('[OU64] columns are as wide as their first rows, within bounds', () => {
  const column = (name: string) => ({ name, type: 'text', nulls: 0 }) as const
  const rows = [['a', 'x'.repeat(400)], ...Array.from({ length: 60 }, () => ['', ''])]
  expect(columnWidths({ columns: [column('n'), column('text')], rows })).toBe('minmax(13ch, 13fr) minmax(48ch, 48fr)')
})

test('[OU64] keys lead from cell to cell and stay in the table', () => {
  const end: Place = { row: 99, column: 3 }
  const from = (place: Place, ...keys: readonly string[]) =>
    keys.map((key) => {
      const [name = '', shift] = key.split('+').toReversed()
      const to = moved(place, name, shift === 'Shift', end)
      return to === undefined ? undefined : `${to.row}.${to.column}`
    })
  expect(from({ row: 5, column: 1 }, 'ArrowDown', 'ArrowUp', 'ArrowLeft', 'ArrowRight', 'PageDown', 'PageUp')).toEqual([
    '6.1',
    '4.1',
    '5.0',
    '5.2',
    '17.1',
    '0.1',
  ])
  expect(from({ row: 5, column: 1 }, 'Home', 'End', 'Shift+Home', 'Shift+End', 'Enter', 'a')).toEqual([
    '5.0',
    '5.3',
    '0.0',
    '99.3',
    undefined,
    undefined,
  ])
  expect([...from({ row: 0, column: 0 }, 'ArrowUp', 'ArrowLeft'), ...from(end, 'ArrowDown', 'ArrowRight')]).toEqual([
    '0.0',
    '0.0',
    '99.3',
    '99.3',
  ])
  expect(moved({ row: 0, column: 0 }, 'ArrowDown', false, { row: -1, column: -1 })).toEqual({ row: 0, column: 0 })
})

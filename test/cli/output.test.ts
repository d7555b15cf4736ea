import { describe, expect, test } from 'vitest'
import { facts, table } from '#sdk/cli/output/table.ts'
import { fit, onOneLine, printable, widthOf } from '#sdk/cli/output/text.ts'
import { duration, relative } from '#sdk/cli/output/time.ts'
import { wantsColour, type Terminal } from '#sdk/cli/terminal.ts'

const terminal = (width?: number): Terminal => ({
  width,
  isInteractive: false,
  write: () => Promise.resolve(),
  print: () => Promise.resolve(),
  note: () => undefined,
  style: (_, text) => text,
  confirm: () => Promise.resolve(false),
})

describe('text', () => {
  test.each([
    ['plain', 5],
    ['', 0],
    ['Füße', 4],
    ['e\u0301', 1],
    ['流れ', 4],
    ['한글', 4],
    ['👨‍👩‍👧', 2],
    ['🚀 go', 5],
    ['✔️', 2],
    ['\u001b[31mred\u001b[39m', 3],
  ])('[CM1] %j takes %i columns', (text, columns) => {
    expect(widthOf(text)).toBe(columns)
  })

  test.each([
    ['short', 8, 'short'],
    ['thundering', 6, 'thund…'],
    ['流れる水', 5, '流れ…'],
    ['流れる水', 4, '流…'],
  ])('[CM1] %j in %i columns is %j', (text, columns, shown) => {
    expect(fit(text, columns)).toBe(shown)
  })

  test('[CM2] control characters are shown, not obeyed', () => {
    expect(printable('a\u001b]0;title\u0007b\rc\u009bd\u007f')).toBe('a␛]0;title␇b␍c␡d␡')
    expect(printable('one\r\ntwo\tthree')).toBe('one\ntwo\tthree')
    expect(printable('a\u202eb')).toBe('a\ufffdb')
    expect(onOneLine('one\ntwo\tthree')).toBe('one⏎two three')
  })
})

describe('tables', () => {
  const rows = [
    { name: '流れ', state: 'Completed', took: '1.2s' },
    { name: 'thundering-goshawk', state: 'Failed', took: '12ms' },
  ]
  const columns = [
    { title: 'NAME', value: (row: (typeof rows)[number]) => row.name, least: 8 },
    { title: 'STATE', value: (row: (typeof rows)[number]) => row.state },
    { title: 'TOOK', value: (row: (typeof rows)[number]) => row.took, align: 'right' as const },
  ]

  test('[CM1] columns are aligned by what is shown', () => {
    expect(table(terminal(), rows, columns)).toBe(
      ['NAME                STATE      TOOK', '流れ                Completed  1.2s', 'thundering-goshawk  Failed     12ms'].join('\n'),
    )
  })

  test('[CM3] a narrow terminal cuts what may be cut; a pipe gets everything', () => {
    expect(table(terminal(27), rows, columns).split('\n')[2]).toBe('thunderin…  Failed     12ms')
    expect(table(terminal(10), rows, columns).split('\n')[2]).toBe('thunder…  Failed     12ms')
  })

  test('[CM3] a narrow terminal leaves out what it can do without before it cuts', () => {
    const spare = [...columns, { title: 'ID', value: () => '0123456789', spare: true as const }]
    expect(table(terminal(47), rows, spare).split('\n')[2]).toBe('thundering-goshawk  Failed     12ms  0123456789')
    expect(table(terminal(46), rows, spare).split('\n')[2]).toBe('thundering-goshawk  Failed     12ms')
  })

  test('[CM1] facts are aligned, further lines stand below the first, and what is unknown is left out', () => {
    const pairs = [['Id', '1'] as const, ['Nothing', undefined] as const, ['Message', 'two\nlines'] as const]
    expect(facts(terminal(), pairs)).toBe('Id       1\nMessage  two\n         lines')
  })
})

describe('times', () => {
  const now = Date.parse('2026-11-22T05:00:00Z')
  test.each([
    ['2026-11-22T04:59:59.500000Z', 'just now'],
    ['2026-11-22T04:59:58Z', '2s ago'],
    ['2026-11-22T04:57:00Z', '3m ago'],
    ['2026-11-22T03:00:01Z', '1h ago'],
    ['2026-11-20T05:00:00Z', '2d ago'],
    ['2026-09-01T05:00:00Z', '2026-09-01'],
    ['2026-11-22T07:30:00Z', 'in 2h'],
    [null, ''],
  ])('[CM4] times are short for people: %s is %j', (text, shown) => {
    expect(relative(text, now)).toBe(shown)
  })

  test.each([
    [0, '0ms'],
    [0.0123, '12ms'],
    [0.9996, '1.0s'],
    [3.44, '3.4s'],
    [59.96, '1m 00s'],
    [125, '2m 05s'],
    [3_725, '1h 02m'],
    [273_600, '3d 04h'],
  ])('[CM4] durations are short for people: %d seconds are %j', (seconds, shown) => {
    expect(duration(seconds)).toBe(shown)
  })
})

test.each([
  [{}, true, true],
  [{}, false, false],
  [{ NO_COLOR: '1' }, true, false],
  [{ NO_COLOR: '' }, true, true],
  [{ NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
  [{ FORCE_COLOR: '1' }, false, true],
  [{ FORCE_COLOR: '0' }, true, false],
  [{ TERM: 'dumb' }, true, false],
])(
  '[CM5] NO_COLOR, FORCE_COLOR, TERM=dumb and pipes decide on colours: %o, terminal: %s, colours: %s',
  (environment, isTerminal, colours) => {
    expect(wantsColour(environment, isTerminal)).toBe(colours)
  },
)

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { diffSpans } from '#sdk/notebook/text-diff.ts'
import { applySpans, areSpansIn } from '#sdk/notebook/text-spans.ts'
import { changeOver, composeChanges, lengthAfter, placeAfter, type TextChange } from '#sdk/notebook/text-transform.ts'
import type { TextSpan } from '#sdk/protocol/notebook.ts'

const change = (length: number, ...spans: readonly (readonly [from: number, to: number, insert: string])[]): TextChange => ({
  length,
  spans: spans.map(([from, to, insert]) => ({ from, to, insert })),
})
const apply = (text: string, { spans }: TextChange): string => applySpans(text, spans)

/** A change of a text of that length; inserted text is marked, so that it is found again. */
function changes(length: number, mark: string): fc.Arbitrary<TextChange> {
  const spans = fc.array(fc.tuple(fc.nat({ max: length }), fc.nat({ max: 3 }), fc.nat({ max: 3 })), { maxLength: 4 })
  return spans.map((drafts) => {
    let end = 0
    let count = 0
    const made: TextSpan[] = []
    for (const [from, size, inserts] of drafts.toSorted(([a], [b]) => a - b)) {
      const start = Math.max(from, end)
      const to = Math.min(length, start + size)
      const insert = Array.from({ length: inserts }, () => `${mark}${count++}.`).join('')
      if (start <= length && (to > start || insert !== '')) made.push({ from: start, to, insert })
      end = to + 1
    }
    return { length, spans: made }
  })
}
const TEXT = 'abcdefghijklmnop'
const pairs = fc.nat({ max: TEXT.length }).chain((length) => fc.tuple(changes(length, 'X'), changes(length, 'Y')))

test('[NR1] two changes of one text lead to the same text in either order, and the text of the first stands first', () => {
  fc.assert(
    fc.property(pairs, ([first, second]) => {
      const text = TEXT.slice(0, first.length)
      const [late, early] = [changeOver(second, first, false), changeOver(first, second, true)]
      const end = apply(apply(text, first), late)
      expect(apply(apply(text, second), early)).toBe(end)
      expect([areSpansIn(late.spans, late.length), late.length]).toEqual([true, lengthAfter(first)])
    }),
    { numRuns: 3_000 },
  )
  const both = [change(3, [1, 1, 'first']), change(3, [1, 1, 'second'])] as const
  expect(apply(apply('abc', both[0]), changeOver(both[1], both[0], false))).toBe('afirstsecondbc')
})

test('[NR2] what one inserts the other never takes away, and only what somebody deleted is gone', () => {
  fc.assert(
    fc.property(pairs, ([first, second]) => {
      const text = TEXT.slice(0, first.length)
      const end = apply(apply(text, first), changeOver(second, first, false))
      const inserted = [...first.spans, ...second.spans].flatMap(({ insert }) => insert.match(/[XY]\d+\./g) ?? [])
      const kept = text
        .split('')
        .filter((_, at) => ![first, second].some(({ spans }) => spans.some(({ from, to }) => from <= at && at < to)))
      expect([end.match(/[XY]\d+\./g)?.toSorted() ?? [], end.replaceAll(/[XY]\d+\./g, '')]).toEqual([inserted.toSorted(), kept.join('')])
    }),
    { numRuns: 3_000 },
  )
})

test('[NR3] two changes that follow one another are one', () => {
  const following = fc
    .nat({ max: TEXT.length })
    .chain((length) => changes(length, 'X'))
    .chain((first) => fc.tuple(fc.constant(first), changes(lengthAfter(first), 'Y')))
  fc.assert(
    fc.property(following, ([first, second]) => {
      const text = TEXT.slice(0, first.length)
      const one = composeChanges(first, second)
      expect([apply(text, one), areSpansIn(one.spans, text.length), one.length]).toEqual([
        apply(apply(text, first), second),
        true,
        text.length,
      ])
    }),
    { numRuns: 3_000 },
  )
})

test('[NR4] a place stays with its text: in front of what was inserted there or behind it, and behind what took the place of deleted text', () => {
  const { spans } = change(10, [2, 2, 'xx'], [4, 7, 'y'])
  expect([0, 2, 3, 4, 5, 7, 9].map((place) => [placeAfter(place, spans, 'front'), placeAfter(place, spans, 'behind')])).toEqual([
    [0, 0],
    [2, 4],
    [5, 5],
    [6, 7],
    [7, 7],
    [7, 7],
    [9, 9],
  ])
})

test('[NR5] what differs between two texts is found by lines, and never cuts a character in two', () => {
  expect(diffSpans('one\ntwo\nthree\nfour\n', 'ONE\ntwo\nthree\nfive\n')).toEqual([
    { from: 0, to: 3, insert: 'ONE' },
    { from: 15, to: 18, insert: 'ive' },
  ])
  expect(diffSpans('a😀b', 'a😁b')).toEqual([{ from: 1, to: 3, insert: '😁' }])
  expect(diffSpans('same', 'same')).toEqual([])
  const texts = fc
    .array(fc.constantFrom('a\n', 'b\n', 'c', '\n', '😀', '\ude00', '\ud83d'), { maxLength: 12 })
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(texts, texts, (before, after) => {
      const spans = diffSpans(before, after)
      expect([applySpans(before, spans), areSpansIn(spans, before.length)]).toEqual([after, true])
    }),
    { numRuns: 2_000 },
  )
})

test('[NR5] two long texts without a common line differ in one span', () => {
  const [before, after] = ['a', 'b'].map((mark) => Array.from({ length: 2_000 }, (_, line) => `${mark}${line}\n`).join(''))
  expect(diffSpans(before ?? '', after ?? '')).toHaveLength(1)
})

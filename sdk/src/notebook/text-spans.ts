/** Changes of a text as spans of the text before. */
import type { TextSpan } from '../protocol/notebook.ts'

/** True when the spans are in order, none over another, and all inside. */
export function areSpansIn(spans: readonly TextSpan[], length: number): boolean {
  let end = 0
  for (const { from, to } of spans) {
    if (from < end || to < from || to > length) return false
    end = to
  }
  return true
}

export function applySpans(text: string, spans: readonly TextSpan[]): string {
  let end = 0
  const parts: string[] = []
  for (const { from, to, insert } of spans) {
    parts.push(text.slice(end, from), insert)
    end = to
  }
  return parts.join('') + text.slice(end)
}

/** The spans that turn the changed text back into `text`. */
export function invertSpans(text: string, spans: readonly TextSpan[]): TextSpan[] {
  let shift = 0
  return spans.map(({ from, to, insert }) => {
    const start = from + shift
    shift += insert.length - (to - from)
    return { from: start, to: start + insert.length, insert: text.slice(from, to) }
  })
}

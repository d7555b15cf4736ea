/** Prefect's log filter, over one line. */
import type { LogFilter } from '#sdk/protocol/filters.ts'
import type { ReadLine } from './read-lines.ts'

/** True for lines that the filter asks for. All fields must match, or any with `operator: or_`. */
export function lineMatcher(filter: LogFilter | null | undefined): (line: ReadLine) => boolean {
  if (filter == null) return () => true
  const { level, timestamp, flow_run_id, task_run_id, text } = filter
  const tests: ((line: ReadLine) => boolean)[] = []
  if (level != null) tests.push(({ line }) => line.l >= (level.ge_ ?? -Infinity) && line.l <= (level.le_ ?? Infinity))
  if (timestamp != null) tests.push(({ line }) => line.t <= (timestamp.before_ ?? Infinity) && line.t >= (timestamp.after_ ?? -Infinity))
  if (flow_run_id?.any_ != null) {
    const wanted: ReadonlySet<string> = new Set(flow_run_id.any_)
    tests.push(({ kind, stream }) => kind === 'flow_run' && wanted.has(stream))
  }
  if (task_run_id?.any_ != null) {
    const wanted: ReadonlySet<string | null> = new Set(task_run_id.any_)
    tests.push((line) => wanted.has(taskOf(line)))
  }
  if (typeof task_run_id?.is_null_ === 'boolean') tests.push((line) => (taskOf(line) === null) === task_run_id.is_null_)
  if (text != null) tests.push(textMatcher(text.query))
  if (tests.length === 0) return () => true
  return filter.operator === 'or_' ? (line) => tests.some((test) => test(line)) : (line) => tests.every((test) => test(line))
}

const taskOf = ({ kind, stream, line }: ReadLine): string | null => (kind === 'task_run' ? stream : (line.k ?? null))

interface Words {
  readonly any: readonly string[]
  readonly all: readonly string[]
  readonly none: readonly string[]
}

/** `term` any of them, `+required` all of them, `-excluded` or `!excluded` none; `"a phrase"` is one word. Case does not count. */
export function parseSearch(query: string): Words {
  const words: { any: string[]; all: string[]; none: string[] } = { any: [], all: [], none: [] }
  for (const [, sign, phrase, word] of query.toLowerCase().matchAll(/([+\-!]?)(?:"([^"]*)"?|(\S+))/g)) {
    const text = phrase ?? word ?? ''
    if (text === '') continue
    const list = sign === '+' ? words.all : sign === '-' || sign === '!' ? words.none : words.any
    list.push(text)
  }
  return words
}

function textMatcher(query: string): (line: ReadLine) => boolean {
  const { any, all, none } = parseSearch(query)
  return ({ line }) => {
    const text = `${line.m}\n${line.n}`.toLowerCase()
    const has = (word: string): boolean => text.includes(word)
    return all.every(has) && !none.some(has) && (any.length === 0 || any.some(has))
  }
}

/** `console` inside cells: what it prints goes under the cell that prints, as text. */
import { formatPrint, inspect } from '#sdk/hosts/inspect.ts'

export type Print = (name: 'stdout' | 'stderr', text: string) => void

/** Replaces the console of this realm. @param now Milliseconds. */
export function captureConsole(print: Print, now: () => number): void {
  let indent = ''
  const counts = new Map<string, number>()
  const timers = new Map<string, number>()
  const write = (name: 'stdout' | 'stderr', text: string): void => {
    print(name, indent === '' ? `${text}\n` : `${indent}${text.replaceAll('\n', `\n${indent}`)}\n`)
  }
  const out =
    (name: 'stdout' | 'stderr') =>
    (...values: unknown[]): void =>
      write(name, formatPrint(values))
  const group = (...values: unknown[]): void => {
    if (values.length > 0) write('stdout', formatPrint(values))
    indent += '  '
  }
  const elapsed = (label: string): string => {
    const since = timers.get(label)
    return since === undefined ? `Timer '${label}' does not exist` : `${label}: ${(now() - since).toFixed(3)} ms`
  }
  Object.assign(console, {
    log: out('stdout'),
    info: out('stdout'),
    debug: out('stdout'),
    warn: out('stderr'),
    error: out('stderr'),
    dir: (value: unknown) => write('stdout', inspect(value)),
    dirxml: out('stdout'),
    table: (value: unknown) => write('stdout', inspect(value)),
    trace: (...values: unknown[]) => write('stderr', `Trace: ${formatPrint(values)}`),
    assert: (condition: unknown, ...values: unknown[]) => {
      if (condition !== true && !condition) write('stderr', `Assertion failed${values.length === 0 ? '' : `: ${formatPrint(values)}`}`)
    },
    group,
    groupCollapsed: group,
    groupEnd: () => (indent = indent.slice(2)),
    count: (label: unknown = 'default') => {
      const count = (counts.get(String(label)) ?? 0) + 1
      counts.set(String(label), count)
      write('stdout', `${String(label)}: ${count}`)
    },
    countReset: (label: unknown = 'default') => counts.delete(String(label)),
    time: (label: unknown = 'default') => timers.set(String(label), now()),
    timeLog: (label: unknown = 'default') => write('stdout', elapsed(String(label))),
    timeEnd: (label: unknown = 'default') => {
      write('stdout', elapsed(String(label)))
      timers.delete(String(label))
    },
    clear: () => undefined,
  })
}

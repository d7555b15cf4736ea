import { expect, test } from 'vitest'
import { graphOf, blocksOf, type CellFacts } from '#sdk/notebook/graph.ts'
import { isCellId } from '#sdk/notebook/document.ts'
import type { CellOutput, CellRun } from '#sdk/protocol/cell-output.ts'
import { MEDIA } from '#sdk/protocol/media-types.ts'
import { MAX_FRAME_BYTES } from '#sdk/protocol/limits.ts'
import type { CellId } from '#sdk/protocol/notebook.ts'
import { asiHints } from '../../web/notebook/asi-hint.ts'
import { blockReason, heldReason, staleReason } from '../../web/notebook/block-words.ts'
import { fittedRun, lastWords } from '../../web/notebook/fitted-run.ts'
import { layoutOf, nearTo } from '../../web/notebook/graph-layout.ts'
import { highlight } from '../../web/notebook/highlight.ts'
import { outlineOf } from '../../web/notebook/outline.ts'
import { piecesOf } from '../../web/notebook/pieces.ts'
import { delayOf, savedStateOf } from '../../web/notebook/saved-state.ts'
import { newerOf, withFlowRuns } from '../../web/notebook/shown-run.ts'

const id = (name: string): CellId => {
  if (!isCellId(name)) throw new Error(`${name} is no id`)
  return name
}
const facts = (name: string, definitions: string[], references: string[], problems: string[] = []): CellFacts => ({
  id: id(name),
  code: name,
  definitions,
  references,
  problems,
})
const nameOf = (cell: CellId) => `cell ${cell}`

test('[NP16] a cell that cannot run says why, and names the cell to look at', () => {
  const graph = graphOf([
    facts('a', ['x'], ['y']),
    facts('b', ['y'], ['x']),
    facts('c', ['z'], []),
    facts('d', ['z'], []),
    facts('e', [], ['z']),
    facts('f', ['w'], [], ['Broken.']),
    facts('g', [], ['w']),
  ])
  const reasons = [...blocksOf(graph)].map(([cell, block]) => [cell, blockReason(block, nameOf)])
  expect(Object.fromEntries(reasons)).toEqual({
    a: { sentence: 'These cells wait for each other: cell a → cell b → cell a.' },
    b: { sentence: 'These cells wait for each other: cell b → cell a → cell b.' },
    c: { sentence: 'z is also defined in cell d: a name has one cell.', cause: 'd' },
    d: { sentence: 'z is also defined in cell c: a name has one cell.', cause: 'c' },
    e: { sentence: 'It needs z, and cell c cannot run.', cause: 'c' },
    f: { sentence: 'Broken.' },
    g: { sentence: 'It needs w, and cell f cannot run.', cause: 'f' },
  })
  expect(heldReason({ by: id('a'), outcome: 'failed' }, nameOf).sentence).toBe('Not run: cell a, which it needs, failed.')
})

test('[NP17] what is stale says why; what has never run says so without alarm; what is fresh says nothing', () => {
  const changed = { state: 'stale', reason: 'input changed', cause: id('a'), through: id('b') } as const
  expect(staleReason(changed, nameOf)).toEqual({
    kind: 'stale',
    sentence: 'cell a changed',
    cause: 'a',
    link: 'cell a',
    isEvent: true,
  })
  expect(staleReason(changed, nameOf, () => ['rows'])?.sentence).toBe('rows changed')
  expect(staleReason(changed, nameOf, () => ['rows', 'total'])?.sentence).toBe('cell a changed')
  expect(staleReason({ state: 'stale', reason: 'never run' }, nameOf)?.kind).toBe('never run')
  expect(staleReason({ state: 'fresh' }, nameOf)).toBe(undefined)
})

test('[NP18] typing waits 300 ms for company, everything else leaves at once; the head says how edits stand', () => {
  expect([delayOf('text'), delayOf('structure')]).toEqual([300, 0])
  const words = (hasUnsent: boolean, connection: 'open' | 'away' | 'over', isKept = true) =>
    savedStateOf({ hasUnsent, connection, isKept }).sentence
  expect([words(false, 'open'), words(false, 'away'), words(true, 'open')]).toEqual(['Saved', 'Saved', 'Saving…'])
  expect(words(true, 'away')).toBe('Not saved: the workspace is away, your edits are kept here')
  expect(words(true, 'away', false)).toBe('Not saved: the workspace is away. Keep this page open: this browser stores nothing')
  expect(savedStateOf({ hasUnsent: true, connection: 'open', isKept: true, refusal: 'Not saved: no.' }).kind).toBe('refused')
})

const KERNEL = '00000000-0000-4000-8000-000000000001'
const run = (started: number, outputs: readonly CellOutput[] = [], kernel = KERNEL): CellRun => ({
  cell: id('a'),
  kernel,
  code: 'x',
  state: 'done',
  started,
  duration_ms: 1,
  place: 'browser',
  outputs,
})

test('[NP19] under a cell stands the newest run, whoever ran it', () => {
  const here = { run: run(2), origin: 'here' } as const
  const other = { run: run(3, [], '00000000-0000-4000-8000-000000000002'), origin: 'another tab' } as const
  expect(newerOf(here, other)).toBe(other)
  expect(newerOf(other, here)).toBe(other)
  expect(newerOf(undefined, here)).toBe(here)
})

test('[NP20] flow runs stand where they began among the outputs, once each; a state without a result adds nothing to its card', () => {
  const stream = (words: string): CellOutput => ({ kind: 'stream', name: 'stdout', text: words })
  const own: CellOutput = { kind: 'display', data: { [MEDIA.flowRun]: { id: '2' }, 'text/plain': 'own' } }
  const state = (id: string, result?: string): CellOutput => ({
    kind: 'result',
    data: {
      [MEDIA.flowRun]: { id },
      [MEDIA.state]: { name: 'Completed', ...(result === undefined ? {} : { result }) },
      'text/plain': `state ${id}`,
    },
  })
  const made = [
    { id: '1', name: 'one', flow: 'f', at: 1 },
    { id: '2', name: 'two', flow: 'f', at: 0 },
    { id: '3', name: 'three', flow: 'f', at: 9 },
  ]
  const words = (outputs: readonly CellOutput[]) =>
    outputs.map((output) => (output.kind === 'stream' ? output.text : output.kind === 'error' ? '' : output.data['text/plain']))
  expect(words(withFlowRuns([stream('a'), own, state('1'), state('3', 'value')], made))).toEqual([
    'a',
    "Flow run 'one' of 'f'",
    'own',
    'state 3',
    "Flow run 'three' of 'f'",
  ])
  expect(words(withFlowRuns([state('9')], made.slice(0, 1)))).toEqual(['state 9', "Flow run 'one' of 'f'"])
})

test('[NP21] what a cell showed is cut to what one message carries, and what is left out is counted', () => {
  const big: CellOutput = { kind: 'display', data: { 'text/plain': 'x'.repeat(MAX_FRAME_BYTES / 2) } }
  const small: CellOutput = { kind: 'stream', name: 'stdout', text: 'end' }
  const fitted = fittedRun(run(1, [big, big, small]))
  expect(fitted.outputs).toEqual([big, small])
  expect(fitted.omitted?.outputs).toBe(1)
  expect(fittedRun(run(1, [small]))).toEqual(run(1, [small]))
  const prints: CellOutput = { kind: 'stream', name: 'stdout', text: `begin\n${'x'.repeat(MAX_FRAME_BYTES)}\nend` }
  const kept = fittedRun(run(1, [prints])).outputs.flatMap((output) => (output.kind === 'stream' ? [output] : []))
  expect(kept.map(({ text, omitted }) => [text.slice(0, 6), text.slice(-4), omitted === undefined])).toEqual([
    ['begin\n', 'xxxx', true],
    ['xxxxxx', '\nend', false],
  ])
})

test('[NP98] a page that goes away sends whole runs, as many as fit into what browsers still send', () => {
  const of = (characters: number): CellRun => run(1, [{ kind: 'stream', name: 'stdout', text: 'x'.repeat(characters) }])
  const [small, half, large] = [of(1), of(32 * 1024), of(64 * 1024)]
  expect(lastWords([large, half, half, small])).toEqual([half, small])
})

test('[NP22] a line that goes on with the one before it is told, where the parser takes it so', () => {
  expect(asiHints('const m = n + 1\n({ m })').map(({ at }) => at)).toEqual([15])
  expect(asiHints('const m = n\n[1, 2].map(f)').length).toBe(1)
  expect(asiHints('const t = tag\n`x`').length).toBe(1)
  expect(asiHints('const m = n + 1;\n({ m })')).toEqual([])
  expect(asiHints('call(\n  (x) => x,\n  [1],\n)\n  .then()')).toEqual([])
  expect(asiHints('const list = [\n  [1],\n  (2),\n]')).toEqual([])
})

test.each(['let m = n // why\n  /* and */ (m)', 'function f() {\n  const m = n\n  (m)\n}', 'run(() => {\n  const m = n\n  (m)\n})'])(
  '[NP61] a line that goes on is told behind comments and inside of functions, and the `;` ends it (%#)',
  (source) => {
    const [hint] = asiHints(source)
    const at = hint?.at ?? 0
    expect(source.slice(at - 1, at)).toBe('n')
    expect(asiHints(`${source.slice(0, at)};${source.slice(at)}`)).toEqual([])
  },
)

test.each([
  'const m = f(\n  (1),\n)',
  'const m = [\n  [1],\n  [2],\n]',
  'const m = f\n  .g(1)',
  'const m = (\n  n\n  (1)\n)',
  'call(n\n  (1))',
  'n?.\n(1)',
  'if (n)\n  (n)',
  'const m = n;\n(m)',
  '(n)\n;[1]',
  'call<string>\n(n)',
])('[NP62] brackets that stand there on purpose are not told (%#)', (source) => {
  expect(asiHints(source)).toEqual([])
})

test('[NP23] pieces of coloured code are the code, and end where what is marked ends', () => {
  const source = "const rows = await load('x') // all\n"
  const pieces = highlight(source)
  expect(pieces.map(({ text }) => text).join('')).toBe(source)
  expect(pieces.filter(({ className }) => className !== '').map(({ text, className }) => `${className} ${text}`)).toEqual([
    'k const',
    'k await',
    'f load',
    "s 'x'",
    'c // all',
  ])
  expect(piecesOf('abcdef', [{ from: 1, to: 5, className: 'k' }], [{ from: 3, to: 6 }])).toEqual([
    { text: 'a', className: '' },
    { text: 'bc', className: 'k' },
    { text: 'de', className: 'k', range: 0 },
    { text: 'f', className: '', range: 0 },
  ])
})

test('[NP24] headings make the outline; fences and code have none', () => {
  const md = (source: string) => ({ id: id('m'), type: 'md', source, attributes: {} })
  expect(outlineOf([md('# A **b**\ntext\n```\n# no\n```\n### C ###'), { ...md('# code'), type: 'ts' }])).toEqual([
    { cell: 'm', level: 1, text: 'A b' },
    { cell: 'm', level: 3, text: 'C' },
  ])
})

test('[NP25] in the graph a cell stands right of what it needs; of many only the nearest are drawn', () => {
  const graph = graphOf([facts('a', ['x'], []), facts('b', ['y'], ['x']), facts('c', [], ['y', 'x'])])
  const places = layoutOf(graph, [id('a'), id('b'), id('c')], { width: 210, row: 20 })
  expect([...places].map(([cell, { x, y }]) => [cell, x, y])).toEqual([
    ['a', 16, 10],
    ['b', 76, 30],
    ['c', 136, 50],
  ])
  expect(nearTo(graph, id('a'), 2)).toEqual(['a', 'b'])
})

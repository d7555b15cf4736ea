/**
 * What a value is drawn as: its media, each of bounded size, `text/plain` always among them. Decides what is there at once; what has to be
 * waited for (images, promises, streams of values) is live.ts.
 */
import { TaskFuture } from '#sdk/engine/futures.ts'
import { outcomeOf, RunState } from '#sdk/engine/run-state.ts'
import { inspect } from '#sdk/hosts/inspect.ts'
import { markupOf } from '#sdk/hosts/markup.ts'
import type { CellOutput } from '#sdk/protocol/cell-output.ts'
import { MEDIA } from '#sdk/protocol/media-types.ts'
import { runIdOf } from '#sdk/protocol/mint.ts'
import { MAX_OUTPUT_CHARACTERS } from '#sdk/protocol/limits.ts'
import type { DisplayHost } from '../display-port.ts'
import type { StateOutput, ValueNode } from '../media.ts'
import type { Handles } from './handles.ts'
import type { Previews } from './preview.ts'
import { tableOf, type Table } from './table.ts'

export type Bundle = Extract<CellOutput, { readonly kind: 'display' | 'result' }>['data']
type Json = Bundle[string]

/** `text/plain` beside other media is for readers that draw nothing else. */
const PLAIN = { depth: 4, entries: 100, characters: 10_000 } as const
/** A text that is shown itself. */
const MAX_SHOWN_TEXT = 100_000
const JUPYTER = Symbol.for('Jupyter.display')

export interface BundleTools {
  readonly host: DisplayHost
  readonly previews: Previews
  readonly tables: Handles<Table>
}

/** The media of a value. Never throws. */
export function bundleOf(tools: BundleTools, cell: string, value: unknown, kind: 'display' | 'result'): Bundle {
  try {
    return richBundle(tools, cell, value) ?? plainBundle(tools, cell, value, kind)
  } catch {
    // A proxy whose traps throw; the preview says what it can.
    return valueBundle(tools, cell, value)
  }
}

function richBundle(tools: BundleTools, cell: string, value: unknown): Bundle | undefined {
  const { host } = tools
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return undefined
  const own = jupyterBundle(value)
  if (own !== undefined) return own
  const markup = markupOf(value)
  if (markup !== undefined) return markupBundle(markup.media, markup.text)
  if (typeof value === 'function') {
    const flow = host.flowOf(value)
    return flow && { [MEDIA.flow]: flow as unknown as Json, 'text/plain': `flow ${flow.flow}` } // a plain object of texts and a schema
  }
  if (value instanceof RunState) return stateBundle(tools, cell, value)
  if (value instanceof TaskFuture) return stateBundle(tools, cell, value.state, value.name)
  const run = host.flowRunOf(value)
  if (run !== undefined) return { [MEDIA.flowRun]: { ...run }, 'text/plain': `flow run ${run.name} of ${run.flow}` }
  const drawing = elementText(value)
  if (drawing !== undefined) return markupBundle(drawing.media, drawing.text)
  const table = tableOf(value, () => host.now())
  return table && tableBundle(tools, cell, table, value)
}

function plainBundle(tools: BundleTools, cell: string, value: unknown, kind: 'display' | 'result'): Bundle {
  const isText = typeof value === 'string' && (kind === 'display' || value.includes('\n') || value.length > MAX_SHORT)
  return isText ? { 'text/plain': cutText(value) } : valueBundle(tools, cell, value)
}
/** A result that is a short text is shown as a value, in quotes. */
const MAX_SHORT = 150

function valueBundle({ previews }: BundleTools, cell: string, value: unknown): Bundle {
  const node = previews.preview(cell, value)
  return { [MEDIA.value]: asJson(node), 'text/plain': typeof value === 'string' ? node.preview : cutPlain(inspect(value, PLAIN)) }
}

/** Nodes are made of texts and numbers. */
const asJson = (node: ValueNode): Json => node as unknown as Json

function stateBundle(tools: BundleTools, cell: string, state: RunState, name?: string): Bundle {
  const outcome = state.isFinal() ? outcomeOf(state) : undefined
  const result = outcome === undefined ? undefined : outcome.ok ? outcome.value : outcome.error
  const output: StateOutput = {
    type: state.type,
    name: state.name,
    message: state.message,
    ...(state.id !== null && { run: runIdOf(state.id) }),
    ...(name !== undefined && { of: name }),
    ...(result !== undefined && { result: tools.previews.preview(cell, result) }),
  }
  const run = tools.host.flowRunOf(state)
  return {
    ...(run !== undefined && { [MEDIA.flowRun]: { ...run } }),
    [MEDIA.state]: output as unknown as Json,
    'text/plain': String(state),
  }
}

function tableBundle(tools: BundleTools, cell: string, table: Table, value: unknown): Bundle {
  const output = table.output(tools.tables.open(cell, table))
  return { [MEDIA.table]: output as unknown as Json, 'text/plain': cutPlain(inspect(value, PLAIN)) }
}

/** What the method of Jupyter's kernels for JavaScript answers, as far as it is JSON and fits. */
function jupyterBundle(value: object): Bundle | undefined {
  const method = methodOf(value, JUPYTER)
  if (method === undefined) return undefined
  const given: unknown = Reflect.apply(method, value, [])
  if (typeof given !== 'object' || given === null) return undefined
  const data: Record<string, Json> = {}
  let left = MAX_OUTPUT_CHARACTERS
  for (const [media, content] of Object.entries(given)) {
    const text: string | undefined = JSON.stringify(content)
    if (text === undefined || !media.includes('/') || media.startsWith(OURS)) continue
    left -= text.length
    if (left < 0) return { 'text/plain': tooLarge(media, text.length) }
    data[media] = JSON.parse(text)
  }
  if (Object.keys(data).length === 0) return undefined
  return typeof data['text/plain'] === 'string' ? data : { ...data, 'text/plain': `[${Object.keys(data).join(', ')}]` }
}
/** Our own media are made here only: what draws them believes their shape. */
const OURS = 'application/vnd.flowcell.'

/** A method that the value or its classes have as data; a getter is not asked. */
export function methodOf(value: object, name: string | symbol): ((...args: unknown[]) => unknown) | undefined {
  for (let holder: unknown = value; typeof holder === 'object' && holder !== null; holder = Object.getPrototypeOf(holder)) {
    const property = Object.getOwnPropertyDescriptor(holder, name)
    if (property !== undefined) return typeof property.value === 'function' ? property.value : undefined
  }
  return undefined
}

export function markupBundle(media: string, text: string): Bundle {
  if (text.length > MAX_OUTPUT_CHARACTERS) return { 'text/plain': tooLarge(media, text.length) }
  return { [media]: text, 'text/plain': cutPlain(media === 'text/markdown' || media === 'text/latex' ? text : textInMarkup(text)) }
}

const KIB = 1024
function tooLarge(media: string, characters: number): string {
  const hint = media === 'image/svg+xml' ? ' Draw fewer marks, or draw on an OffscreenCanvas.' : ''
  return `The ${media} has ${Math.round(characters / KIB)} KiB; an output has at most ${MAX_OUTPUT_CHARACTERS / KIB} KiB.${hint}`
}

/** What markup says without its tags: a label, or the texts of a drawing. */
function textInMarkup(markup: string): string {
  const label = /\saria-label="([^"]{1,300})"/.exec(markup)?.[1]
  const text = markup
    .slice(0, 50_000)
    .replaceAll(/<(style|script)\b[^>]*>[\s\S]*?<\/\1>/gi, ' ')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
  return [label, text].filter((part) => part !== undefined && part !== '').join(': ') || 'a drawing'
}

/** Elements of a document in the kernel, such as charts: its nodes keep their type and name as own data. */
function elementText(value: object): { readonly media: string; readonly text: string } | undefined {
  const own = (name: string): unknown => Object.getOwnPropertyDescriptor(value, name)?.value
  if (own('nodeType') !== 1 || typeof own('localName') !== 'string') return undefined
  const text: unknown = Reflect.get(value, 'outerHTML')
  if (typeof text !== 'string') return undefined
  return { media: own('localName') === 'svg' ? 'image/svg+xml' : 'text/html', text }
}

export function cutText(text: string): string {
  if (text.length <= MAX_SHOWN_TEXT) return text
  return `${text.slice(0, MAX_SHOWN_TEXT)}\n… ${text.length - MAX_SHOWN_TEXT} more characters`
}
const cutPlain = (text: string): string => (text.length > PLAIN.characters ? `${text.slice(0, PLAIN.characters)}…` : text)

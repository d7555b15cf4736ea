/** Which of a bundle's media is drawn, and how. Pure. What is stored may come from anywhere: shapes are looked at before they are believed. */
import { MEDIA } from '#sdk/protocol/media-types.ts'
import type { FlowOutput, FlowRunOutput, InputOutput, ProgressOutput, StateOutput, TableOutput, ValueNode } from '../../kernel/media.ts'

export type Data = Readonly<Record<string, unknown>>

export type Drawing =
  | { readonly kind: 'value'; readonly node: ValueNode }
  | { readonly kind: 'table'; readonly table: TableOutput }
  | { readonly kind: 'flow run'; readonly run: FlowRunOutput }
  | { readonly kind: 'flow'; readonly flow: FlowOutput }
  | { readonly kind: 'state'; readonly state: StateOutput }
  | { readonly kind: 'progress'; readonly progress: ProgressOutput }
  | { readonly kind: 'input'; readonly input: InputOutput }
  | { readonly kind: 'svg' | 'html' | 'markdown' | 'latex' | 'text'; readonly text: string }
  | { readonly kind: 'frame'; readonly text: string }
  | { readonly kind: 'image'; readonly source: string; readonly alt: string }
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'unknown'; readonly types: readonly string[]; readonly text: string }

const IMAGES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'] as const
const BASE64 = /^[A-Za-z0-9+/=\s]+$/

/** Whether an HTML needs a frame of its own: it runs something, loads something, or asks for input. */
const needsFrame = (markup: string): boolean =>
  /<(?:script|link|iframe|object|embed|form|input|button|select|textarea|audio|video|canvas|base|meta)\b/i.test(markup) ||
  /<[^>]+\son[a-z]+\s*=/i.test(markup) ||
  /javascript:/i.test(markup)

export function chooseMedia(data: Data): Drawing {
  const plain = textOf(data['text/plain']) ?? ''
  const own = ownMedia(data)
  if (own !== undefined) return own
  const html = textOf(data['text/html'])
  if (html !== undefined) return { kind: needsFrame(html) ? 'frame' : 'html', text: html }
  const svg = textOf(data['image/svg+xml'])
  if (svg !== undefined) return { kind: 'svg', text: svg }
  for (const type of IMAGES) {
    const base64 = textOf(data[type])
    if (base64 !== undefined && BASE64.test(base64))
      return { kind: 'image', source: `data:${type};base64,${base64.replaceAll(/\s/g, '')}`, alt: plain }
  }
  for (const kind of ['markdown', 'latex'] as const) {
    const text = textOf(data[`text/${kind}`])
    if (text !== undefined) return { kind, text }
  }
  if (data['application/json'] !== undefined) return { kind: 'json', value: data['application/json'] }
  const types = Object.keys(data).filter((type) => type !== 'text/plain')
  return types.length > 0 ? { kind: 'unknown', types, text: plain } : { kind: 'text', text: plain }
}

function ownMedia(data: Data): Drawing | undefined {
  const flow = recordOf(data[MEDIA.flow])
  if (flow !== undefined && hasTexts(flow, 'flow', 'name', 'cell')) return { kind: 'flow', flow: flow as unknown as FlowOutput }
  const input = recordOf(data[MEDIA.input])
  if (input !== undefined && isInput(input)) return { kind: 'input', input: input as unknown as InputOutput }
  const progress = recordOf(data[MEDIA.progress])
  if (progress !== undefined && hasTexts(progress, 'label') && isNumber(progress['value']) && isNumber(progress['startedAt']))
    return { kind: 'progress', progress: progress as unknown as ProgressOutput }
  const state = recordOf(data[MEDIA.state])
  if (state !== undefined && hasTexts(state, 'type', 'name')) return { kind: 'state', state: state as unknown as StateOutput }
  // The run of a state that is shown has a card of its own below the cell that began it.
  const flowRun = recordOf(data[MEDIA.flowRun])
  if (flowRun !== undefined && hasTexts(flowRun, 'id', 'name', 'flow'))
    return { kind: 'flow run', run: flowRun as unknown as FlowRunOutput }
  const table = recordOf(data[MEDIA.table])
  if (table !== undefined && isTable(table)) return { kind: 'table', table: table as unknown as TableOutput }
  const node = recordOf(data[MEDIA.value])
  if (node !== undefined && isNode(node)) return { kind: 'value', node: node as unknown as ValueNode }
  return undefined
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)

/** The object itself: who draws it keeps what it knows of it as long as it is the same one. */
function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return isRecord(value) ? value : undefined
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const hasTexts = (record: Readonly<Record<string, unknown>>, ...keys: readonly string[]): boolean =>
  keys.every((key) => typeof record[key] === 'string')

const MAX_LEVELS = 20
function isNode(node: Readonly<Record<string, unknown>>, level = 0): boolean {
  if (!hasTexts(node, 'type', 'preview') || level > MAX_LEVELS) return false
  const { children } = node
  if (children === undefined) return true
  return Array.isArray(children) && children.every((child: unknown) => isNode(recordOf(child) ?? {}, level + 1))
}

function isTable({ columns, rows, total }: Readonly<Record<string, unknown>>): boolean {
  if (!Array.isArray(columns) || !Array.isArray(rows) || !isNumber(total)) return false
  const isColumn = (column: unknown): boolean => hasTexts(recordOf(column) ?? {}, 'name', 'type')
  const isCell = (cell: unknown): boolean => cell === null || ['string', 'number', 'boolean'].includes(typeof cell)
  return columns.every(isColumn) && rows.every((row: unknown) => Array.isArray(row) && row.every(isCell))
}

const isOptions = (value: unknown): boolean => Array.isArray(value) && value.every((option) => typeof option === 'string')

function isInput(input: Readonly<Record<string, unknown>>): boolean {
  if (!hasTexts(input, 'id', 'type')) return false
  const { value } = input
  switch (input['type']) {
    case 'slider':
      return [value, input['min'], input['max'], input['step']].every(isNumber)
    case 'text':
      return typeof value === 'string'
    case 'number':
      return value === null || isNumber(value)
    case 'select':
      return isOptions(input['options']) && (typeof value === 'string' || isOptions(value))
    case 'checkbox':
      return typeof value === 'boolean'
    case 'date':
      return value === null || typeof value === 'string'
    case 'file':
      return value === null || recordOf(value) !== undefined
    case 'form': {
      const fields = recordOf(input['fields'])
      return fields !== undefined && Object.values(fields).every((field) => field !== null && isInput(recordOf(field) ?? {}))
    }
    default:
      return false
  }
}

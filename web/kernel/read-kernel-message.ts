/**
 * Takes apart what a kernel says: whoever runs in there may say anything. Messages are JSON text, so what is read is plain data; only the bytes
 * of a file come as bytes.
 */
import type { CellOutput } from '#sdk/protocol/cell-output.ts'
import { MAX_KERNEL_MESSAGE_CHARACTERS, MAX_NAME_LENGTH } from '#sdk/protocol/limits.ts'
import type { CellOutcome, CellValue, FromKernel } from './messages.ts'

type Fields = Readonly<Record<string, unknown>>

/** Undefined: no message of a kernel of ours. */
export function readKernelMessage(data: unknown): FromKernel | undefined {
  if (typeof data === 'string') return data.length > MAX_KERNEL_MESSAGE_CHARACTERS ? undefined : readText(data)
  if (!isFields(data) || !isCount(data['request']) || !(data['bytes'] instanceof ArrayBuffer)) return undefined
  return { type: 'answer', request: data['request'], value: new Uint8Array(data['bytes']) }
}

function readText(text: string): FromKernel | undefined {
  try {
    const message: unknown = JSON.parse(text)
    // Each reader has checked every field of its shape.
    return isFields(message) && READERS[String(message['type'])]?.(message) === true ? (message as unknown as FromKernel) : undefined
  } catch {
    return undefined // no JSON: no message
  }
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: unknown): value is string => typeof value === 'string'
const isName = (value: unknown): value is string => typeof value === 'string' && value.length <= MAX_NAME_LENGTH
const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
const isPlace = (value: unknown): boolean => isCount(value) && value >= 1
const isListOf = (value: unknown, is: (entry: unknown) => boolean): boolean => Array.isArray(value) && value.every(is)

const OUTCOMES: ReadonlySet<unknown> = new Set<CellOutcome>(['done', 'failed', 'interrupted'])

const READERS: Readonly<Record<string, (message: Fields) => boolean>> = {
  ready: () => true,
  began: ({ cell, run }) => isName(cell) && isCount(run),
  outputs: ({ cell, run, clear, outputs, omitted }) =>
    isName(cell) &&
    isCount(run) &&
    typeof clear === 'boolean' &&
    isListOf(outputs, isOutput) &&
    isFields(omitted) &&
    isCount(omitted['outputs']) &&
    isCount(omitted['bytes']),
  ended: ({ cell, run, outcome, ms, values, isSame }) =>
    isName(cell) &&
    isCount(run) &&
    OUTCOMES.has(outcome) &&
    typeof ms === 'number' &&
    ms >= 0 &&
    isListOf(values, isValue) &&
    typeof isSame === 'boolean',
  flowRun: ({ cell, id, name, flow }) => isName(cell) && isName(id) && isName(name) && isName(flow),
  module: ({ name }) => isName(name),
  inputChanged: ({ cell, input, runs }) => isName(cell) && isName(input) && typeof runs === 'boolean',
  files: ({ files }) => isListOf(files, (file) => isFields(file) && isText(file['path']) && isCount(file['bytes'])),
  answer: ({ request, value, error }) =>
    isCount(request) && (value === null || typeof value === 'object') && (error === undefined || isText(error)),
  send: ({ frame, items }) => isCount(frame) && isText(items),
}

function isValue(value: unknown): value is CellValue {
  return isFields(value) && isText(value['name']) && isText(value['kind']) && isText(value['preview'])
}

function isOutput(value: unknown): value is CellOutput {
  if (!isFields(value)) return false
  switch (value['kind']) {
    case 'stream':
      return (value['name'] === 'stdout' || value['name'] === 'stderr') && isText(value['text']) && isGap(value['omitted'])
    case 'display':
    case 'result':
      return isFields(value['data']) && (value['id'] === undefined || isName(value['id']))
    case 'error':
      return (
        isText(value['name']) &&
        isText(value['message']) &&
        isListOf(value['stack'], isText) &&
        (value['places'] === undefined || isListOf(value['places'], isCellPlace))
      )
    default:
      return false
  }
}

const isGap = (value: unknown): boolean =>
  value === undefined || (isFields(value) && isCount(value['characters']) && isCount(value['lines']))
const isCellPlace = (value: unknown): boolean =>
  isFields(value) &&
  isName(value['cell']) &&
  isPlace(value['line']) &&
  isPlace(value['column']) &&
  (value['name'] === undefined || isText(value['name']))

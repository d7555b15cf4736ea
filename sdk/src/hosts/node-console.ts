/** What a Node process prints: log lines to standard error, and to a file of JSON lines where one is set; prints of user code on their way out. */
import { openSync, writeSync } from 'node:fs'
import { format, inspect } from 'node:util'
import type { ConsoleLine, Host } from '../engine/ports.ts'
import { formatInstant } from '../protocol/instants.ts'
import { capturePrintsAs } from './capture-prints.ts'
import { formatLine } from './console-line.ts'

/** Where text goes; `process.stderr` is one. */
export interface TextOutput {
  readonly isTTY?: boolean
  write(text: string): unknown
}

const STDERR = 2
/** A pipe whose reader is slow is tried again after so long. */
const FULL_PIPE_MS = 1

/**
 * Standard error. The platform's own stream keeps about 1 KB for every line until the event loop turns, a gigabyte for a loop of a million
 * lines, so lines go to the descriptor; they go to the stream where somebody has replaced its `write`, where it still holds something back,
 * and on Windows, where consoles want it.
 */
export const standardError: TextOutput = {
  get isTTY() {
    return process.stderr.isTTY
  },
  write: (text) => {
    const isStreamWanted = process.platform === 'win32' || process.stderr.writableLength > 0 || Object.hasOwn(process.stderr, 'write')
    const rest = isStreamWanted ? text : writeWhole(Buffer.from(text))
    if (rest !== undefined) process.stderr.write(rest)
  },
}

/** Answers what could not be written; the stream knows what to do about that. */
function writeWhole(text: Buffer): Buffer | undefined {
  for (let rest = text; rest.length > 0;) {
    try {
      rest = rest.subarray(writeSync(STDERR, rest))
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) return rest
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FULL_PIPE_MS)
    }
  }
  return undefined
}

/**
 * Prints log lines as Prefect does, on standard error: standard output belongs to the program.
 * Colours where a person looks on, unless NO_COLOR is set.
 */
export function newPrinter(output: TextOutput, noColor: boolean): (line: ConsoleLine) => void {
  const colours = output.isTTY === true && !noColor
  return (line) => void output.write(formatLine(line, colours))
}

/** Appends each line as JSON: `{"timestamp", "level", "source", "message"}`. A file that cannot be written is told once, and then left alone. */
export function newLogFile(path: string, onTrouble: (sentence: string) => void): (line: ConsoleLine) => void {
  let file: number | undefined
  let isBroken = false
  return ({ at, level, source, message }) => {
    if (isBroken) return
    try {
      file ??= openSync(path, 'a', 0o600)
      writeSync(file, `${JSON.stringify({ timestamp: formatInstant(at), level, source, message })}\n`)
    } catch (error) {
      isBroken = true
      onTrouble(`The log file ${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
}

/** Prints of user code, as Node writes them. */
export const capturePrints = capturePrintsAs((values) => format(...values))

type OnRejection = Parameters<NonNullable<Host['captureRejections']>>[0]

/** Those who are asked, of all engines and copies of this package: two listeners would each take the other for somebody else's. */
const ASKED = Symbol.for('flowcell.rejections')

/** Offers rejections that nobody awaits to `onRejection` first; what nobody takes ends the process as ever, unless somebody else listens. */
export const captureRejections: NonNullable<Host['captureRejections']> = (onRejection) => {
  const known: unknown = Reflect.get(process, ASKED)
  if (isAsked(known)) return void known.push(onRejection)
  const asked = [onRejection]
  Reflect.set(process, ASKED, asked)
  process.on('unhandledRejection', (reason) => {
    if (asked.some((takes) => takes(reason)) || process.listenerCount('unhandledRejection') > 1) return
    throw reason
  })
}

/** Nobody else uses that symbol. */
const isAsked = (value: unknown): value is OnRejection[] => Array.isArray(value)

/** Any value as text. Getters are not run; what throws while it is shown is named instead. */
export function inspectValue(value: unknown): string {
  if (typeof value === 'string') return value
  try {
    return inspect(value, { depth: 6, breakLength: 120, maxArrayLength: 200, maxStringLength: 10_000 })
  } catch (error) {
    return `[a ${typeof value} that cannot be shown: ${error instanceof Error ? error.message : 'it throws'}]`
  }
}

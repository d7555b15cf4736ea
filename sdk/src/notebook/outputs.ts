/**
 * What cells showed: how new outputs join those that are there, within bounds. Kernel, pages and workspace fold in the same way.
 *
 * 1. Prints of one stream that follow each other are one output.
 * 2. A display with an id that is there takes its place.
 * 3. Of prints, the beginning and the end are kept; the first output behind the gap says what is missing.
 * 4. At most MAX_CELL_OUTPUTS outputs; the result and the error of a run are kept in any case, and what is dropped is counted.
 */
import type { CellOutput } from '../protocol/cell-output.ts'
import { KEPT_TEXT_HEAD_CHARACTERS, MAX_CELL_OUTPUTS, MAX_CELL_TEXT_CHARACTERS } from '../protocol/limits.ts'
import type { CellId } from '../protocol/notebook.ts'

export type CellOutputs = ReadonlyMap<CellId, readonly CellOutput[]>
export type StreamOutput = Extract<CellOutput, { readonly kind: 'stream' }>

export interface Folded {
  readonly outputs: readonly CellOutput[]
  /** Outputs that had no room. */
  readonly dropped: number
}

/**
 * Joins outputs with those that are there.
 *
 * @param head Characters of the beginning that are kept in any case.
 *
 * @example
 * foldOutputs([{ kind: 'stream', name: 'stdout', text: 'a' }], [{ kind: 'stream', name: 'stdout', text: 'b' }])
 * // { outputs: [{ kind: 'stream', name: 'stdout', text: 'ab' }], dropped: 0 }
 */
export function foldOutputs(before: readonly CellOutput[], added: readonly CellOutput[], head: number = KEPT_TEXT_HEAD_CHARACTERS): Folded {
  const outputs = [...before]
  let dropped = 0
  for (const output of added) if (!fold(outputs, output)) dropped++
  return { outputs: withinText(outputs, MAX_CELL_TEXT_CHARACTERS, head), dropped }
}

function fold(outputs: CellOutput[], output: CellOutput): boolean {
  if (output.kind === 'stream') return foldStream(outputs, output)
  if (output.kind === 'display' && output.id !== undefined) {
    const at = outputs.findIndex((other) => other.kind === 'display' && other.id === output.id)
    if (at >= 0) {
      outputs[at] = output
      return true
    }
  }
  if (output.kind === 'display' && outputs.length >= MAX_CELL_OUTPUTS) return false
  outputs.push(output)
  return true
}

function foldStream(outputs: CellOutput[], output: StreamOutput): boolean {
  const last = outputs.at(-1)
  if (last?.kind === 'stream' && last.name === output.name && output.omitted === undefined) {
    outputs[outputs.length - 1] = { ...last, text: last.text + output.text }
    return true
  }
  if (outputs.length < MAX_CELL_OUTPUTS) {
    outputs.push(output)
    return true
  }
  // No room for one more: the text goes where the newest of its stream stands.
  const at = outputs.findLastIndex((other) => other.kind === 'stream' && other.name === output.name)
  const there = outputs[at]
  if (there?.kind !== 'stream') return false
  outputs[at] = { ...there, text: there.text + output.text, ...omittedOf(there.omitted, output.omitted) }
  return true
}

/** Takes what is too much out of the middle of all prints. */
export function withinText(outputs: readonly CellOutput[], most: number, head: number): readonly CellOutput[] {
  const total = outputs.reduce((sum, output) => sum + (output.kind === 'stream' ? output.text.length : 0), 0)
  if (total <= most) return outputs
  let kept = head
  let excess = total - most
  let gap: Gap | undefined
  return outputs.flatMap((output): readonly CellOutput[] => {
    if (output.kind !== 'stream') return [output]
    const front = Math.min(kept, output.text.length)
    kept -= front
    const cut = cutAtLine(output.text, front, excess)
    excess = Math.max(0, excess - (cut - front))
    // What was missing before this output stays before it, unless all of its front goes too.
    const own = front === 0 ? output.omitted : undefined
    const here = joined(joined(gap, own), cut > front ? gapOf(output.text.slice(front, cut)) : undefined)
    if (cut === front) {
      gap = undefined
      return [{ ...output, ...(here !== undefined && { omitted: here }) }]
    }
    gap = here
    const back = output.text.slice(cut)
    const rest: StreamOutput[] = []
    if (front > 0) rest.push({ ...output, text: output.text.slice(0, front) })
    if (back !== '') {
      rest.push({ kind: 'stream', name: output.name, text: back, ...(gap !== undefined && { omitted: gap }) })
      gap = undefined
    }
    return rest
  })
}

type Gap = NonNullable<StreamOutput['omitted']>

/** Where to go on behind `excess` characters after `front`: at the beginning of a line, where one is near. */
function cutAtLine(text: string, front: number, excess: number): number {
  const cut = Math.min(text.length, front + excess)
  if (cut === front || cut === text.length) return cut
  const line = text.indexOf('\n', cut)
  if (line >= 0 && line - cut < NEAR_CHARACTERS) return line + 1
  return text.charCodeAt(cut) >> 10 === LOW_SURROGATE ? cut + 1 : cut
}
const NEAR_CHARACTERS = 4_096
const LOW_SURROGATE = 0xdc00 >> 10

function gapOf(text: string): Gap {
  return { characters: text.length, lines: countLines(text) }
}

export function countLines(text: string): number {
  let lines = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++
  return lines
}

function joined(left: Gap | undefined, right: Gap | undefined): Gap | undefined {
  if (left === undefined || right === undefined) return left ?? right
  return { characters: left.characters + right.characters, lines: left.lines + right.lines }
}

function omittedOf(left: Gap | undefined, right: Gap | undefined): { readonly omitted?: Gap } {
  const omitted = joined(left, right)
  return omitted === undefined ? {} : { omitted }
}

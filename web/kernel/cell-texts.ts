/**
 * The texts of cells that run here, by the name that stack traces have for them: the way from places of what runs to places of what was written.
 *
 * A cell's text is evaluated as `cell-{id}.{run}.ts`, so that functions of an earlier run keep their places. People see `cell-{id}.ts`.
 */
import type { Declaration } from '#sdk/engine/ports.ts'
import { originalPosition } from '#sdk/compiler/original-position.ts'
import { parseCallSite, placeOf } from '#sdk/hosts/call-site.ts'
import type { CellOutput } from '#sdk/protocol/cell-output.ts'
import type { RunCell } from './messages.ts'

type CellError = Extract<CellOutput, { readonly kind: 'error' }>
type Place = NonNullable<CellError['places']>[number]
type ReadDeclaration = { readonly declaration: Declaration } | { readonly reason: string }

/** The kernel's own script; the frame names it so. */
const OWN_FILE = 'flowcell-kernel.js'
/** Earlier texts of one cell that are kept. */
const MAX_TEXTS_PER_CELL = 8
const RUNNING_FILE = /^cell-(.+)\.(\d+)\.ts$/
const CELL_FILE = /^cell-(.+)\.ts$/
const MAX_FRAMES = 50

export const isOwnFile = (file: string): boolean => file.includes(OWN_FILE)
export const runningFile = (cell: string, run: number): string => `cell-${cell}.${run}.ts`

/** The cell of a call site, as `originalPlace` names it. */
export const cellOfPlace = (place: string): string | undefined => CELL_FILE.exec(parseCallSite(place)?.file ?? '')?.[1]

export class CellTexts {
  readonly #texts = new Map<string, Map<number, RunCell>>()
  readonly #standing = new WeakMap<Error, Place>()

  add(text: RunCell): void {
    const texts = this.#texts.get(text.cell) ?? new Map<number, RunCell>()
    this.#texts.set(text.cell, texts.set(text.run, text))
    const [oldest] = texts.keys()
    if (texts.size > MAX_TEXTS_PER_CELL && oldest !== undefined) texts.delete(oldest)
  }

  forget(cell: string): void {
    this.#texts.delete(cell)
  }

  /** `cell-k3f9.2.ts:3:17` → `cell-k3f9.ts:3:5`; every other place as it is. */
  readonly originalPlace = (place: string): string => {
    const found = this.#placeOf(place)
    return found === undefined ? place : `cell-${found.cell}.ts:${found.line}:${found.column}`
  }

  /** What the compiler has read at a call of `flow` or `task`, by its original place. */
  declarationAt(callSite: string): ReadDeclaration {
    const site = parseCallSite(callSite)
    const cell = cellOfPlace(callSite)
    const newest = [...(this.#texts.get(cell ?? '')?.values() ?? [])].at(-1)
    if (site === undefined || newest === undefined) return { reason: 'it was not defined in a cell' }
    const onLine = newest.declarations.filter(({ line }) => line === site.line)
    const found = onLine.find(({ column }) => column === site.column) ?? (onLine.length === 1 ? onLine[0] : undefined)
    if (found === undefined) return { reason: `no function is written out at ${callSite}` }
    const { constName, parameters, schema } = found
    return { declaration: { parameters, schema, ...(constName !== undefined && { constName }) } }
  }

  /** The place of an error that no code of the cell has thrown; behind the frames of what has. */
  standsAt(error: Error, { cell, line, column }: { readonly cell: string; readonly line: number; readonly column: number }): void {
    this.#standing.set(error, { cell: cell as Place['cell'], line, column }) // the compiler has made the id of what the page knows as one
  }

  /** The frames of an error without the kernel's own, translated, and those that stand in cells, the innermost first. */
  placesOf(error: Error): Pick<CellError, 'stack' | 'places'> {
    const text = typeof error.stack === 'string' ? error.stack : ''
    const frames = text.split('\n').filter((line) => /^\s+at /.test(line))
    const stack: string[] = []
    const places: Place[] = []
    for (const line of frames.slice(0, MAX_FRAMES)) {
      const place = placeOf(line)
      if (isOwnFile(place)) continue
      const found = this.#placeOf(place)
      if (found !== undefined) places.push(withName(found, line))
      stack.push(readable(line.trim().replace(place, () => this.originalPlace(place))))
    }
    const standing = this.#standing.get(error)
    if (standing !== undefined) {
      places.push(standing)
      stack.push(`at cell-${standing.cell}.ts:${standing.line}:${standing.column}`)
    }
    return { stack, ...(places.length > 0 && { places }) }
  }

  #placeOf(place: string): Omit<Place, 'name'> | undefined {
    const site = parseCallSite(place)
    const [, cell, run] = RUNNING_FILE.exec(site?.file ?? '') ?? []
    const text = cell === undefined ? undefined : this.#texts.get(cell)?.get(Number(run))
    const found = site === undefined || text === undefined ? undefined : originalPosition(text, site.line, site.column)
    // The compiler has made the id of what the page knows as one.
    return found === undefined || cell === undefined ? undefined : { cell: cell as Place['cell'], ...found }
  }
}

/** The function that holds a cell has no name that anybody gave it. */
const readable = (frame: string): string => frame.replace(/^at eval \((.*)\)$/, 'at $1')

/** `at async load (…)` → `load`; the cell's own function has no name. */
function withName(place: Omit<Place, 'name'>, line: string): Place {
  const name = /^\s*at (?:async )?(?:new )?(.+?) \(/.exec(line)?.[1]
  return name === undefined || name === 'eval' || name === '<anonymous>' ? place : { ...place, name }
}

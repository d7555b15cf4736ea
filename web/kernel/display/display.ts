/**
 * What the kernel's cells show: `display`, results, errors, inputs and progress, made into outputs.
 *
 * 1. Whatever is shown becomes plain JSON of bounded size in bounded time, and showing never throws.
 * 2. What a run shows is not shown any more once its cell has begun again.
 * 3. Values behind handles live until their cell begins again or is forgotten.
 *
 * It runs no cell and gathers nothing: `host.put` has an OutputLog behind it.
 */
import type { DisplayFace, DisplayFunction, Displayed } from '#sdk/hosts/display-face.ts'
import { html, latex, md, svg } from '#sdk/hosts/markup.ts'
import { inspectQuoted } from '#sdk/hosts/inspect.ts'
import type { CellOutput } from '#sdk/protocol/cell-output.ts'
import { MAX_NAME_LENGTH } from '#sdk/protocol/limits.ts'
import { MEDIA } from '#sdk/protocol/media-types.ts'
import type { Display, NewDisplay } from '../display-port.ts'
import { bundleOf, cutText, type Bundle, type BundleTools } from './bundle.ts'
import { describeName } from './describe.ts'
import { Handles } from './handles.ts'
import { InputRegistry } from './inputs.ts'
import { followed } from './live.ts'
import { Previews, type Opened } from './preview.ts'
import { newProgress } from './progress.ts'
import { isSame } from './same.ts'
import type { Table } from './table.ts'

/** What `display` answers; shown itself, it is nothing new. */
class ShownValue implements Displayed {
  readonly id: string
  readonly #update: (value: unknown) => void
  constructor(id: string, update: (value: unknown) => void) {
    this.id = id
    this.#update = update
  }
  update(value: unknown): void {
    this.#update(value)
  }
}

export const newDisplay: NewDisplay = (host) => {
  const values = new Handles<Opened>()
  const tables = new Handles<Table>()
  const previews = new Previews(values)
  const tools: BundleTools = { host, previews, tables }
  /** Counts beginnings: what an older run shows late is dropped. */
  const runs = new Map<string, number>()
  const images = new Map<string, Set<Promise<void>>>()
  let count = 0

  const put = (cell: string, kind: 'display' | 'result', data: Bundle, id?: string): void =>
    host.put(cell, { kind, data, ...(id !== undefined && { id }) })

  const show = (cell: string, value: unknown, kind: 'display' | 'result', givenId?: string): void => {
    const live = follow(value)
    if (live === undefined) return put(cell, kind, bundleOf(tools, cell, value, kind), givenId)
    // Only a display can be shown again in its place.
    const id = givenId ?? `live-${++count}`
    const run = runs.get(cell)
    const work = live.follow({
      now: () => host.now(),
      later: (ms, then) => host.later(ms, then),
      isCurrent: () => runs.get(cell) === run,
      bundle: (later) => bundleOf(tools, cell, later, 'display'),
      show: (bundle) => put(cell, 'display', bundle, id),
    })
    if (live.isImage) remember(cell, work)
  }

  const remember = (cell: string, work: Promise<void>): void => {
    const ofCell = images.get(cell) ?? new Set()
    images.set(cell, ofCell.add(work))
    void work.finally(() => ofCell.delete(work))
  }

  const inputs = new InputRegistry({
    currentCell: () => host.currentCell(),
    draw: (cell, id, drawn) => {
      const label = typeof drawn['label'] === 'string' ? drawn['label'] : String(drawn['type'])
      put(cell, 'display', { [MEDIA.input]: drawn as Bundle[string], 'text/plain': `input ${label}` }, `input-${id}`) // texts and numbers
    },
    changed: (cell, id, runsOn) => host.inputChanged(cell, id, runsOn),
  })

  const displayed = (value: unknown, options: { readonly id?: string } = {}): Displayed => {
    const cell = host.currentCell()
    const id = typeof options.id === 'string' ? options.id.slice(0, MAX_NAME_LENGTH) : `display-${++count}`
    if (cell === undefined) return new ShownValue(id, () => undefined)
    const run = runs.get(cell)
    show(cell, value, 'display', id)
    return new ShownValue(id, (next) => {
      if (runs.get(cell) === run) show(cell, next, 'display', id)
    })
  }
  const clear = (): void => {
    const cell = host.currentCell()
    if (cell !== undefined) host.clear(cell)
  }

  const progress = newProgress({
    now: () => host.now(),
    later: (ms, work) => host.later(ms, work),
    draw: (first) => {
      const cell = host.currentCell()
      const run = cell === undefined ? undefined : runs.get(cell)
      const id = `progress-${++count}`
      const draw = (output: typeof first): void => {
        if (cell === undefined || runs.get(cell) !== run) return
        const text = `${output.label} ${output.value}${output.total === null ? '' : ` of ${output.total}`}`.trim()
        put(cell, 'display', { [MEDIA.progress]: { ...output }, 'text/plain': text }, id)
      }
      draw(first)
      return draw
    },
  })

  const globals: DisplayFace = {
    display: Object.assign(displayed, { clear }) satisfies DisplayFunction,
    input: inputs.face,
    progress,
    html,
    md,
    svg,
    latex,
  }

  const display: Display = {
    globals,
    show: (cell, value, kind) => {
      if (value === undefined || isInstance(value, ShownValue)) return
      if (isInstance(value, Error)) return host.put(cell, { ...display.errorOf(value) })
      show(cell, value, kind)
    },
    errorOf: (error) => errorOutput(error, (real) => host.placesOf(real)),
    settled: async (cell) => {
      const ofCell = images.get(cell)
      if (ofCell !== undefined) await Promise.allSettled(ofCell)
    },
    describe: (name, value) => describeName(name, value),
    isSame,
    begin: (cell) => {
      runs.set(cell, (runs.get(cell) ?? 0) + 1)
      values.free(cell)
      tables.free(cell)
      inputs.begin(cell)
      images.delete(cell)
    },
    forget: (cell) => {
      display.begin(cell)
      inputs.forget(cell)
    },
    expand: (handle, from, count) => {
      const { cell, target } = values.get(handle)
      return previews.entries(cell, target, from, count)
    },
    table: (handle, query) => tables.get(handle).target.page(query),
    setInput: (id, value) => inputs.set(id, value),
  }
  return display
}

/** A revoked proxy throws when it is asked what it is. */
function follow(value: unknown): ReturnType<typeof followed> {
  try {
    return followed(value)
  } catch {
    return undefined
  }
}

/** The same for its class. */
function isInstance<T>(value: unknown, type: abstract new (...args: never[]) => T): value is T {
  try {
    return value instanceof type
  } catch {
    return false
  }
}

const LINE = { depth: 2, entries: 20, characters: 2_000 } as const

type ErrorOutput = Extract<CellOutput, { readonly kind: 'error' }>

type PlacesOf = (error: Error) => Pick<ErrorOutput, 'stack' | 'places'>

/** Whatever was thrown. `name` and `message` of errors may be getters or anything else. */
function errorOutput(error: unknown, placesOf: PlacesOf): ErrorOutput {
  if (!isInstance(error, Error)) return { kind: 'error', name: 'Thrown', message: cutText(inspectQuoted(error, LINE)), stack: [] }
  const name = textOf(() => error.name) ?? 'Error'
  const message = textOf(() => error.message) ?? ''
  try {
    const { stack, places } = placesOf(error)
    return { kind: 'error', name, message, stack: [...stack, ...causesOf(error, placesOf)], ...(places !== undefined && { places }) }
  } catch {
    return { kind: 'error', name, message, stack: [] }
  }
}

const MAX_CAUSES = 5

/** What led to it, as lines behind its own. */
function causesOf(error: Error, placesOf: PlacesOf): string[] {
  const lines: string[] = []
  let cause: unknown = Object.getOwnPropertyDescriptor(error, 'cause')?.value
  for (let level = 0; level < MAX_CAUSES && cause !== undefined; level++) {
    if (!isInstance(cause, Error)) return [...lines, `Caused by ${inspectQuoted(cause, LINE)}`]
    const real = cause
    lines.push(`Caused by ${textOf(() => real.name) ?? 'Error'}: ${textOf(() => real.message) ?? ''}`, ...placesOf(real).stack)
    cause = Object.getOwnPropertyDescriptor(real, 'cause')?.value
  }
  return lines
}

function textOf(read: () => unknown): string | undefined {
  try {
    const text = read()
    return typeof text === 'string' ? cutText(text) : undefined
  } catch {
    return undefined
  }
}

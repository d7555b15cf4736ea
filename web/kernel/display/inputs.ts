/**
 * Inputs of cells: what they are, and the values that they have now.
 *
 * 1. An input is known by its cell and its place in the order of calls. When the cell runs again it keeps what a person has set, as long as the
 *    code still gives it the same first value and the value is still one of its; otherwise it begins anew.
 * 2. A call answers the value of now as a plain value. A later change reaches the code when the cell runs again.
 */
import { OptionError } from '#sdk/engine/errors.ts'
import type { Inputs } from '#sdk/hosts/display-face.ts'
import { formSpecs, inputSpec, optional, optionsOf, type InputSpec, type InputType } from '#sdk/hosts/input-values.ts'
import { inspectQuoted } from '#sdk/hosts/inspect.ts'
import { MAX_INPUT_FILE_BYTES } from '#sdk/protocol/limits.ts'
import { isSame } from './same.ts'

interface Known {
  readonly cell: string
  readonly initial: unknown
  readonly check: (value: unknown) => string | undefined
  readonly runs: boolean
  value: unknown
}

export interface InputPorts {
  currentCell(): string | undefined
  /** Draws the input, in its place if it is there. */
  draw(cell: string, id: string, drawn: Readonly<Record<string, unknown>>): void
  changed(cell: string, id: string, runs: boolean): void
}

export class InputRegistry {
  readonly #ports: InputPorts
  readonly #known = new Map<string, Known>()
  readonly #counts = new Map<string, number>()

  constructor(ports: InputPorts) {
    this.#ports = ports
  }

  begin(cell: string): void {
    this.#counts.set(cell, 0)
  }

  forget(cell: string): void {
    this.#counts.delete(cell)
    for (const [id, known] of this.#known) if (known.cell === cell) this.#known.delete(id)
  }

  /** @throws Error with a sentence */
  set(id: string, given: unknown): void {
    const known = this.#known.get(id)
    if (known === undefined) throw new Error('The input is gone: run its cell again.')
    const value = toFile(given)
    const wrong = known.check(value)
    if (wrong !== undefined)
      throw new Error(`The input does not take ${inspectQuoted(value, { depth: 1, entries: 5, characters: 80 })}: it ${wrong}.`)
    if (isSame(known.value, value)) return
    known.value = value
    this.#ports.changed(known.cell, id, known.runs)
  }

  /** What cells call. */
  readonly face: Inputs = {
    slider: this.#input('slider'),
    text: this.#input('text'),
    number: this.#input('number'),
    select: this.#input('select'),
    checkbox: this.#input('checkbox'),
    date: this.#input('date'),
    file: this.#input('file'),
    form: (fields: unknown, options: unknown = {}) => this.#form(fields, options),
  } as Inputs // each spec checks that the value is of its type

  #input(type: InputType) {
    return (options?: unknown): unknown => {
      const { initial, check, drawn } = inputSpec(type, options)
      return this.#show(`input.${type}`, { initial, check, runs: drawn['runsOnChange'] === true }, (value) => ({
        ...drawn,
        type,
        value: drawnValue(value),
      }))
    }
  }

  #form(fields: unknown, options: unknown): unknown {
    const given = optionsOf(options, 'input.form', ['label', 'submit', 'runOnChange'])
    const label = optional(given, 'label', 'string', 'input.form')
    const submit = optional(given, 'submit', 'string', 'input.form') ?? 'Submit'
    const runs = optional(given, 'runOnChange', 'boolean', 'input.form') ?? false
    const specs = formSpecs(fields)
    const initial = Object.fromEntries([...specs].map(([name, spec]) => [name, spec.initial]))
    return this.#show('input.form', { initial, check: checkForm(specs), runs }, (value) => ({
      ...(label !== undefined && { label }),
      ...(runs && { runsOnChange: true }),
      type: 'form',
      submit,
      fields: drawnFields(specs, value),
    }))
  }

  #show(where: string, spec: Omit<Known, 'cell' | 'value'>, draw: (value: unknown) => Readonly<Record<string, unknown>>): unknown {
    const cell = this.#ports.currentCell()
    if (cell === undefined) throw new OptionError(where, `${where}: an input belongs to a cell, and none has run yet.`)
    const count = (this.#counts.get(cell) ?? 0) + 1
    this.#counts.set(cell, count)
    const id = `${cell}.${count}`
    const before = this.#known.get(id)
    const isKept = before !== undefined && isSame(before.initial, spec.initial) && spec.check(before.value) === undefined
    const value = isKept ? before.value : spec.initial
    this.#known.set(id, { ...spec, cell, value })
    this.#ports.draw(cell, id, { id, ...draw(value) })
    return value
  }
}

function checkForm(specs: ReadonlyMap<string, InputSpec>): Known['check'] {
  return (value) => {
    if (typeof value !== 'object' || value === null) return 'is no object of fields'
    for (const [name, { check }] of specs) {
      const wrong = check(Reflect.get(value, name))
      if (wrong !== undefined) return `has a field ${name} that ${wrong}`
    }
    return Object.keys(value).length === specs.size ? undefined : 'has other fields'
  }
}

function drawnFields(specs: ReadonlyMap<string, InputSpec>, value: unknown): Record<string, unknown> {
  const values: Readonly<Record<string, unknown>> = typeof value === 'object' && value !== null ? { ...value } : {}
  return Object.fromEntries(
    [...specs].map(([name, { type, drawn }]) => [name, { id: name, label: name, ...drawn, type, value: values[name] }]),
  )
}

/** A file crosses as its bytes; what the page draws of it are its name and size. */
function toFile(given: unknown): unknown {
  if (typeof given !== 'object' || given === null || !('bytes' in given) || !(given.bytes instanceof Uint8Array)) return given
  const { bytes } = given
  if (bytes.byteLength > MAX_INPUT_FILE_BYTES) throw new Error(`The file has more than ${MAX_INPUT_FILE_BYTES / 1024 / 1024} MiB.`)
  const name = 'name' in given && typeof given.name === 'string' ? given.name : 'file'
  const type = 'type' in given && typeof given.type === 'string' ? given.type : ''
  return new File([new Uint8Array(bytes)], name, { type })
}

const drawnValue = (value: unknown): unknown => (value instanceof File ? { name: value.name, bytes: value.size } : value)

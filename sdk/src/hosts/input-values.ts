/** Options of inputs, checked; the value that an input has at first, and what a page may set it to. No page and no kernel here. */
import { OptionError } from '../engine/errors.ts'

export type InputType = 'slider' | 'text' | 'number' | 'select' | 'checkbox' | 'date' | 'file'
/** Options as they were given: anything. */
export type GivenOptions = Readonly<Record<string, unknown>>

const KNOWN: Readonly<Record<InputType, readonly string[]>> = {
  slider: ['min', 'max', 'step', 'value'],
  text: ['value', 'placeholder', 'multiline'],
  number: ['min', 'max', 'step', 'value'],
  select: ['options', 'value', 'multiple'],
  checkbox: ['value'],
  date: ['value', 'min', 'max'],
  file: ['accept'],
}
const COMMON: readonly string[] = ['label', 'runOnChange']
const INPUT_TYPES = Object.keys(KNOWN) as readonly InputType[]

/** What is wrong with a value, as the rest of a sentence; undefined when it is one of the input's. */
type Check = (value: unknown) => string | undefined

export interface InputSpec {
  readonly type: InputType
  /** Whatever the page needs to draw it, beside id and value. */
  readonly drawn: Readonly<Record<string, unknown>>
  readonly initial: unknown
  readonly check: Check
}

/** Reads the options of an input. @throws OptionError naming the field and the rule. */
export function inputSpec(type: InputType, given: unknown, where = `input.${type}`): InputSpec {
  const options = optionsOf(given ?? {}, where, [...KNOWN[type], ...COMMON])
  const label = optional(options, 'label', 'string', where)
  const runs = optional(options, 'runOnChange', 'boolean', where)
  const { drawn, initial, check } = SPECS[type](options, where)
  const spec: InputSpec = {
    type,
    initial,
    check,
    drawn: { ...drawn, ...(label !== undefined && { label }), ...(runs === true && { runsOnChange: true }) },
  }
  const wrong = check(initial)
  if (wrong !== undefined) throw new OptionError('value', `${where}: value ${wrong}.`)
  return spec
}

export function optionsOf(given: unknown, where: string, known: readonly string[]): GivenOptions {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new OptionError(where, `${where}: expected an object of options.`)
  const options = given as GivenOptions // any object can be asked for its fields
  const unknown = Object.keys(options).find((key) => !known.includes(key))
  if (unknown !== undefined) throw new OptionError(unknown, `${where}: there is no option ${unknown}. There are: ${known.join(', ')}.`)
  return options
}

interface Kinds {
  readonly string: string
  readonly boolean: boolean
  readonly number: number
}
export function optional<K extends keyof Kinds>(options: GivenOptions, key: string, kind: K, where: string): Kinds[K] | undefined {
  const value = options[key]
  if (value === undefined) return undefined
  const isFit = typeof value === kind && (kind !== 'number' || Number.isFinite(value))
  if (!isFit) throw new OptionError(key, `${where}: ${key}: expected a ${kind}.`)
  return value as Kinds[K]
}

type Spec = (options: GivenOptions, where: string) => Pick<InputSpec, 'drawn' | 'initial' | 'check'>

const numbersOf = (options: GivenOptions, where: string) => {
  const min = optional(options, 'min', 'number', where)
  const max = optional(options, 'max', 'number', where)
  const step = optional(options, 'step', 'number', where)
  if (min !== undefined && max !== undefined && min > max) throw new OptionError('min', `${where}: min ${min} is above max ${max}.`)
  if (step !== undefined && step <= 0) throw new OptionError('step', `${where}: step: expected a number above 0.`)
  return { min, max, step }
}
const within =
  (min: number | undefined, max: number | undefined): Check =>
  (value) => {
    if (typeof value !== 'number' || !Number.isFinite(value)) return 'is no number'
    if (min !== undefined && value < min) return `is below ${min}`
    return max !== undefined && value > max ? `is above ${max}` : undefined
  }
const present = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))

const SPECS: Readonly<Record<InputType, Spec>> = {
  slider: (options, where) => {
    const {
      min = 0,
      max = Math.max(min, 100),
      step = 1,
    } = present(numbersOf(options, where)) as { min?: number; max?: number; step?: number }
    if (min > max) throw new OptionError('min', `${where}: min ${min} is above max ${max}.`)
    return { drawn: { min, max, step }, initial: options['value'] ?? min, check: within(min, max) }
  },
  number: (options, where) => {
    const { min, max, step } = numbersOf(options, where)
    const check = within(min, max)
    return {
      drawn: present({ min, max, step }),
      initial: options['value'] ?? null,
      check: (value) => (value === null ? undefined : check(value)),
    }
  },
  text: (options, where) => ({
    drawn: present({
      placeholder: optional(options, 'placeholder', 'string', where),
      isMultiline: optional(options, 'multiline', 'boolean', where),
    }),
    initial: options['value'] ?? '',
    check: (value) => (typeof value === 'string' ? undefined : 'is no text'),
  }),
  select: (options, where) => {
    const choices = options['options']
    if (!Array.isArray(choices) || choices.length === 0 || !choices.every((choice) => typeof choice === 'string'))
      throw new OptionError('options', `${where}: options: expected a list of one text or more.`)
    const allowed = new Set<unknown>(choices)
    const isOne: Check = (value) => (allowed.has(value) ? undefined : 'is none of the options')
    if (optional(options, 'multiple', 'boolean', where) !== true)
      return { drawn: { options: choices }, initial: options['value'] ?? choices[0], check: isOne }
    const check: Check = (value) => (Array.isArray(value) ? value.map(isOne).find((wrong) => wrong !== undefined) : 'is no list of options')
    return { drawn: { options: choices, isMultiple: true }, initial: options['value'] ?? [], check }
  },
  checkbox: (options) => ({
    drawn: {},
    initial: options['value'] ?? false,
    check: (value) => (typeof value === 'boolean' ? undefined : 'is neither true nor false'),
  }),
  date: (options, where) => {
    const min = dayOf(options, 'min', where)
    const max = dayOf(options, 'max', where)
    return {
      drawn: present({ min, max }),
      initial: options['value'] ?? null,
      check: (value): string | undefined => {
        if (value === null) return undefined
        if (!isDay(value)) return 'is no day as YYYY-MM-DD'
        if (min !== undefined && value < min) return `is before ${min}`
        return max !== undefined && value > max ? `is after ${max}` : undefined
      },
    }
  },
  file: (options, where) => ({
    drawn: present({ accept: optional(options, 'accept', 'string', where) }),
    initial: null,
    check: (value) => (value === null || (typeof value === 'object' && 'name' in value) ? undefined : 'is no file'),
  }),
}

function dayOf(options: GivenOptions, key: string, where: string): string | undefined {
  const day = optional(options, key, 'string', where)
  if (day !== undefined && !isDay(day)) throw new OptionError(key, `${where}: ${key}: expected a day as YYYY-MM-DD.`)
  return day
}

function isDay(value: unknown): value is string {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false
  const time = Date.parse(`${value}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value)
}

/** The fields of a form. @throws OptionError */
export function formSpecs(fields: unknown): ReadonlyMap<string, InputSpec> {
  const where = 'input.form'
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields) || Object.keys(fields).length === 0)
    throw new OptionError('fields', `${where}: expected an object with a field or more, such as { name: { type: 'text' } }.`)
  return new Map(
    Object.entries(fields).map(([name, field]: [string, unknown]) => {
      const { type, ...options } = optionsOf(field, `${where}: ${name}`, ['type', 'label', ...new Set(Object.values(KNOWN).flat())])
      const known = INPUT_TYPES.find((one) => one === type && one !== 'file')
      if (known === undefined)
        throw new OptionError('type', `${where}: ${name}: type: expected one of ${INPUT_TYPES.filter((one) => one !== 'file').join(', ')}.`)
      return [name, inputSpec(known, options, `${where}: ${name}`)] as const
    }),
  )
}

/**
 * `display` and `input` where there is no page, so that a notebook runs as a script: what is shown is printed, and inputs have the values
 * that they begin with. In a notebook the kernel gives cells its own, with the same types.
 */
import { inspect } from 'node:util'

interface InputLabel {
  /** Stands beside it; the name of the constant where nothing is said. */
  readonly label?: string
}
export interface SliderOptions extends InputLabel {
  readonly min: number
  readonly max: number
  /** The smallest step; 1 where nothing is said. */
  readonly step?: number
  /** `min` where nothing is said. */
  readonly value?: number
}
export interface TextInputOptions extends InputLabel {
  readonly value?: string
  readonly placeholder?: string
  readonly isMultiline?: boolean
}
export interface NumberInputOptions extends InputLabel {
  readonly value?: number | null
  readonly min?: number
  readonly max?: number
  readonly step?: number
}
export interface SelectOptions<Option extends string> extends InputLabel {
  readonly options: readonly Option[]
  /** The first option where nothing is said. */
  readonly value?: NoInfer<Option>
}
export interface CheckboxOptions extends InputLabel {
  readonly value?: boolean
}
export interface DateInputOptions extends InputLabel {
  /** `YYYY-MM-DD`. */
  readonly value?: string | null
  readonly min?: string
  readonly max?: string
}

/** Shows a value; answers it. */
export function display<T>(value: T): T {
  // oxlint-disable-next-line no-console -- a script has no other page
  console.log(typeof value === 'string' ? value : inspect(value, { depth: 5, maxArrayLength: 100 }))
  return value
}

export const input = {
  slider: ({ min, value = min }: SliderOptions): number => value,
  text: ({ value = '' }: TextInputOptions = {}): string => value,
  number: ({ value = null }: NumberInputOptions = {}): number | null => value,
  select: <const Option extends string>({ options, value }: SelectOptions<Option>): Option | undefined => value ?? options[0],
  checkbox: ({ value = false }: CheckboxOptions = {}): boolean => value,
  date: ({ value = null }: DateInputOptions = {}): string | null => value,
} as const

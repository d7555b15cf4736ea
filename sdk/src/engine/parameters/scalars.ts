/** Coercion of single values by pydantic v2's lax rules. `undefined` means: not to be had from this value. */

const NUMBER = /^[+-]?(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+(?:_\d+)*)?$/i
const SPECIAL = /^([+-]?)(inf|infinity|nan)$/i

/** Numbers, their text ("1", " 1.5 ", "1e3", "1_000", "inf", "nan"; not "" and not "0x10"), booleans as 0 and 1, bigints without loss. */
export function toNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : undefined
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  if (NUMBER.test(text)) return Number(text.replaceAll('_', ''))
  const [, sign, word] = SPECIAL.exec(text) ?? []
  if (word === undefined) return undefined
  return word.toLowerCase() === 'nan' ? NaN : sign === '-' ? -Infinity : Infinity
}

/** Whole numbers, and everything that {@link toNumber} makes a whole number of ("1", "1.0", true). */
export function toInteger(value: unknown): number | undefined {
  const number = toNumber(value)
  return number !== undefined && Number.isInteger(number) ? number : undefined
}

/** Bigints, safe whole numbers, booleans, and the digits of a whole number. */
export function toBigInt(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined
  if (typeof value !== 'string') return undefined
  const [, sign, digits] = /^([+-]?)(\d+(?:_\d+)*)(?:\.0*)?$/.exec(value.trim()) ?? []
  if (digits === undefined) return undefined
  const amount = BigInt(digits.replaceAll('_', ''))
  return sign === '-' ? -amount : amount
}

const TRUE = new Set(['1', 'on', 't', 'true', 'y', 'yes'])
const FALSE = new Set(['0', 'off', 'f', 'false', 'n', 'no'])

/** Booleans, 0 and 1, and the words for them in any case. */
export function toBoolean(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value
  if (value === 0 || value === 0n) return false
  if (value === 1 || value === 1n) return true
  if (typeof value !== 'string') return undefined
  const word = value.toLowerCase()
  return TRUE.has(word) ? true : FALSE.has(word) ? false : undefined
}

/** Values as text for people: parameters, results. */

const MAX_TEXT = 200_000

/** JSON with two spaces; what JSON has no word for is said in ours. */
export function valueText(value: unknown): string {
  if (value === undefined) return 'undefined'
  let text: string
  try {
    text = JSON.stringify(value, plain, 2) ?? typeof value
  } catch {
    text = 'This value refers to itself and is not shown as text.'
  }
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}\n… (${text.length.toLocaleString('en')} characters in all)`
}

function plain(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`
  if (value === undefined) return 'undefined'
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  if (value instanceof Map) return { Map: [...value] }
  if (value instanceof Set) return { Set: [...value] }
  if (value instanceof RegExp) return String(value)
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}(${value.byteLength} bytes)`
  return value
}

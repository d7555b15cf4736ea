/** Bytes of JSON, measured only as exactly as a limit needs. */
const BYTES_PER_UNIT = 3
const encoder = new TextEncoder()

/** Bytes of `value` as JSON in UTF-8; an upper bound when even that is within `limit`, because counting is dear. */
export function jsonBytes(value: unknown, limit: number): number {
  return textBytes(JSON.stringify(value), limit)
}

export function textBytes(text: string, limit: number): number {
  const most = text.length * BYTES_PER_UNIT
  return most <= limit ? most : encoder.encode(text).byteLength
}

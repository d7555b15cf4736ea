/** Bytes of a text in UTF-8, counted without encoding it. */
export function utf8Length(text: string): number {
  let bytes = text.length
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code < 0x80) continue
    bytes += code < 0x800 || isSurrogate(code) ? 1 : 2 // a pair of surrogates is two units and four bytes
  }
  return bytes
}

const isSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdfff

/** Looks at the text between two nodes, where only spaces, comments and single tokens stand. */

const SPACE = /(?:\s|\/\*[\s\S]*?\*\/|\/\/[^\n\r\u2028\u2029]*)*/y
const WORD = /(?:[\p{ID_Continue}$\u200C\u200D]|\\u(?:\{[0-9a-fA-F]+\}|[0-9a-fA-F]{4}))*/uy
export const LINE_BREAK = /[\n\r\u2028\u2029]/

/** The first offset from here on at which neither a space nor a comment stands. */
export function skipSpace(source: string, from: number): number {
  SPACE.lastIndex = from
  return from + (SPACE.exec(source)?.[0].length ?? 0)
}

/** The end of the word that begins here; escapes (`\u0061`) belong to it. */
export function wordEnd(source: string, from: number): number {
  WORD.lastIndex = from
  return from + (WORD.exec(source)?.[0].length ?? 0)
}

/** Where the token stands, when only spaces and comments are before it. */
export function tokenAfter(source: string, from: number, token: string): number | undefined {
  const at = skipSpace(source, from)
  return source.startsWith(token, at) ? at : undefined
}

/** The end of an expression with the parentheses around it that close before the next token. */
export function endWithParentheses(source: string, end: number): number {
  let last = end
  for (let at = tokenAfter(source, last, ')'); at !== undefined; at = tokenAfter(source, last, ')')) last = at + 1
  return last
}

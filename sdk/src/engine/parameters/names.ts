/** The names of a function's parameters, read from its own text: what is known of a function whose source file cannot be read. */
import { ARGUMENTS_PARAMETER, positionalName, type ParameterInfo } from '../../protocol/parameters.ts'

type Callable = (...args: never[]) => unknown

/** Between two tokens a slash begins a regular expression after one of these, a division after anything else. */
const BEFORE_REGEX = /(?:^|[([{,;=:?!&|+\-*%<>~^]|\b(?:return|typeof|case|in|of|void|delete|await|yield))\s*$/
const CLOSERS: { readonly [opener: string]: string } = { '(': ')', '[': ']', '{': '}' }
const HEAD = /^(?:async\b)?\s*(?:function\b)?\s*\*?\s*/
const SINGLE = /^(?:async\s+)?([\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*)\s*=>/u
const NAMED = /^(\.\.\.)?\s*([\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*)\s*$/u

/**
 * Names in their order. Nothing is required: at run time `x` and `x?: string` look the same. A destructured parameter is called by its
 * position (`arg0`). Undefined for what has no readable text: built-in and bound functions, classes, proxies.
 */
export function parameterNames(fn: Callable): readonly ParameterInfo[] | undefined {
  const text = Function.prototype.toString.call(fn)
  if (/^class\b/.test(text) || /\{\s*\[native code\]\s*\}\s*$/.test(text)) return undefined
  const single = SINGLE.exec(text)?.[1]
  if (single !== undefined) return [{ name: single, position: 0, required: false, rest: false }]
  const list = parameterList(text)
  if (list === undefined) return undefined
  const pieces = list.pieces.map((piece) => NAMED.exec(piece))
  const taken = new Set(pieces.flatMap((match) => match?.[2] ?? []))
  const infos = pieces.map((match, position): ParameterInfo => {
    const rest = list.pieces[position]?.startsWith('...') ?? false
    return { name: match?.[2] ?? positionalName(position, taken), position, required: false, rest }
  })
  const open = !infos.some(({ rest }) => rest) && !/^\s*=>/.test(list.after) && /\barguments\b/.test(list.after)
  return open ? [...infos, { name: ARGUMENTS_PARAMETER, position: infos.length, required: false, rest: true }] : infos
}

/** The parameters' texts without comments and defaults, and what comes after the closing parenthesis. */
function parameterList(text: string): { readonly pieces: readonly string[]; readonly after: string } | undefined {
  let at = HEAD.exec(text)?.[0].length ?? 0
  while (at < text.length && text[at] !== '(') at = skip(text, at)
  if (at >= text.length) return undefined
  const pieces = ['']
  let inDefault = false
  for (at++; at < text.length && text[at] !== ')';) {
    const next = skip(text, at)
    const token = text.slice(at, next)
    if (token === ',') {
      pieces.push('')
      inDefault = false
    } else if (token === '=') inDefault = true
    else if (!inDefault && !token.startsWith('/')) pieces.push((pieces.pop() ?? '') + token)
    at = next
  }
  if (at >= text.length) return undefined
  const trimmed = pieces.map((piece) => piece.trim())
  if (trimmed.at(-1) === '') trimmed.pop()
  return { pieces: trimmed, after: text.slice(at + 1) }
}

/** The offset after the token at `at`: a whole string, template, comment, regular expression or bracket, else one character. */
function skip(text: string, at: number): number {
  const char = text[at] ?? ''
  if (char === '"' || char === "'") return skipQuoted(text, at + 1, char)
  if (char === '`') return skipTemplate(text, at + 1)
  if (text.startsWith('//', at)) return endAfter(text, /[\n\r\u2028\u2029]|$/g, at)
  if (text.startsWith('/*', at)) return endAfter(text, /\*\/|$/g, at + 2)
  if (char === '/' && BEFORE_REGEX.test(text.slice(Math.max(0, at - 16), at)))
    return endAfter(text, /(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\[])*\/|$/g, at + 1)
  const closer = CLOSERS[char]
  if (closer === undefined) return at + 1
  let inner = at + 1
  while (inner < text.length && text[inner] !== closer) inner = skip(text, inner)
  return inner + 1
}

function skipQuoted(text: string, from: number, quote: string): number {
  let at = from
  while (at < text.length && text[at] !== quote) at += text[at] === '\\' ? 2 : 1
  return at + 1
}

function skipTemplate(text: string, from: number): number {
  let at = from
  while (at < text.length && text[at] !== '`') {
    if (text[at] === '\\') at += 2
    else at = text.startsWith('${', at) ? skip(text, at + 1) : at + 1
  }
  return at + 1
}

function endAfter(text: string, pattern: RegExp, from: number): number {
  pattern.lastIndex = from
  const match = pattern.exec(text)
  return match === null ? text.length : match.index + match[0].length
}

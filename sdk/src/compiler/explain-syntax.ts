/** What the parser says, in the words of people: what is meant, what the usual cause is, and how far it reaches. */
import { NESTED_TOO_DEEP, type SyntaxProblem } from './parse.ts'
import { lineStartsOf, positionAt } from './positions.ts'
import type { CellProblem } from './problems.ts'
import { wordEnd } from './text-scan.ts'
import { NAMESPACE_REFUSAL } from './type-statements.ts'

interface Explained {
  readonly message: string
  readonly hint?: string
}

export function explainSyntax(source: string, problem: SyntaxProblem): CellProblem {
  const { line, column, message } = problem
  if (message === NESTED_TOO_DEEP) return { message, line, column }
  const offset = (lineStartsOf(source)[line - 1] ?? 0) + column - 1
  const end = wordEnd(source, offset)
  return { ...explained(source, offset, message), line, column, ...(end > offset ? { endColumn: column + end - offset } : {}) }
}

function explained(source: string, offset: number, message: string): Explained {
  const sign = String.fromCodePoint(source.codePointAt(offset) ?? 0)
  if (/^Unexpected (?:token|character)/.test(message)) {
    if (source.slice(offset).trim() === '') return unfinished(source)
    if (/[“”„‘’‚«»]/.test(sign))
      return { message: `\`${sign}\` is a quotation mark of prose, not of code.`, hint: `Write \`'\` or \`"\` in its place.` }
    if (/[\p{Cf}\p{Cc}\u00A0]/u.test(sign) && !/\s/.test(sign)) {
      const code = (sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
      return { message: `A character that nobody sees stands here (U+${code}).`, hint: 'Delete it, and type what is around it anew.' }
    }
    if (/^\s*\{/.test(source))
      return { message, hint: 'A line that begins with `{` begins a block. Put parentheses around an object: `({ … })`.' }
  }
  const jump = /^Unsyntactic (break|continue)\./.exec(message)?.[1]
  if (jump !== undefined) return { message: `\`${jump}\` belongs into a loop, and here is none.` }
  const name = /^Identifier '(.+)' has already been declared\.$/.exec(message)?.[1]
  if (name !== undefined) return { message: `\`${name}\` is defined in this cell already.`, hint: 'Give one of them another name.' }
  if (message.startsWith('`module ... {}`')) return NAMESPACE_REFUSAL
  return { message }
}

/** The text is over, and what it began is not. */
function unfinished(source: string): Explained {
  const open = lastOpen(source)
  const message = 'The cell ends in the middle of something.'
  if (open === undefined) return { message, hint: 'Write the rest of the last line, or take away what is begun there.' }
  const { line } = positionAt({ source, lineStarts: lineStartsOf(source) }, open)
  return { message, hint: `The \`${source.charAt(open)}\` of line ${line} is still open.` }
}

const PIECE = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"|[/`([{}\])]/g
const CLOSES: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }

/** The innermost bracket that nobody closes. Undefined where a regular expression or a template may hold brackets that count for nothing. */
function lastOpen(source: string): number | undefined {
  const open: number[] = []
  for (const { 0: piece, index } of source.matchAll(PIECE)) {
    if (piece === '/' || piece === '`') return undefined
    if (piece.length > 1) continue
    const opening = CLOSES[piece]
    if (opening === undefined) open.push(index)
    else if (source.charAt(open.at(-1) ?? -1) === opening) open.pop()
    else return undefined
  }
  return open.at(-1)
}

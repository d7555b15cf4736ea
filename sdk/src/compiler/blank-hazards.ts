/** Where plain erasing would change what a program means. */
import { childOf, isParenthesized, listOf, textOf, type RawNode } from './raw.ts'
import { LINE_BREAK, skipSpace, tokenAfter } from './text-scan.ts'

interface Edit {
  readonly start: number
  readonly end: number
  readonly put?: '(' | ')'
}

/**
 * Parentheses of parameters that must move, because a line end in a type would part what has to stay on one line: `async <⏎T>(x)` and
 * `(x):⏎T =>`.
 */
export function moveParenthesis(source: string, node: RawNode): readonly Edit[] {
  const edits: Edit[] = []
  const types = childOf(node, 'typeParameters')
  const open = types === undefined ? undefined : tokenAfter(source, types.end, '(')
  if (types !== undefined && open !== undefined && LINE_BREAK.test(source.slice(types.start, open))) {
    edits.push({ start: open, end: open + 1 }, { start: types.start, end: types.start + 1, put: '(' })
  }
  const returned = childOf(node, 'returnType')
  if (node.type !== 'ArrowFunctionExpression' || returned === undefined) return edits
  const close = closingParenthesis(source, node, open)
  if (close !== undefined && LINE_BREAK.test(source.slice(close, returned.end))) {
    edits.push({ start: close, end: returned.end }, { start: returned.end - 1, end: returned.end, put: ')' })
  }
  return edits
}

function closingParenthesis(source: string, arrow: RawNode, open: number | undefined): number | undefined {
  const last = listOf(arrow, 'params').at(-1)
  if (last !== undefined) {
    const comma = tokenAfter(source, last.end, ',')
    return tokenAfter(source, comma === undefined ? last.end : comma + 1, ')')
  }
  const begin = open ?? skipSpace(source, arrow.start + (arrow['async'] === true ? 'async'.length : 0))
  return tokenAfter(source, begin + 1, ')')
}

const PRECEDENCE: readonly (readonly string[])[] = [
  ['??'],
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!=', '===', '!=='],
  ['<', '<=', '>', '>=', 'instanceof', 'in'],
  ['<<', '>>', '>>>'],
  ['+', '-'],
  ['*', '/', '%'],
  ['**'],
]
const BINARY = /(?:\*\*|>>>|<<|>>|[=!]==?|[<>]=?|\?\?|&&|\|\||[*/%+\-&|^])(?!=)|(?:instanceof|in)(?![\p{ID_Continue}$])/uy
const UNARY: ReadonlySet<string> = new Set(['UnaryExpression', 'AwaitExpression'])

const precedenceOf = (operator: string): number => PRECEDENCE.findIndex((operators) => operators.includes(operator))

/** Whether `a + b as T * c` would become `a + b * c`: without the type, the operator after it would take a part of what is before it. */
export function unsafeAssertion(source: string, assertion: RawNode): boolean {
  if (isParenthesized(assertion)) return false
  let base = assertion
  while (base.type === 'TSAsExpression' || base.type === 'TSSatisfiesExpression') {
    const inner = childOf(base, 'expression')
    if (inner === undefined || isParenthesized(inner)) return false
    base = inner
  }
  BINARY.lastIndex = skipSpace(source, assertion.end)
  const next = BINARY.exec(source)?.[0]
  if (next === undefined) return false
  if (UNARY.has(base.type)) return next === '**'
  if (base.type !== 'BinaryExpression' && base.type !== 'LogicalExpression') return false
  const operator = textOf(base, 'operator') ?? ''
  const [before, after] = [precedenceOf(operator), precedenceOf(next)]
  return after > before || (after === before && next === '**')
}

/** Where V8 says that a call stands (measured in Node 24): at the callee's last word, else at the parenthesis of the arguments. */
import { endOf, startOf, type CallNode } from './syntax.ts'

type Callee = CallNode['callee']

/**
 * The offset that a stack trace names for this call: `flow(` and `flow<T>(` at `flow`, `x.flow(` at `flow`; `(flow)(`, `flow?.(` and
 * `x['flow'](` at the parenthesis before the arguments. Types are blanked in place, so they move nothing.
 */
export function callOffset(source: string, call: CallNode): number {
  const optional = call.type === 'OptionalCallExpression' && call.optional
  const word = optional ? undefined : lastWord(call.callee)
  return word ?? openingParenthesis(source, endOf(call.typeArguments ?? call.callee))
}

function lastWord(callee: Callee): number | undefined {
  if (callee.extra?.['parenthesized'] === true) return undefined
  switch (callee.type) {
    case 'Identifier':
      return startOf(callee)
    case 'TSNonNullExpression':
    case 'TSInstantiationExpression':
      return lastWord(callee.expression)
    case 'MemberExpression':
    case 'OptionalMemberExpression':
      return callee.computed ? undefined : startOf(callee.property)
    default:
      return undefined
  }
}

const BETWEEN = /(?:\s|\)|!|\?\.|\/\*[\s\S]*?\*\/|\/\/[^\n\r\u2028\u2029]*)*/y

function openingParenthesis(source: string, from: number): number {
  BETWEEN.lastIndex = from
  return from + (BETWEEN.exec(source)?.[0].length ?? 0)
}

/** The flows and tasks that a source declares, found without running it. */
import type { ParameterInfo, ParametersSchema } from '../protocol/parameters.ts'
import { Bindings } from './bindings.ts'
import { callOffset } from './call-position.ts'
import { documentationAt } from './documentation.ts'
import { readSignature } from './parameters.ts'
import { parseSource, type SourceDocument, type SyntaxProblem } from './parse.ts'
import { positionAt } from './positions.ts'
import {
  bare,
  endOf,
  framesOf,
  isFunction,
  keyName,
  startOf,
  type CallNode,
  type Expression,
  type Frame,
  type FunctionNode,
} from './syntax.ts'

export interface FlowDeclaration {
  readonly kind: 'flow' | 'task'
  /** Where V8's stack traces say that the call of `flow` or `task` stands; both count from 1. */
  readonly line: number
  readonly column: number
  /** The variable, property or field that the declaration is assigned to. */
  readonly constName?: string
  readonly functionName?: string
  /** The doc comment above. */
  readonly description?: string
  readonly parameters: readonly ParameterInfo[]
  readonly schema: ParametersSchema
  /** The function's text: `source.slice(range.start, range.end)`. */
  readonly range: { readonly start: number; readonly end: number }
}

export type DeclarationsRead =
  | { readonly ok: true; readonly declarations: readonly FlowDeclaration[] }
  | { readonly ok: false; readonly error: SyntaxProblem }

/**
 * Finds every `flow(fn, …)`, `task(fn, …)` and `x.flow(fn, …)` whose function stands in the same source, in the order of the source. A name
 * under which the source imports them (`import { flow as define }`) counts too. Never throws: a source that cannot be parsed is an answer.
 *
 * @example
 * readDeclarations('export const hello = flow(async function hello(name: string) {})')
 * // { ok: true, declarations: [{ kind: 'flow', line: 1, column: 22, constName: 'hello', functionName: 'hello', … }] }
 */
export function readDeclarations(source: string, options: { readonly filename?: string } = {}): DeclarationsRead {
  const parsed = parseSource(source, options.filename)
  if (!parsed.ok) return parsed
  try {
    return { ok: true, declarations: declarationsOf(parsed.document) }
  } catch (error) {
    const [mistake] = parsed.document.mistakes
    if (mistake === undefined) throw error
    return { ok: false, error: mistake }
  }
}

/** The same for a document that is parsed already, without mistakes. */
export function declarationsOf(document: SourceDocument): readonly FlowDeclaration[] {
  const bindings = new Bindings()
  const calls: { readonly frame: Frame; readonly call: CallNode }[] = []
  const kinds = new Map<string, 'flow' | 'task'>([
    ['flow', 'flow'],
    ['task', 'task'],
  ])
  for (const frame of framesOf(document.program)) {
    const { node } = frame
    bindings.declare(frame)
    if (node.type === 'CallExpression' || node.type === 'OptionalCallExpression') calls.push({ frame, call: node })
    if (node.type === 'ImportDeclaration') {
      for (const specifier of node.specifiers) {
        const imported =
          specifier.type === 'ImportSpecifier' && specifier.imported.type === 'Identifier' ? specifier.imported.name : undefined
        if (imported === 'flow' || imported === 'task') kinds.set(specifier.local.name, imported)
      }
    }
  }
  return calls
    .flatMap(({ frame, call }) => {
      const kind = kindOf(call, kinds)
      const found = kind === undefined ? undefined : functionOf(call, bindings)
      return kind === undefined || found === undefined ? [] : [declarationOf(kind, frame, call, found, document, bindings)]
    })
    .sort((left, right) => left.line - right.line || left.column - right.column)
}

function kindOf(call: CallNode, kinds: ReadonlyMap<string, 'flow' | 'task'>): 'flow' | 'task' | undefined {
  if (call.callee.type === 'Super' || call.callee.type === 'Import' || call.callee.type === 'V8IntrinsicIdentifier') return undefined
  const callee = bare(call.callee)
  if (callee.type === 'Identifier') return kinds.get(callee.name)
  if (callee.type !== 'MemberExpression' && callee.type !== 'OptionalMemberExpression') return undefined
  const name = keyName(callee.property, callee.computed)
  return name === 'flow' || name === 'task' ? name : undefined
}

interface FoundFunction {
  readonly node: FunctionNode
  readonly name: string | undefined
  readonly docStart: number
}

/** The function that a call is given: written there, or by the name of a function of this document. */
function functionOf(call: CallNode, bindings: Bindings): FoundFunction | undefined {
  const [first] = call.arguments
  if (first === undefined || first.type === 'SpreadElement' || first.type === 'ArgumentPlaceholder') return undefined
  return resolveFunction(first, bindings, undefined, 0)
}

/** A constant may stand for another one; more than a few steps is a circle. */
const MAX_STEPS = 8

function resolveFunction(
  expression: Expression,
  bindings: Bindings,
  constant: FoundFunction | undefined,
  steps: number,
): FoundFunction | undefined {
  const node = bare(expression)
  if (isFunction(node)) {
    const own = node.type === 'ArrowFunctionExpression' ? undefined : node.id?.name
    return { node, name: own ?? constant?.name, docStart: constant?.docStart ?? startOf(node) }
  }
  if (node.type !== 'Identifier' || steps > MAX_STEPS) return undefined
  const meaning = bindings.value(node.name, startOf(node))
  if (meaning?.kind === 'function') return { node: meaning.node, name: node.name, docStart: meaning.docStart }
  if (meaning?.kind !== 'constant') return undefined
  const found = resolveFunction(meaning.init, bindings, undefined, steps + 1)
  return found === undefined
    ? undefined
    : { ...found, name: found.name ?? node.name, docStart: found.name === undefined ? meaning.docStart : found.docStart }
}

function declarationOf(
  kind: 'flow' | 'task',
  frame: Frame,
  call: CallNode,
  found: FoundFunction,
  document: SourceDocument,
  bindings: Bindings,
): FlowDeclaration {
  const target = targetOf(frame)
  const documentation = documentationAt(document, [found.docStart, startOf(found.node), target.start])
  return {
    kind,
    ...positionAt(document, callOffset(document.source, call)),
    ...(target.name === undefined ? {} : { constName: target.name }),
    ...(found.name === undefined ? {} : { functionName: found.name }),
    ...(documentation.description === undefined ? {} : { description: documentation.description }),
    ...readSignature(found.node, document, bindings, documentation),
    range: { start: startOf(found.node), end: endOf(found.node) },
  }
}

/** Nodes that hand the value of a call on to the one around it. */
const PASSING = new Set([
  'AwaitExpression',
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSTypeAssertion',
  'ExpressionStatement',
  'ExportDefaultDeclaration',
  'VariableDeclaration',
  'ExportNamedDeclaration',
])

/** What a call is assigned to, and where that statement begins: the place under its doc comment. */
function targetOf(frame: Frame): { readonly name: string | undefined; readonly start: number } {
  let name: string | undefined
  let at = frame
  for (let up = frame.parent; up !== undefined; up = at.parent) {
    const { node } = up
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier') name ??= node.id.name
    else if (node.type === 'AssignmentExpression' && node.right === at.node && node.left.type === 'Identifier') name ??= node.left.name
    else if ((node.type === 'ObjectProperty' || node.type === 'ClassProperty') && node.value === at.node) {
      return { name: keyName(node.key, node.computed ?? false), start: startOf(node) }
    } else if (isWithOptions(node, at)) {
      // `flow(fn).withOptions({})` is still what the variable holds.
    } else if (!PASSING.has(node.type)) break
    at = up
  }
  return { name, start: startOf(at.node) }
}

function isWithOptions(node: Frame['node'], from: Frame): boolean {
  if (node.type === 'MemberExpression') return node.object === from.node && keyName(node.property, node.computed) === 'withOptions'
  return node.type === 'CallExpression' && node.callee === from.node && from.node.type === 'MemberExpression'
}

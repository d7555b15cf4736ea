/** The parser's nodes by the names that this room uses, and how to go through them. */
import type { Expression, File } from '@babel/parser'

type Of<Union, Type extends string> = Extract<Union, { readonly type: Type }>

export type { Expression }
export type Program = File['program']
export type Statement = Program['body'][number]
export type Comment = NonNullable<File['comments']>[number]
export type FunctionNode = Of<Expression, 'FunctionExpression' | 'ArrowFunctionExpression'> | Of<Statement, 'FunctionDeclaration'>
export type ParameterNode = FunctionNode['params'][number]
export type CallNode = Of<Expression, 'CallExpression' | 'OptionalCallExpression'>
export type Declarator = Of<Statement, 'VariableDeclaration'>['declarations'][number]
export type InterfaceNode = Of<Statement, 'TSInterfaceDeclaration'>
export type AliasNode = Of<Statement, 'TSTypeAliasDeclaration'>
export type ObjectNode = Of<Expression, 'ObjectExpression'>
export type TypeNode = AliasNode['typeAnnotation']
export type TypeNodeOf<Type extends TypeNode['type']> = Of<TypeNode, Type>
export type TypeMember = InterfaceNode['body']['body'][number]
export type TypeArguments = TypeNodeOf<'TSTypeReference'>['typeArguments']
export type ObjectPattern = Of<ParameterNode, 'ObjectPattern'>
type ClassMember = Of<Statement, 'ClassDeclaration'>['body']['body'][number]
export type Node = Expression | Statement | Program | Declarator | ObjectNode['properties'][number] | ClassMember | TypeNode

/** A node with its way up. */
export interface Frame {
  readonly node: Node
  readonly parent: Frame | undefined
}

const LEAVES = new Set([
  'TSTypeAnnotation',
  'TSTypeParameterDeclaration',
  'TSTypeParameterInstantiation',
  'TSInterfaceDeclaration',
  'TSTypeAliasDeclaration',
  'TSEnumDeclaration',
  'TSDeclareFunction',
])

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string' && 'start' in value
}

/** Every node of a program with its ancestors, without what stands inside types. Walks with a list: deep sources overflow no stack. */
export function* framesOf(program: Program): Generator<Frame> {
  const waiting: Frame[] = [{ node: program, parent: undefined }]
  for (let frame = waiting.pop(); frame !== undefined; frame = waiting.pop()) {
    yield frame
    if (LEAVES.has(frame.node.type)) continue
    for (const child of Object.values(frame.node)) {
      if (isNode(child)) waiting.push({ node: child, parent: frame })
      else if (Array.isArray(child)) {
        for (const item of child) if (isNode(item)) waiting.push({ node: item, parent: frame })
      }
    }
  }
}

export const startOf = (node: { readonly start?: number | null }): number => node.start ?? 0
export const endOf = (node: { readonly end?: number | null }): number => node.end ?? 0

/** An expression without the types and parentheses around it. */
export function bare(node: Expression): Expression {
  let inner = node
  while (
    inner.type === 'TSAsExpression' ||
    inner.type === 'TSSatisfiesExpression' ||
    inner.type === 'TSNonNullExpression' ||
    inner.type === 'TSTypeAssertion' ||
    inner.type === 'TSInstantiationExpression' ||
    inner.type === 'ParenthesizedExpression'
  )
    inner = inner.expression
  return inner
}

export function isFunction(node: Node): node is FunctionNode {
  return node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression' || node.type === 'FunctionDeclaration'
}

/** The name of a property that is written in the source; undefined when it is computed. */
export function keyName(key: { readonly type: string }, computed: boolean): string | undefined {
  if (key.type === 'Identifier' && 'name' in key && !computed) return String(key.name)
  if ((key.type === 'StringLiteral' || key.type === 'NumericLiteral') && 'value' in key) return String(key.value)
  return undefined
}

/** Which statements are nothing but types, and which TypeScript would have to be translated. */
import { childOf, hasFlag, listOf, textOf, type RawNode } from './raw.ts'

const TYPES_ONLY: ReadonlySet<string> = new Set([
  'TSInterfaceDeclaration',
  'TSTypeAliasDeclaration',
  'TSDeclareFunction',
  'TSDeclareMethod',
  'TSIndexSignature',
  'TSNamespaceExportDeclaration',
])

/** Whether nothing of a statement or class member is left when it runs. */
export function isErased(node: RawNode): boolean {
  if (TYPES_ONLY.has(node.type) || hasFlag(node, 'declare')) return true
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
      return isTypeOnly(node)
    case 'ExportNamedDeclaration':
    case 'ExportDefaultDeclaration': {
      const declaration = childOf(node, 'declaration')
      return isTypeOnly(node) || (declaration !== undefined && isErased(declaration))
    }
    case 'TSModuleDeclaration':
      return !hasValues(node)
    case 'ClassProperty':
    case 'ClassAccessorProperty':
    case 'ClassMethod':
      return hasFlag(node, 'abstract')
    default:
      return false
  }
}

/** A signature that its function follows: what comes next can be no continuation of what stands before it. */
export function isOverload(node: RawNode): boolean {
  const inner = node.type === 'ExportNamedDeclaration' ? (childOf(node, 'declaration') ?? node) : node
  if (hasFlag(inner, 'declare')) return false
  return (
    inner.type === 'TSDeclareFunction' || (inner.type === 'TSDeclareMethod' && !hasFlag(inner, 'abstract') && !hasFlag(inner, 'computed'))
  )
}

const isTypeOnly = (node: RawNode): boolean => textOf(node, 'importKind') === 'type' || textOf(node, 'exportKind') === 'type'

function hasValues(module: RawNode): boolean {
  const waiting = [module]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (hasFlag(node, 'declare') || hasFlag(node, 'global') || textOf(node, 'kind') === 'global') continue
    if (childOf(node, 'id')?.type === 'StringLiteral') continue
    const body = childOf(node, 'body')
    if (body === undefined) continue
    const statements = body.type === 'TSModuleDeclaration' ? [body] : listOf(body, 'body')
    for (const statement of statements) {
      const inner = statement.type === 'ExportNamedDeclaration' ? (childOf(statement, 'declaration') ?? statement) : statement
      if (inner.type === 'TSModuleDeclaration') waiting.push(inner)
      else if (inner.type === 'TSImportEqualsDeclaration' ? inner !== statement || hasFlag(inner, 'isExport') : !isTypeOf(inner))
        return true
    }
  }
  return false
}

const isTypeOf = (node: RawNode): boolean => node.type === 'TSInterfaceDeclaration' || node.type === 'TSTypeAliasDeclaration'

export interface Refusal {
  readonly message: string
  readonly hint: string
}

/** Why a node cannot be erased; undefined when it can, or when it is no TypeScript. */
export function refusalOf(node: RawNode): Refusal | undefined {
  switch (node.type) {
    case 'TSEnumDeclaration':
      return hasFlag(node, 'declare') ? undefined : REFUSALS.enum
    case 'TSModuleDeclaration':
      return isErased(node) ? undefined : REFUSALS.namespace
    case 'TSParameterProperty':
      return REFUSALS.parameterProperty
    case 'TSImportEqualsDeclaration':
      return REFUSALS.importEquals
    case 'TSExportAssignment':
      return REFUSALS.exportEquals
    case 'TSTypeAssertion':
      return REFUSALS.assertion
    default:
      return undefined
  }
}

const REFUSALS = {
  enum: {
    message: 'An `enum` cannot be used here: it is more than a type, and types are only erased.',
    hint: "Write `const Color = { Red: 'red' } as const`, or a union of strings.",
  },
  namespace: {
    message: 'A `namespace` with values cannot be used here: it is more than a type, and types are only erased.',
    hint: 'Write an object, or put its contents into a cell.',
  },
  parameterProperty: {
    message: 'A constructor cannot declare fields in its parameters here: types are only erased.',
    hint: 'Declare the field in the class, and assign it in the constructor.',
  },
  importEquals: {
    message: '`import … = …` cannot be used here: it is not part of JavaScript.',
    hint: "Write `import name from 'module'`.",
  },
  exportEquals: { message: '`export = …` cannot be used here: it is not part of JavaScript.', hint: 'Write `export const name = …`.' },
  assertion: { message: 'A type in angle brackets cannot be erased safely.', hint: 'Write `value as Type`.' },
} as const satisfies Record<string, Refusal>

export const NAMESPACE_REFUSAL: Refusal = REFUSALS.namespace

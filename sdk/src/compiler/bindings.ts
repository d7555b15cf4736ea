/** Which name means what where: a list of declarations with the range in which each is seen. */
import {
  endOf,
  isFunction,
  startOf,
  type AliasNode,
  type Frame,
  type FunctionNode,
  type InterfaceNode,
  type Node,
  type Expression,
} from './syntax.ts'

/** What a name stands for, as far as it can be read. `opaque`: declared here, and nothing more is known (imports, classes, `let`). */
export type Meaning =
  | { readonly kind: 'function'; readonly node: FunctionNode; readonly docStart: number }
  | { readonly kind: 'constant'; readonly init: Expression; readonly docStart: number }
  | { readonly kind: 'interface'; readonly node: InterfaceNode }
  | { readonly kind: 'alias'; readonly node: AliasNode }
  | { readonly kind: 'opaque' }

/** What one name means, by the node in which it is seen. A map: minified sources declare one name in thousands of scopes. */
type Scopes = Map<Node | undefined, Meaning[]>

const SCOPES = new Set([
  'Program',
  'BlockStatement',
  'StaticBlock',
  'TSModuleBlock',
  'SwitchStatement',
  'ForStatement',
  'ForOfStatement',
  'ForInStatement',
  'CatchClause',
])
const isScope = (node: Node): boolean => SCOPES.has(node.type) || isFunction(node)

const OPAQUE: Meaning = { kind: 'opaque' }

/** The names of one document. Values and types live side by side, as in TypeScript. */
export class Bindings {
  readonly #values = new Map<string, Scopes>()
  readonly #types = new Map<string, Scopes>()

  /** Notes what this node declares. Every node of the document must come by before the first look-up. */
  declare(frame: Frame): void {
    const { node } = frame
    switch (node.type) {
      case 'FunctionDeclaration':
        if (node.id) this.#value(node.id.name, frame.parent, { kind: 'function', node, docStart: statementStart(frame) })
        this.#parameters(frame, node)
        return
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        this.#parameters(frame, node)
        return
      case 'VariableDeclarator': {
        if (node.id.type !== 'Identifier') return
        const list = frame.parent?.node
        const constant = list?.type === 'VariableDeclaration' && list.kind === 'const' && node.init
        const docStart = frame.parent === undefined ? startOf(node) : statementStart(frame.parent)
        this.#value(node.id.name, frame.parent, constant ? { kind: 'constant', init: constant, docStart } : OPAQUE)
        return
      }
      case 'ImportDeclaration':
        for (const specifier of node.specifiers) {
          this.#value(specifier.local.name, frame.parent, OPAQUE)
          this.#type(specifier.local.name, frame.parent, OPAQUE)
        }
        return
      case 'ClassDeclaration':
        if (!node.id) return
        this.#value(node.id.name, frame.parent, OPAQUE)
        this.#type(node.id.name, frame.parent, OPAQUE)
        return
      case 'TSEnumDeclaration':
        this.#type(node.id.name, frame.parent, OPAQUE)
        return
      case 'TSInterfaceDeclaration':
        this.#type(node.id.name, frame.parent, { kind: 'interface', node })
        return
      case 'TSTypeAliasDeclaration':
        this.#type(node.id.name, frame.parent, { kind: 'alias', node })
        return
      default:
    }
  }

  /** What a value's name means at an offset: the innermost declaration around it. */
  value(name: string, at: number): Meaning | undefined {
    return innermost(this.#values.get(name), at)?.[0]
  }

  /** What a type's name means at an offset; several for an interface that is declared in parts, none when the name is not of this document. */
  type(name: string, at: number): readonly Meaning[] {
    return innermost(this.#types.get(name), at) ?? []
  }

  #parameters(frame: Frame, node: FunctionNode): void {
    for (const parameter of node.params) {
      const target = parameter.type === 'AssignmentPattern' ? parameter.left : parameter
      if (target.type === 'Identifier') this.#value(target.name, frame, OPAQUE)
    }
  }

  #value(name: string, within: Frame | undefined, meaning: Meaning): void {
    add(this.#values, name, within, meaning)
  }

  #type(name: string, within: Frame | undefined, meaning: Meaning): void {
    add(this.#types, name, within, meaning)
  }
}

function add(names: Map<string, Scopes>, name: string, within: Frame | undefined, meaning: Meaning): void {
  let frame = within
  while (frame?.parent !== undefined && !isScope(frame.node)) frame = frame.parent
  const scopes = names.get(name) ?? new Map<Node | undefined, Meaning[]>()
  names.set(name, scopes)
  const meanings = scopes.get(frame?.node)
  if (meanings === undefined) scopes.set(frame?.node, [meaning])
  else meanings.push(meaning)
}

function innermost(scopes: Scopes | undefined, at: number): readonly Meaning[] | undefined {
  let found: readonly Meaning[] | undefined
  let size = Infinity
  for (const [scope, meanings] of scopes ?? []) {
    const [start, end] = scope === undefined || scope.type === 'Program' ? [0, Number.MAX_SAFE_INTEGER] : [startOf(scope), endOf(scope)]
    if (start > at || end < at || end - start >= size) continue
    found = meanings
    size = end - start
  }
  return found
}

/** Where a declaration begins, `export` included: the place under its doc comment. */
function statementStart(frame: Frame): number {
  const parent = frame.parent?.node
  return startOf(parent?.type === 'ExportNamedDeclaration' || parent?.type === 'ExportDefaultDeclaration' ? parent : frame.node)
}

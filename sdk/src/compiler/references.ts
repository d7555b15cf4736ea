/**
 * What a cell needs and gives: its free names with every place, its top-level definitions, and what it does at its top level.
 *
 * 1. Names are resolved after the whole walk: a use before its declaration is no free name.
 * 2. The walk keeps a list of its own: deep sources overflow no stack.
 */
import { isKnownName } from './known-names.ts'
import { childOf, childrenOf, hasFlag, isRaw, listOf, textOf, type RawNode } from './raw.ts'
import { declare, newScope, sees, type DefinitionKind, type Scope } from './scope.ts'
import type { Program } from './syntax.ts'
import { isErased } from './type-statements.ts'

/** Offsets in the source. */
export interface Range {
  readonly start: number
  readonly end: number
}

/** A name that the cell uses and does not define. */
export interface Reference {
  readonly name: string
  /** JavaScript, the browser or Flowcell has it, unless a cell defines it. */
  readonly known: boolean
  /** Every use, in the order of the source. */
  readonly uses: readonly Range[]
  /** Those uses that assign. */
  readonly writes: readonly Range[]
}

export interface Definition extends Range {
  readonly name: string
  readonly kind: Exclude<DefinitionKind, 'parameter'>
  /** It stays in its cell: `_name`, and what `using` declares, which is disposed when the cell ends. */
  readonly local: boolean
}

export interface References {
  readonly references: readonly Reference[]
  readonly definitions: readonly Definition[]
  /** Definitions of names that the cell also imports. The parser lets them pass: an import may be of a type. */
  readonly clashes: readonly (Range & { readonly name: string })[]
  /** The cell awaits at its top level. */
  readonly awaits: boolean
  /** Uses outside of every function. */
  readonly outside: readonly (Range & { readonly what: 'this' | 'arguments' | 'return' | 'new.target' })[]
}

type Mode = 'value' | 'target' | DefinitionKind

interface Visit {
  readonly node: RawNode
  readonly mode: Mode
  readonly scope: Scope
  /** Functions around it that an `await` belongs to, and those that have a `this` of their own. */
  readonly functions: number
  readonly owners: number
}

/** Reads the names of a program. Types count for nothing. */
export function referencesOf(program: Program): References {
  const walk = new NameWalk()
  return isRaw(program) ? walk.read(program) : walk.read({ type: 'Program', start: 0, end: 0, body: [] })
}

const WRAPPERS: ReadonlySet<string> = new Set([
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSTypeAssertion',
  'TSInstantiationExpression',
  'ParenthesizedExpression',
])
const BLOCKS: ReadonlySet<string> = new Set([
  'BlockStatement',
  'ForStatement',
  'ForInStatement',
  'ForOfStatement',
  'SwitchStatement',
  'CatchClause',
])
const FUNCTION = /^(?:Function(?:Declaration|Expression)|ArrowFunctionExpression|ObjectMethod|Class(?:Private)?Method)$/
const FIELD = /^Class(?:Private|Accessor)?Property$/
const NAMELESS: ReadonlySet<string> = new Set([
  'BreakStatement',
  'ContinueStatement',
  'MetaProperty',
  'PrivateName',
  'ExportAllDeclaration',
  'TemplateElement',
  'TSClassImplements',
  'TSExpressionWithTypeArguments',
])

class NameWalk {
  readonly #top = newScope(undefined, true)
  readonly #used: { readonly name: string; readonly range: Range; readonly scope: Scope; readonly writes: boolean }[] = []
  readonly #outside: (Range & { readonly what: 'this' | 'arguments' | 'return' | 'new.target' })[] = []
  readonly #waiting: Visit[] = []
  readonly #clashes: (Range & { readonly name: string })[] = []
  #awaits = false

  read(program: RawNode): References {
    for (const node of listOf(program, 'body')) this.#waiting.push({ node, mode: 'value', scope: this.#top, functions: 0, owners: 0 })
    for (let visit = this.#waiting.pop(); visit !== undefined; visit = this.#waiting.pop()) this.#visit(visit)
    return {
      references: this.#references(),
      definitions: [...this.#top.names]
        .flatMap(([name, { kind, start, end }]) =>
          kind === 'parameter' ? [] : [{ name, kind, start, end, local: name.startsWith('_') || kind === 'using' }],
        )
        .sort((left, right) => left.start - right.start),
      clashes: this.#clashes.sort((left, right) => left.start - right.start),
      awaits: this.#awaits,
      outside: this.#outside.sort((left, right) => left.start - right.start),
    }
  }

  #references(): Reference[] {
    const found = new Map<string, { uses: Range[]; writes: Range[] }>()
    for (const { name, range, scope, writes } of this.#used.sort((left, right) => left.range.start - right.range.start)) {
      if (sees(scope, name)) continue
      const reference = found.get(name) ?? { uses: [], writes: [] }
      found.set(name, reference)
      reference.uses.push(range)
      if (writes) reference.writes.push(range)
    }
    return [...found].map(([name, { uses, writes }]) => ({ name, known: isKnownName(name), uses, writes }))
  }

  #push(from: Visit, node: RawNode | undefined, change: Partial<Visit> = {}): void {
    if (node !== undefined) this.#waiting.push({ ...from, mode: 'value', ...change, node })
  }

  #pushAll(from: Visit, nodes: readonly RawNode[], change: Partial<Visit> = {}): void {
    for (const node of nodes) this.#push(from, node, change)
  }

  #visit(visit: Visit): void {
    const { node } = visit
    const { type } = node
    if (isErased(node) || NAMELESS.has(type)) return this.#nameless(visit)
    if (WRAPPERS.has(type)) return this.#push(visit, childOf(node, 'expression'), { mode: visit.mode })
    if (type.startsWith('TS')) return
    if (FUNCTION.test(type)) return this.#function(visit)
    if (FIELD.test(type)) return this.#field(visit)
    if (BLOCKS.has(type)) return this.#block(visit)
    this.#plain(visit)
  }

  #nameless({ node, owners }: Visit): void {
    if (owners > 0 || node.type !== 'MetaProperty') return
    if (textOf(childOf(node, 'meta'), 'name') === 'new') this.#outside.push({ what: 'new.target', start: node.start, end: node.end })
  }

  #plain(visit: Visit): void {
    const { node, mode, functions, owners } = visit
    switch (node.type) {
      case 'Identifier':
        return this.#identifier(visit)
      case 'ThisExpression':
        if (owners === 0) this.#outside.push({ what: 'this', start: node.start, end: node.end })
        return
      case 'ReturnStatement':
        if (functions === 0) this.#outside.push({ what: 'return', start: node.start, end: node.start + 'return'.length })
        return this.#push(visit, childOf(node, 'argument'))
      case 'AwaitExpression':
        this.#awaits ||= functions === 0
        return this.#push(visit, childOf(node, 'argument'))
      case 'ObjectPattern':
        return this.#pushAll(visit, listOf(node, 'properties'), { mode })
      case 'ArrayPattern':
        return this.#pushAll(visit, listOf(node, 'elements'), { mode })
      case 'RestElement':
        return this.#push(visit, childOf(node, 'argument'), { mode })
      case 'AssignmentPattern':
        this.#push(visit, childOf(node, 'right'))
        return this.#push(visit, childOf(node, 'left'), { mode })
      case 'ObjectProperty':
        if (hasFlag(node, 'computed')) this.#push(visit, childOf(node, 'key'))
        return this.#push(visit, childOf(node, 'value'), { mode })
      case 'AssignmentExpression':
        this.#push(visit, childOf(node, 'right'))
        return this.#push(visit, childOf(node, 'left'), { mode: 'target' })
      case 'UpdateExpression':
        return this.#push(visit, childOf(node, 'argument'), { mode: 'target' })
      case 'MemberExpression':
      case 'OptionalMemberExpression':
        if (hasFlag(node, 'computed')) this.#push(visit, childOf(node, 'property'))
        return this.#push(visit, childOf(node, 'object'))
      default:
        return this.#statement(visit)
    }
  }

  #statement(visit: Visit): void {
    const { node, scope, functions, owners } = visit
    switch (node.type) {
      case 'VariableDeclaration': {
        const kind = textOf(node, 'kind') ?? 'const'
        const mode = kind === 'let' || kind === 'var' || kind === 'const' ? kind : 'using'
        if (kind === 'await using') this.#awaits ||= functions === 0
        for (const declarator of listOf(node, 'declarations')) {
          this.#push(visit, childOf(declarator, 'id'), { mode })
          this.#push(visit, childOf(declarator, 'init'))
        }
        return
      }
      case 'ImportDeclaration':
        for (const specifier of listOf(node, 'specifiers')) {
          if (textOf(specifier, 'importKind') !== 'type') this.#push(visit, childOf(specifier, 'local'), { mode: 'import' })
        }
        return
      case 'ExportNamedDeclaration':
        this.#push(visit, childOf(node, 'declaration'))
        if (childOf(node, 'source') !== undefined) return
        for (const specifier of listOf(node, 'specifiers')) {
          if (textOf(specifier, 'exportKind') !== 'type') this.#push(visit, childOf(specifier, 'local'))
        }
        return
      case 'LabeledStatement':
        return this.#push(visit, childOf(node, 'body'))
      case 'ClassDeclaration':
      case 'ClassExpression': {
        const id = childOf(node, 'id')
        const inner = newScope(scope)
        if (id !== undefined) this.#push(visit, id, { mode: 'class', scope: node.type === 'ClassDeclaration' ? scope : inner })
        this.#pushAll(visit, listOf(node, 'decorators'))
        this.#push(visit, childOf(node, 'superClass'), { scope: inner })
        const body = childOf(node, 'body')
        if (body !== undefined) this.#pushAll(visit, listOf(body, 'body'), { scope: inner })
        return
      }
      case 'StaticBlock':
        return this.#pushAll(visit, listOf(node, 'body'), {
          scope: ownScope(scope),
          functions: functions + 1,
          owners: owners + 1,
        })
      default:
        this.#pushAll(visit, childrenOf(node))
    }
  }

  #identifier({ node, mode, scope, owners }: Visit): void {
    const name = textOf(node, 'name') ?? ''
    // A binding ends with its type; its name does not.
    const range = {
      start: node.start,
      end: childOf(node, 'typeAnnotation') === undefined && !hasFlag(node, 'optional') ? node.end : node.start + name.length,
    }
    if (mode !== 'value' && mode !== 'target') {
      const before = declare(scope, name, { kind: mode, ...range })
      if (before !== undefined && (before.kind === 'import') !== (mode === 'import'))
        this.#clashes.push({ name, start: Math.max(before.start, range.start), end: Math.max(before.end, range.end) })
      return
    }
    if (name === 'arguments') {
      if (owners === 0) this.#outside.push({ what: 'arguments', ...range })
      return
    }
    if (name !== 'undefined') this.#used.push({ name, range, scope, writes: mode === 'target' })
  }

  #block(visit: Visit): void {
    const { node, functions } = visit
    const inner = { scope: newScope(visit.scope) }
    if (node.type === 'ForOfStatement' && hasFlag(node, 'await')) this.#awaits ||= functions === 0
    if (node.type === 'CatchClause') {
      this.#push(visit, childOf(node, 'param'), { ...inner, mode: 'let' })
      return this.#push(visit, childOf(node, 'body'), inner)
    }
    const outer = childOf(node, 'discriminant')
    if (outer !== undefined) this.#push(visit, outer)
    const left = childOf(node, 'left')
    if (left !== undefined) this.#push(visit, left, { ...inner, mode: left.type === 'VariableDeclaration' ? 'value' : 'target' })
    for (const child of childrenOf(node)) if (child !== left && child !== outer) this.#push(visit, child, inner)
  }

  #field(visit: Visit): void {
    const { node, functions, owners } = visit
    if (hasFlag(node, 'computed')) this.#push(visit, childOf(node, 'key'))
    this.#pushAll(visit, listOf(node, 'decorators'))
    this.#push(visit, childOf(node, 'value'), { functions: functions + 1, owners: owners + 1 })
  }

  #function(visit: Visit): void {
    const { node, scope } = visit
    const isArrow = node.type === 'ArrowFunctionExpression'
    const named = newScope(scope)
    const id = childOf(node, 'id')
    if (id !== undefined) this.#push(visit, id, { mode: 'function', scope: node.type === 'FunctionDeclaration' ? scope : named })
    if (hasFlag(node, 'computed')) this.#push(visit, childOf(node, 'key'))
    this.#pushAll(visit, listOf(node, 'decorators'))
    const inside = { functions: visit.functions + 1, owners: visit.owners + (isArrow ? 0 : 1) }
    const parameters = ownScope(named)
    this.#pushAll(visit, listOf(node, 'params'), { ...inside, scope: parameters, mode: 'parameter' })
    const body = childOf(node, 'body')
    if (body?.type !== 'BlockStatement') return this.#push(visit, body, { ...inside, scope: parameters })
    this.#pushAll(visit, listOf(body, 'body'), { ...inside, scope: ownScope(parameters) })
  }
}

const ownScope = (parent: Scope): Scope => newScope(parent, true)

/**
 * Erases TypeScript in place: what is only type becomes spaces, so that every line and column of what runs is true.
 *
 * 1. The result is as long as the source, and its line ends stand where they stood.
 * 2. A statement that is gone leaves a `;` when the one before it might otherwise go on in the one after it.
 * 3. What cannot be erased (it would have to be translated) is a problem, never a guess.
 */
import { moveParenthesis, unsafeAssertion } from './blank-hazards.ts'
import { Blanks } from './blanks.ts'
import { modifiersOf } from './modifiers.ts'
import type { SourceDocument } from './parse.ts'
import { problemAt, type CellProblem } from './problems.ts'
import { childOf, childrenOf, hasFlag, isRaw, listOf, textOf, type RawNode } from './raw.ts'
import { endWithParentheses, skipSpace, tokenAfter, wordEnd } from './text-scan.ts'
import { isErased, isOverload, refusalOf } from './type-statements.ts'

export interface Blanked {
  /** As long as the source. */
  readonly code: string
  readonly problems: readonly CellProblem[]
  /** Ends of statements that ended in a type: where the `;` stands that now ends them. */
  readonly terminators: ReadonlyMap<number, number>
}

const TYPES: ReadonlySet<string> = new Set(['TSTypeAnnotation', 'TSTypeParameterInstantiation', 'TSTypeParameterDeclaration'])
const LISTS: Readonly<Record<string, string>> = {
  Program: 'body',
  BlockStatement: 'body',
  StaticBlock: 'body',
  ClassBody: 'body',
  SwitchCase: 'consequent',
}
/** They may end in a type, and the end of their line ends them. */
const ENDING: ReadonlySet<string> = new Set([
  'ExpressionStatement',
  'VariableDeclaration',
  'ReturnStatement',
  'ThrowStatement',
  'ExportDefaultDeclaration',
  'ClassProperty',
  'ClassPrivateProperty',
  'ClassAccessorProperty',
])
const MEMBER = /^Class(?:Private)?(?:Property|Method|AccessorProperty)$/
/** A field of such a name, without its type and without a semicolon, would be read together with the next member. */
const SWALLOWING: ReadonlySet<string> = new Set(['get', 'set', 'static', 'accessor'])

/**
 * Blanks the types of a document.
 *
 * @example
 * blankTypes(document('let n: number = f<string>(x as any)')).code // 'let n         = f        (x       )'
 */
export function blankTypes(document: SourceDocument): Blanked {
  const blanker = new Blanker(document)
  const { program } = document
  if (isRaw(program)) blanker.walk(program)
  return blanker.finish()
}

class Blanker {
  readonly #document: SourceDocument
  readonly #source: string
  readonly #blanks: Blanks
  readonly #problems: CellProblem[] = []
  readonly #erased = new Set<RawNode>()
  readonly #tails = new Map<number, number>()
  readonly #openEnds = new Set<number>()
  /** Declarations in the head of a loop, which end no statement. */
  readonly #heads = new Set<RawNode>()

  constructor(document: SourceDocument) {
    this.#document = document
    this.#source = document.source
    this.#blanks = new Blanks(document.source)
  }

  walk(program: RawNode): void {
    const waiting: RawNode[] = [program]
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      if (this.#erased.has(node) || !this.#visit(node)) continue
      for (const child of childrenOf(node)) waiting.push(child)
    }
  }

  finish(): Blanked {
    const terminators = new Map<number, number>()
    for (const [end, start] of this.#tails) {
      if (!this.#openEnds.has(end)) continue
      this.#blanks.put(start, ';')
      terminators.set(end, start)
    }
    const problems = this.#problems.toSorted((left, right) => left.line - right.line || left.column - right.column)
    return { code: this.#blanks.toString(), problems, terminators }
  }

  /** Whether the walk goes on below. */
  #visit(node: RawNode): boolean {
    const { type, start, end } = node
    const refused = refusalOf(node)
    if (refused !== undefined) {
      this.#refuse(node, refused.message, refused.hint)
      return false
    }
    if (TYPES.has(type)) {
      this.#blanks.blank(start, end)
      return false
    }
    if (ENDING.has(type) && !this.#heads.has(node) && this.#source[end - 1] !== ';') this.#openEnds.add(end)
    const list = LISTS[type]
    if (list !== undefined) this.#eraseIn(node, list)
    if (MEMBER.test(type)) this.#member(node)
    if ('params' in node && type !== 'TSDeclareFunction') this.#function(node)
    this.#kind(node)
    return true
  }

  #kind(node: RawNode): void {
    switch (node.type) {
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
        return this.#assertion(node)
      case 'TSNonNullExpression':
        return this.#blanks.blank(node.end - 1, node.end)
      case 'ClassDeclaration':
      case 'ClassExpression':
        return this.#class(node)
      case 'Identifier':
        if (hasFlag(node, 'optional')) this.#mark(wordEnd(this.#source, node.start), '?')
        return
      case 'ObjectPattern':
      case 'ArrayPattern':
        if (hasFlag(node, 'optional')) this.#mark(this.#endOfPattern(node), '?')
        return
      case 'VariableDeclarator': {
        const id = childOf(node, 'id')
        if (hasFlag(node, 'definite') && id !== undefined) this.#mark(wordEnd(this.#source, id.start), '!')
        return
      }
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement': {
        const head = childOf(node, 'init') ?? childOf(node, 'left')
        if (head !== undefined) this.#heads.add(head)
        return
      }
      case 'ImportDeclaration':
      case 'ExportNamedDeclaration':
        for (const specifier of listOf(node, 'specifiers')) this.#specifier(specifier)
        return
      default:
    }
  }

  #refuse(range: { readonly start: number; readonly end: number }, message: string, hint?: string): void {
    this.#problems.push(problemAt(this.#document, range, message, hint))
  }

  #eraseIn(parent: RawNode, field: string): void {
    let before = listOf(parent, 'directives').at(-1)
    for (const statement of listOf(parent, field)) {
      if (!isErased(statement)) {
        before = statement
        continue
      }
      this.#erased.add(statement)
      this.#blanks.blank(statement.start, statement.end)
      if (before !== undefined && this.#source[before.end - 1] !== ';' && !isOverload(statement)) this.#blanks.put(statement.start, ';')
    }
  }

  #assertion(node: RawNode): void {
    const expression = childOf(node, 'expression')
    if (expression === undefined) return
    if (unsafeAssertion(this.#source, node)) return this.#refuseGrouping(node)
    const from = endWithParentheses(this.#source, expression.end)
    this.#blanks.blank(from, node.end)
    this.#tails.set(node.end, from)
  }

  #refuseGrouping(node: RawNode): void {
    this.#refuse(node, 'Without its type this expression would be grouped differently.', 'Put parentheses around the part with the type.')
  }

  #class(node: RawNode): void {
    const bodyStart = childOf(node, 'body')?.start ?? node.end
    let from = skipSpace(this.#source, listOf(node, 'decorators').findLast(({ end }) => end < bodyStart)?.end ?? node.start)
    if (hasFlag(node, 'abstract') && this.#source.startsWith('abstract', from)) {
      this.#blanks.blank(from, from + 'abstract'.length)
      from = skipSpace(this.#source, from + 'abstract'.length)
    }
    const implemented = listOf(node, 'implements')
    const last = implemented.at(-1)
    if (last === undefined) return
    const before = ['superTypeArguments', 'superClass', 'typeParameters', 'id'].flatMap((field) => childOf(node, field) ?? [])[0]
    const after = before === undefined ? wordEnd(this.#source, from) : endWithParentheses(this.#source, before.end)
    const keyword = tokenAfter(this.#source, after, 'implements')
    if (keyword !== undefined) this.#blanks.blank(keyword, last.end)
    for (const item of implemented) this.#erased.add(item)
  }

  #member(node: RawNode): void {
    const key = childOf(node, 'key')
    if (key === undefined) return
    const decorators = listOf(node, 'decorators').filter(({ end }) => end <= key.start)
    const from = decorators.at(-1)?.end ?? node.start
    const { removed, next } = modifiersOf(this.#source, from, key.start)
    for (const { start, end } of removed) this.#blanks.blank(start, end)
    const [first] = removed
    const opens = next.startsWith('[') || next.startsWith('*') || /^(?:in|instanceof)(?![\p{ID_Continue}$])/u.test(next)
    if (opens && first !== undefined && decorators.length === 0 && first.start === node.start) this.#blanks.put(first.start, ';')
    const end = hasFlag(node, 'computed') ? skipSpace(this.#source, endWithParentheses(this.#source, key.end)) + 1 : key.end
    if (hasFlag(node, 'optional')) this.#mark(end, '?')
    if (hasFlag(node, 'definite')) this.#mark(end, '!')
    this.#keepApart(node, key, end)
  }

  #keepApart(node: RawNode, key: RawNode, end: number): void {
    const annotation = childOf(node, 'typeAnnotation')
    if (annotation === undefined || childOf(node, 'value') !== undefined || hasFlag(node, 'computed')) return
    if (SWALLOWING.has(textOf(key, 'name') ?? '')) this.#tails.set(annotation.end, end)
  }

  #function(node: RawNode): void {
    const [first] = listOf(node, 'params')
    if (first?.type === 'Identifier' && first.name === 'this') this.#withComma(first)
    for (const { start, end, put } of moveParenthesis(this.#source, node)) {
      if (put === undefined) this.#blanks.blank(start, end)
      else this.#blanks.put(start, put)
    }
  }

  #specifier(node: RawNode): void {
    if (textOf(node, 'importKind') === 'type' || textOf(node, 'exportKind') === 'type') this.#withComma(node)
  }

  /** Blanks an item of a list with the comma after it. */
  #withComma(node: RawNode): void {
    const comma = tokenAfter(this.#source, node.end, ',')
    this.#erased.add(node)
    this.#blanks.blank(node.start, comma === undefined ? node.end : comma + 1)
  }

  #mark(from: number, mark: '?' | '!'): void {
    const at = tokenAfter(this.#source, from, mark)
    if (at !== undefined) this.#blanks.blank(at, at + 1)
  }

  #endOfPattern(node: RawNode): number {
    const limit = childOf(node, 'typeAnnotation')?.start ?? node.end
    const mark = this.#source.lastIndexOf('?', limit - 1)
    return mark > node.start ? mark : node.end
  }
}

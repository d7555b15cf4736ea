/** What a cell's text needs where it runs as a function: calls of the host put in, and a word on what cannot run there. */
import type { Insertion } from './insertions.ts'
import type { SourceDocument } from './parse.ts'
import { problemAt, type CellProblem } from './problems.ts'
import { childOf, childrenOf, isRaw, textOf, type RawNode } from './raw.ts'

/** The host's side of a running cell; every name that begins with `$$` is the compiler's. */
export const CELL_PARAMETER = '$$cell'

export interface RuntimeSyntax {
  readonly insertions: readonly Insertion[]
  readonly problems: readonly CellProblem[]
  /** Modules that `import('…')` names with a plain string. */
  readonly dynamicImports: readonly string[]
}

export function runtimeSyntax(document: SourceDocument): RuntimeSyntax {
  const insertions: Insertion[] = []
  const problems: CellProblem[] = []
  const dynamicImports = new Set<string>()
  const waiting: RawNode[] = isRaw(document.program) ? [document.program] : []
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const refused = REFUSED[node.type]
    if (refused !== undefined) problems.push(problemAt(document, node, refused.message, refused.hint))
    else if (node.type === 'ImportExpression') {
      insertions.push({ at: node.start, text: `${CELL_PARAMETER}.` })
      const source = childOf(node, 'source')
      const specifier = source?.type === 'StringLiteral' ? textOf(source, 'value') : undefined
      if (specifier !== undefined) dynamicImports.add(specifier)
    } else if (node.type === 'MetaProperty' && textOf(childOf(node, 'meta'), 'name') === 'import') {
      problems.push(problemAt(document, node, '`import.meta` has no meaning in a cell: a cell is no file.'))
    } else if (node.type === 'BinaryExpression') {
      // In a script, which evaluated code is, `<!--` would begin a comment.
      const right = childOf(node, 'right')
      if (right !== undefined && document.source.startsWith('<!--', right.start - 1)) insertions.push({ at: right.start, text: ' ' })
    }
    for (const child of childrenOf(node)) waiting.push(child)
  }
  return { insertions, problems: problems.toReversed(), dynamicImports: [...dynamicImports].toReversed() }
}

const REFUSED: Readonly<Record<string, { readonly message: string; readonly hint: string } | undefined>> = {
  Decorator: {
    message: 'Decorators cannot be used here: browsers do not know them yet.',
    hint: 'Call the function yourself: `const Decorated = decorate(class { … })`.',
  },
  ClassAccessorProperty: {
    message: 'An `accessor` field cannot be used here: browsers do not know it yet.',
    hint: 'Write `get` and `set`.',
  },
}

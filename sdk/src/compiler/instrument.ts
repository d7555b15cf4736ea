/**
 * Rewrites what pauses a function, so that a platform without asynchronous context can bring the context back: `await E` becomes
 * `await $$await(E)`. The helpers themselves are the host's.
 *
 * Nothing but insertions is made, and no line is added: positions are translated with `originalOffset`.
 */
import { insertInto, sortInsertions, type Insertion } from './insertions.ts'
import { parseSource, type SourceDocument, type SyntaxProblem } from './parse.ts'
import { positionAt } from './positions.ts'
import { endOf, framesOf, startOf, type Frame, type Node } from './syntax.ts'

/** Names of the helpers; they must mean the host's functions where the code runs. */
const AWAIT_HELPER = '$$await'
const ITERATE_HELPER = '$$iterate'

export type Instrumented =
  | { readonly ok: true; readonly code: string; readonly insertions: readonly Insertion[] }
  | { readonly ok: false; readonly error: SyntaxProblem }

const AWAIT_LENGTH = 'await'.length

/**
 * Instruments a source: every `await`, every `for await`, and inside asynchronous generators `yield*` and `return`.
 * `await using` is refused: what follows it could not know its run.
 *
 * @example
 * instrumentAwaits('const page = await fetch(url)') // code: 'const page = await $$await( fetch(url))'
 */
export function instrumentAwaits(source: string, options: { readonly filename?: string } = {}): Instrumented {
  const parsed = parseSource(source, options.filename)
  if (!parsed.ok) return parsed
  const { insertions: unsorted, refused } = awaitInsertions(parsed.document)
  if (refused !== undefined) return { ok: false, error: refused }
  const insertions = sortInsertions(unsorted)
  return { ok: true, code: insertInto(source, insertions), insertions }
}

/** What must be put into a document, in no order; with `refused`, it cannot be instrumented. */
export function awaitInsertions(document: SourceDocument): {
  readonly insertions: readonly Insertion[]
  readonly refused?: SyntaxProblem
} {
  const insertions: Insertion[] = []
  for (const frame of framesOf(document.program)) {
    const refused = instrumentNode(frame, insertions, document)
    if (refused !== undefined) return { insertions, refused }
  }
  return { insertions }
}

function instrumentNode({ node, parent }: Frame, insertions: Insertion[], document: SourceDocument): SyntaxProblem | undefined {
  switch (node.type) {
    case 'AwaitExpression':
      insertions.push({ at: startOf(node) + AWAIT_LENGTH, text: ` ${AWAIT_HELPER}(` }, { at: endOf(node), text: ')' })
      return undefined
    case 'ForOfStatement':
      if (node.await) wrap(node.right, ITERATE_HELPER, insertions)
      return undefined
    case 'YieldExpression':
      if (node.delegate && node.argument != null && isInAsyncGenerator(parent)) wrap(node.argument, ITERATE_HELPER, insertions)
      return undefined
    case 'ReturnStatement':
      if (node.argument != null && isInAsyncGenerator(parent)) wrap(node.argument, `await ${AWAIT_HELPER}`, insertions)
      return undefined
    case 'VariableDeclaration':
      if (node.kind !== 'await using') return undefined
      return {
        message: '`await using` cannot be used here yet: call the disposal yourself in a `finally`.',
        ...positionAt(document, startOf(node)),
      }
    default:
      return undefined
  }
}

/** Two parentheses: the inner ones keep a list of expressions together. */
function wrap(node: Node, helper: string, insertions: Insertion[]): void {
  insertions.push({ at: startOf(node), text: `${helper}((` }, { at: endOf(node), text: '))' })
}

function isInAsyncGenerator(frame: Frame | undefined): boolean {
  for (let at = frame; at !== undefined; at = at.parent) {
    const { node } = at
    if (!FUNCTIONS.has(node.type)) continue
    return 'async' in node && 'generator' in node && node.async === true && node.generator === true
  }
  return false
}

const FUNCTIONS: ReadonlySet<string> = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ObjectMethod',
  'ClassMethod',
  'ClassPrivateMethod',
])

/** Rules of our own, for what TypeScript takes for right and a notebook's author did not mean. */
import * as ts from 'typescript-js'
import { pathOf } from './cell-files.ts'
import type { TypesService } from './service.ts'
import type { Fix, TypeDiagnostic } from './types-protocol.ts'

const FLOWCELL = '/modules/flowcell-types.d.ts'

export function ruleDiagnostics(service: TypesService, cell: string): readonly TypeDiagnostic[] {
  const program = service.program()
  const file = program?.getSourceFile(pathOf(cell))
  if (program === undefined || file === undefined) return []
  const checker = program.getTypeChecker()
  const shift = service.cells.toFile(cell, 0)
  const source = service.cells.sourceOf(cell)
  const found: TypeDiagnostic[] = []
  const tell = (from: number, to: number, code: string, message: string, fixes: readonly Fix[]): void => {
    if (from >= shift && to - shift <= source.length)
      found.push({ from: from - shift, to: to - shift, severity: 'warning', code, message, fixes })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isExpressionStatement(node)) {
      const call = unawaited(node, checker)
      const isShown = call !== undefined && isLastLine(source, node.expression.end - shift)
      if (call !== undefined && !isShown) {
        const from = node.expression.getStart(file)
        const fixes = mayAwait(node) ? [{ title: 'Await it', edits: [{ from: from - shift, to: from - shift, insert: 'await ' }] }] : []
        tell(
          from,
          node.expression.end,
          'missing-await',
          `Nobody waits for this ${call}: what follows runs before it has ended, and its error is seen by nobody.`,
          fixes,
        )
      }
    }
    ts.forEachChild(node, visit)
  }
  ts.forEachChild(file, visit)
  return found
}

/** The kind of a run that a statement starts and lets go. */
function unawaited({ expression }: ts.ExpressionStatement, checker: ts.TypeChecker): string | undefined {
  if (!ts.isCallExpression(expression)) return undefined
  const { expression: callee } = expression
  const own = kindOf(checker.getTypeAtLocation(callee))
  if (own !== undefined) return isPromise(expression, checker) ? own : undefined
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 'state') return undefined
  return kindOf(checker.getTypeAtLocation(callee.expression))
}

function kindOf(type: ts.Type): 'flow' | 'task' | undefined {
  const symbol = type.getSymbol()
  const isOurs = symbol?.declarations?.some((declaration) => declaration.getSourceFile().fileName === FLOWCELL) === true
  if (!isOurs) return undefined
  return symbol.name === 'Flow' ? 'flow' : symbol.name === 'Task' ? 'task' : undefined
}

/** A flow that is a generator answers a stream, and nothing runs before that is read. */
const isPromise = (call: ts.CallExpression, checker: ts.TypeChecker): boolean =>
  checker.getTypeAtLocation(call).getSymbol()?.name === 'Promise'

/** The last expression without `;` is shown, and its promise waited for. */
const isLastLine = (source: string, from: number): boolean => /^(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*$/.test(source.slice(from))

function mayAwait(node: ts.Node): boolean {
  for (let up: ts.Node | undefined = node.parent; up !== undefined; up = up.parent) {
    if (ts.isFunctionLike(up))
      return ts.canHaveModifiers(up) && ts.getModifiers(up)?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) === true
    if (ts.isClassStaticBlockDeclaration(up) || ts.isPropertyDeclaration(up)) return false
  }
  return true
}

/** What a cell gives to the others, read from the tree that TypeScript makes of any text, broken or not. */
import * as ts from 'typescript-js'

export interface CellNames {
  /** Values and types of its top level that others may use. */
  readonly shared: readonly string[]
  /** Every name of its top level, those that stay in the cell included. */
  readonly own: ReadonlySet<string>
  /** Names that the source exports itself. */
  readonly exported: ReadonlySet<string>
}

/** The rules are those of the compiler: `_name` and what `using` declares stay in their cell, and so does what is only declared. */
export function cellNames(file: ts.SourceFile): CellNames {
  const own = new Set<string>()
  const kept = new Set<string>()
  const exported = new Set<string>()
  const add = (name: string, stays = false): void => {
    own.add(name)
    if (stays || name.startsWith('_')) kept.add(name)
  }
  for (const statement of file.statements) {
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : []
    const isDeclared = modifiers.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword)
    const isExported = modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
    const before = new Set(own)
    if (ts.isVariableStatement(statement)) {
      const stays = isDeclared || isUsing(statement.declarationList)
      for (const { name } of statement.declarationList.declarations) namesIn(name, (found) => add(found, stays))
    } else if (isNamed(statement)) {
      const isType = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)
      if (statement.name !== undefined && ts.isIdentifier(statement.name)) add(statement.name.text, isDeclared && !isType)
    } else if (ts.isImportDeclaration(statement)) importedNames(statement, add)
    else if (ts.isExportDeclaration(statement)) exportedNames(statement, exported)
    else hoistedNames(statement, add)
    if (isExported) for (const name of own) if (!before.has(name)) exported.add(name)
  }
  return { shared: [...own].filter((name) => !kept.has(name)), own, exported }
}

type Named =
  | ts.FunctionDeclaration
  | ts.ClassDeclaration
  | ts.InterfaceDeclaration
  | ts.TypeAliasDeclaration
  | ts.EnumDeclaration
  | ts.ModuleDeclaration

function isNamed(node: ts.Node): node is Named {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isEnumDeclaration(node) ||
    ts.isModuleDeclaration(node)
  )
}

/** `await using` has both flags of `using` and of its own. */
const isUsing = ({ flags }: ts.VariableDeclarationList): boolean =>
  (flags & ts.NodeFlags.BlockScoped) === ts.NodeFlags.Using || (flags & ts.NodeFlags.BlockScoped) === ts.NodeFlags.AwaitUsing

function namesIn(name: ts.BindingName, add: (name: string) => void): void {
  if (ts.isIdentifier(name)) {
    if (name.text !== '') add(name.text)
    return
  }
  for (const element of name.elements) if (ts.isBindingElement(element)) namesIn(element.name, add)
}

function importedNames({ importClause }: ts.ImportDeclaration, add: (name: string) => void): void {
  if (importClause?.name !== undefined) add(importClause.name.text)
  const bindings = importClause?.namedBindings
  if (bindings === undefined) return
  if (ts.isNamespaceImport(bindings)) add(bindings.name.text)
  else for (const { name } of bindings.elements) add(name.text)
}

function exportedNames({ exportClause, moduleSpecifier }: ts.ExportDeclaration, exported: Set<string>): void {
  if (exportClause === undefined || moduleSpecifier !== undefined || !ts.isNamedExports(exportClause)) return
  for (const { name } of exportClause.elements) exported.add(name.text)
}

/** `var` inside of blocks belongs to the cell. */
function hoistedNames(statement: ts.Node, add: (name: string) => void): void {
  const waiting: ts.Node[] = [statement]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) continue
    if (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) === 0) {
      for (const { name } of node.declarations) namesIn(name, add)
    }
    ts.forEachChild(node, (child) => void waiting.push(child))
  }
}

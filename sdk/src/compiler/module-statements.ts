/** `import` and `export` in a cell: what they say, and what is left of them where a cell runs as a function. */
import type { SourceDocument } from './parse.ts'
import { problemAt, type CellProblem } from './problems.ts'
import { childOf, isRaw, listOf, textOf, type RawNode } from './raw.ts'
import type { Range } from './references.ts'
import { isErased } from './type-statements.ts'

/** One `import` of a cell. `imported` is the name over there: `default`, `*` for the whole module, or what is exported. */
export interface CellImport extends Range {
  readonly specifier: string
  readonly bindings: readonly { readonly imported: string; readonly local: string }[]
  /** `with { type: 'json' }` */
  readonly attributes: Readonly<Record<string, string>>
}

/** A name that the notebook publishes. */
export interface CellExport extends Range {
  readonly name: string
  /** The name inside the cell. */
  readonly local: string
}

export interface ModuleStatements {
  readonly imports: readonly CellImport[]
  readonly exports: readonly CellExport[]
  /** What must be blanked. `whole`: a statement is gone, and a `;` stands for it. */
  readonly removed: readonly (Range & { readonly whole: boolean })[]
  readonly problems: readonly CellProblem[]
}

/** Reads the statements of a module from the top level of a document. */
export function moduleStatements(document: SourceDocument, definitions: ReadonlySet<string>): ModuleStatements {
  const imports: CellImport[] = []
  const exports: CellExport[] = []
  const removed: (Range & { whole: boolean })[] = []
  const problems: CellProblem[] = []
  const problem = (at: Range, message: string, hint: string): void => void problems.push(problemAt(document, at, message, hint))

  const named = (node: RawNode): void => {
    const declaration = childOf(node, 'declaration')
    if (childOf(node, 'source') !== undefined) return problem(node, REEXPORT.message, REEXPORT.hint)
    if (declaration === undefined) {
      removed.push({ start: node.start, end: node.end, whole: true })
      for (const specifier of listOf(node, 'specifiers')) {
        const local = nameOf(childOf(specifier, 'local'))
        const { start, end } = specifier
        if (textOf(specifier, 'exportKind') === 'type') continue
        if (definitions.has(local)) exports.push({ name: nameOf(childOf(specifier, 'exported')), local, start, end })
        else
          problem(
            specifier,
            `This cell does not define \`${local}\`, so it cannot export it.`,
            `Write \`export\` where \`${local}\` is defined.`,
          )
      }
      return
    }
    removed.push({ start: node.start, end: node.start + 'export'.length, whole: false })
    for (const { name, start, end } of declaredNames(declaration)) exports.push({ name, local: name, start, end })
  }

  for (const node of Array.isArray(document.program.body) ? document.program.body : []) {
    if (!isRaw(node) || isErased(node)) continue
    switch (node.type) {
      case 'ImportDeclaration':
        imports.push(importOf(node))
        removed.push({ start: node.start, end: node.end, whole: true })
        break
      case 'ExportNamedDeclaration':
        named(node)
        break
      case 'ExportAllDeclaration':
        problem(node, REEXPORT.message, REEXPORT.hint)
        break
      case 'ExportDefaultDeclaration':
        problem(node, 'A notebook publishes by name: it has no default export.', 'Write `export const name = …`.')
        break
      default:
    }
  }
  return { imports, exports, removed, problems }
}

const REEXPORT = {
  message: 'A cell cannot pass on what another module exports.',
  hint: 'Import it, and export a constant that holds it.',
} as const

function importOf(node: RawNode): CellImport {
  const bindings = listOf(node, 'specifiers')
    .filter((specifier) => textOf(specifier, 'importKind') !== 'type')
    .map((specifier) => ({ imported: importedName(specifier), local: nameOf(childOf(specifier, 'local')) }))
  const attributes = listOf(node, 'attributes').map((attribute) => [
    nameOf(childOf(attribute, 'key')),
    textOf(childOf(attribute, 'value'), 'value') ?? '',
  ])
  return {
    specifier: textOf(childOf(node, 'source'), 'value') ?? '',
    bindings,
    attributes: Object.fromEntries(attributes),
    start: node.start,
    end: node.end,
  }
}

function importedName(specifier: RawNode): string {
  if (specifier.type === 'ImportNamespaceSpecifier') return '*'
  return specifier.type === 'ImportDefaultSpecifier' ? 'default' : nameOf(childOf(specifier, 'imported'))
}

/** `import { 'a-b' as c }` names with a string. */
const nameOf = (node: RawNode | undefined): string => textOf(node, 'name') ?? textOf(node, 'value') ?? ''

function declaredNames(declaration: RawNode): (Range & { readonly name: string })[] {
  const id = childOf(declaration, 'id')
  const waiting =
    declaration.type === 'VariableDeclaration' ? listOf(declaration, 'declarations').toReversed() : id === undefined ? [] : [id]
  const names: (Range & { name: string })[] = []
  const stack = [...waiting]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.type === 'Identifier') {
      const name = nameOf(node)
      names.push({ name, start: node.start, end: node.start + name.length })
      continue
    }
    const lists = [...listOf(node, 'properties'), ...listOf(node, 'elements')].toReversed()
    const single = { VariableDeclarator: 'id', ObjectProperty: 'value', AssignmentPattern: 'left', RestElement: 'argument' }[node.type]
    const inner = single === undefined ? undefined : childOf(node, single)
    stack.push(...(inner === undefined ? lists : [inner]))
  }
  return names
}

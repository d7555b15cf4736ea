/**
 * A cell to a function: free names in, top-level names out.
 *
 * 1. One parse serves everything.
 * 2. Nothing is thrown: a source that cannot be compiled is an answer with places.
 * 3. No line moves; columns move only by insertions, which are kept, so that every place of what runs is a place of the source.
 */
import { blankTypes } from './blank-types.ts'
import { declarationsOf, type FlowDeclaration } from './declarations.ts'
import { explainSyntax } from './explain-syntax.ts'
import { hashOf } from './hash.ts'
import { awaitInsertions } from './instrument.ts'
import { insertInto, sortInsertions, type Insertion } from './insertions.ts'
import { moduleStatements, type CellExport, type CellImport } from './module-statements.ts'
import { NESTED_TOO_DEEP, parseSource, type SourceDocument } from './parse.ts'
import { problemAt, type CellProblem } from './problems.ts'
import { isRaw, listOf, type RawNode } from './raw.ts'
import { referencesOf, type Definition, type Reference, type References } from './references.ts'
import { CELL_PARAMETER, runtimeSyntax } from './runtime-syntax.ts'
import { isErased } from './type-statements.ts'

/** Offsets are into `source`. */
export interface CompiledCell {
  readonly ok: true
  readonly id: string
  readonly source: string
  /** SHA-256 of the source. */
  readonly hash: string
  readonly references: readonly Reference[]
  readonly definitions: readonly Definition[]
  readonly imports: readonly CellImport[]
  readonly dynamicImports: readonly string[]
  readonly exports: readonly CellExport[]
  readonly declarations: readonly FlowDeclaration[]
  readonly awaits: boolean
  /** Whether the last line is an expression whose value is shown. */
  readonly shows: boolean
  /** The text of the function's body, types blanked; `linkCell` makes it run. */
  readonly body: string
  /** What the body has more than the source. */
  readonly insertions: readonly Insertion[]
}

export interface FailedCell {
  readonly ok: false
  readonly id: string
  readonly source: string
  readonly hash: string
  readonly problems: readonly CellProblem[]
}

export type CellResult = CompiledCell | FailedCell

/**
 * Compiles one cell. What other cells define is not known here: `graphOf` joins them.
 *
 * @example
 * const cell = compileCell('const n: number = await f(x)\nn + 1', { id: 'k3f9' })
 * // references f, x; definitions n; its last line is shown
 */
export function compileCell(source: string, options: { readonly id: string }): CellResult {
  const { id } = options
  const hash = hashOf(source)
  const failed = (problems: readonly CellProblem[]): FailedCell => ({ ok: false, id, source, hash, problems })
  try {
    const parsed = parseSource(source)
    if (!parsed.ok) return failed([explainSyntax(source, parsed.error)])
    if (parsed.document.mistakes.length > 0) return failed(parsed.document.mistakes.map((mistake) => explainSyntax(source, mistake)))
    const compiled = compileDocument(parsed.document)
    if (compiled.problems.length > 0) return failed(compiled.problems)
    return { ok: true, id, source, hash, ...compiled.cell }
  } catch (error) {
    // Only a tree deeper than the stack comes here; the parser itself gets over longer chains than its reader does.
    if (error instanceof RangeError) return failed([{ message: NESTED_TOO_DEEP, line: 1, column: 1 }])
    throw error
  }
}

type Compiled = Omit<CompiledCell, 'ok' | 'id' | 'source' | 'hash'>
type Documented = { readonly problems: readonly CellProblem[]; readonly cell: Compiled }

function compileDocument(document: SourceDocument): Documented {
  const { program } = document
  const names = referencesOf(program)
  const blanked = blankTypes(document)
  const modules = moduleStatements(document, new Set(names.definitions.map(({ name }) => name)))
  const runtime = runtimeSyntax(document)
  const awaits = awaitInsertions(document)
  const problems = [
    ...blanked.problems,
    ...modules.problems,
    ...runtime.problems,
    ...topLevelProblems(document, names),
    ...(awaits.refused === undefined ? [] : [awaits.refused]),
  ].sort((left, right) => left.line - right.line || left.column - right.column)

  const shown = shownStatement(document)
  const show: readonly Insertion[] =
    shown === undefined
      ? []
      : [
          { at: shown.start, text: `${CELL_PARAMETER}.show((` },
          { at: shown.end, text: '))' },
        ]
  const insertions = sortInsertions([...show, ...runtime.insertions, ...awaits.insertions].map(beforeTerminator(blanked.terminators)))
  const code = [...modules.removed, ...hashbangOf(document)].reduce(removeFrom, blanked.code)
  return {
    problems,
    cell: {
      references: names.references,
      definitions: names.definitions,
      imports: modules.imports,
      dynamicImports: runtime.dynamicImports,
      exports: modules.exports,
      declarations: problems.length > 0 ? [] : declarationsOf(document),
      awaits: names.awaits,
      shows: shown !== undefined,
      body: insertInto(code, insertions),
      insertions,
    },
  }
}

/** `#!/usr/bin/env node` stands only at the very beginning of a file, and a cell's text does not stay there. */
function hashbangOf({ source }: SourceDocument): readonly { readonly start: number; readonly end: number; readonly whole: boolean }[] {
  const end = /^#![^\n\r\u2028\u2029]*/.exec(source)?.[0].length
  return end === undefined ? [] : [{ start: 0, end, whole: false }]
}

/** A parenthesis that closes where a type ended closes before the `;` that now stands there. */
const beforeTerminator =
  (terminators: ReadonlyMap<number, number>) =>
  ({ at, text }: Insertion): Insertion => ({ text, at: text.startsWith(')') ? (terminators.get(at) ?? at) : at })

function removeFrom(code: string, range: { readonly start: number; readonly end: number; readonly whole: boolean }): string {
  const gone = code.slice(range.start, range.end).replaceAll(/[^\n\r\u2028\u2029]/g, ' ')
  return code.slice(0, range.start) + (range.whole ? `;${gone.slice(1)}` : gone) + code.slice(range.end)
}

/** The last statement, when it is an expression that no `;` ends; a text alone is one too, though it looks like a directive. */
function shownStatement({ source, program }: SourceDocument): RawNode | undefined {
  if (!isRaw(program)) return undefined
  const statements = listOf(program, 'body').filter((statement) => !isErased(statement))
  const last = statements.at(-1) ?? listOf(program, 'directives').at(-1)
  if (last === undefined || source[last.end - 1] === ';') return undefined
  return last.type === 'ExpressionStatement' || last.type === 'Directive' ? last : undefined
}

const OUTSIDE = {
  arguments: { message: '`arguments` belongs to a function, and here is none.', hint: undefined },
  return: {
    message: 'A cell has no `return`.',
    hint: 'Write the value as the last line: it is shown. Give it a name to use it in other cells.',
  },
  'new.target': { message: '`new.target` belongs to a function, and here is none.', hint: undefined },
} as const

function topLevelProblems(document: SourceDocument, { outside, definitions, references, clashes }: References): CellProblem[] {
  const misplaced = outside.flatMap((use) => {
    if (use.what === 'this') return []
    const { message, hint } = OUTSIDE[use.what]
    return [problemAt(document, use, message, hint)]
  })
  const reserved = [...definitions, ...references.flatMap(({ name, uses }) => uses.map((use) => ({ ...use, name })))]
    .filter(({ name }) => name.startsWith('$$'))
    .map((use) => problemAt(document, use, `Names that begin with \`$$\` are Flowcell's own: \`${use.name}\`.`, 'Choose another name.'))
  const imported = clashes.map((clash) =>
    problemAt(
      document,
      clash,
      `\`${clash.name}\` is imported in this cell, too.`,
      `Import it under another name: \`${clash.name} as other\`.`,
    ),
  )
  return [...misplaced, ...reserved, ...imported]
}

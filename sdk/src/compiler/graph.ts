/**
 * Compiled cells beside each other: what the notebook's graph needs to know of each, and what is wrong between them, with places. Order, circles
 * and doubles themselves are `graphOf`'s of the notebook.
 *
 * 1. A cell that does not compile keeps the names that it had when it last did: cells that use them wait, instead of going without.
 * 2. What is wrong between cells is told in each of them, with the way out.
 */
import { graphOf, type CellFacts, type CellGraph, type Need } from '../notebook/graph.ts'
import { CELL_PLACES } from '../notebook/document.ts'
import type { CellId } from '../protocol/notebook.ts'
import type { CellResult, CompiledCell } from './cell.ts'
import { hashOf } from './hash.ts'
import { outputsOf } from './link-cell.ts'
import { lineStartsOf } from './positions.ts'
import { placeOf, type CellProblem } from './problems.ts'
import type { Range, Reference } from './references.ts'

/** A cell of the notebook with what the compiler found. */
export interface GraphCell {
  readonly id: CellId
  /** What people call it. */
  readonly title: string
  readonly result: CellResult
  /** As it was when it last compiled, where it does not now. */
  readonly before?: CompiledCell | undefined
  /** The attribute `runs`. */
  readonly runs?: string | undefined
}

export interface GraphProblem extends CellProblem {
  readonly kind: 'syntax' | 'place' | 'defined twice' | 'exported twice' | 'assigned' | 'cycle'
  /** The other cells that it is about. */
  readonly related: readonly CellId[]
}

export interface JoinedCells {
  readonly graph: CellGraph
  readonly cells: ReadonlyMap<CellId, GraphCell>
  /** What is wrong with each cell that has something wrong. */
  readonly problems: ReadonlyMap<CellId, readonly GraphProblem[]>
}

/**
 * Joins cells, given in the order of the notebook.
 *
 * @example
 * joinCells([{ id: load, title: 'Load', result }, …]).graph.needs.get(clean) // [{ cell: clean, name: 'rows', from: load }]
 */
export function joinCells(list: readonly GraphCell[]): JoinedCells {
  const cells = new Map(list.map((cell) => [cell.id, cell]))
  const definers = new Map<string, CellId>()
  for (const cell of list) for (const name of namesOf(cell).definitions) if (!definers.has(name)) definers.set(name, cell.id)
  const own = new Map(list.map((cell) => [cell.id, [...ownProblems(cell), ...assigned(cell, definers, cells)]]))
  const graph = graphOf(list.map((cell) => factsOf(cell, own.get(cell.id) ?? [])))
  const problems = new Map<CellId, GraphProblem[]>([...own].filter(([, told]) => told.length > 0))
  const tell = (id: CellId, problem: GraphProblem): void => {
    const told = problems.get(id)
    if (told === undefined) problems.set(id, [problem])
    else told.push(problem)
  }
  for (const [name, ids] of graph.duplicates) definedTwice(name, ids, cells, tell)
  exportedTwice(list, cells, tell)
  const told = new Set<CellId>()
  for (const path of graph.cycles) inCycle(path, cells, told, tell)
  for (const list of problems.values()) list.sort((left, right) => left.line - right.line || left.column - right.column)
  return { graph, cells, problems }
}

type Cells = ReadonlyMap<CellId, GraphCell>
type Tell = (id: CellId, problem: GraphProblem) => void

/** The names of a cell as it is, or as it was when it last compiled. */
function namesOf({ result, before }: GraphCell): { readonly definitions: readonly string[]; readonly references: readonly string[] } {
  const cell = result.ok ? result : before
  if (cell === undefined) return { definitions: [], references: [] }
  return { definitions: outputsOf(cell), references: cell.references.map(({ name }) => name) }
}

function factsOf(cell: GraphCell, problems: readonly GraphProblem[]): CellFacts {
  return { id: cell.id, code: codeOf(cell), ...namesOf(cell), problems: problems.map(({ message }) => message) }
}

/** A type of a parameter changes what a flow does, and is no part of the body. */
function codeOf({ result, runs = 'browser' }: GraphCell): string {
  if (!result.ok) return hashOf(JSON.stringify([runs, result.source]))
  const imports = result.imports.map(({ specifier, bindings, attributes }) => ({ specifier, bindings, attributes }))
  const schemas = result.declarations.map(({ constName, parameters, schema }) => ({ constName, parameters, schema }))
  return hashOf(JSON.stringify([runs, result.body.trimEnd(), imports, schemas]))
}

function ownProblems({ result, runs = 'browser' }: GraphCell): GraphProblem[] {
  const told: GraphProblem[] = result.ok ? [] : result.problems.map((problem) => ({ ...problem, kind: 'syntax', related: [] }))
  if (runs === 'browser') return told
  const isKnown = CELL_PLACES.some((place) => place === runs)
  const message = isKnown
    ? `This cell says runs=${runs}, and cells run in the browser only, so far.`
    : `Nobody knows the place runs=${runs}: cells run in the browser.`
  return [
    { message, hint: 'It is kept as it is. Take the attribute away to run it here.', kind: 'place', related: [], line: 1, column: 1 },
    ...told,
  ]
}

const titleOf = (cells: Cells, id: CellId): string => cells.get(id)?.title ?? id

function problemIn(cell: GraphCell, range: Range, rest: Omit<GraphProblem, 'line' | 'column' | 'endColumn'>): GraphProblem {
  const { source } = cell.result
  return { ...rest, ...placeOf({ source, lineStarts: lineStartsOf(source) }, range) }
}

function definedTwice(name: string, ids: readonly CellId[], cells: Cells, tell: Tell): void {
  for (const id of ids) {
    const cell = cells.get(id)
    if (cell?.result.ok !== true) continue
    const definition = cell.result.definitions.find((one) => one.name === name)
    if (definition === undefined) continue
    const related = ids.filter((other) => other !== id)
    const hint =
      definition.kind === 'import'
        ? 'Import it in one cell: all other cells see it.'
        : `Keep one of them, or call it \`_${name}\`: such names stay in their cell.`
    tell(id, problemIn(cell, definition, { kind: 'defined twice', message: alsoIn(name, 'defined', related, cells), hint, related }))
  }
}

function exportedTwice(list: readonly GraphCell[], cells: Cells, tell: Tell): void {
  const exports = list.flatMap((cell) =>
    cell.result.ok ? cell.result.exports.filter(({ name, local }) => name !== local).map((range) => ({ cell, range })) : [],
  )
  for (const [name, places] of Map.groupBy(exports, ({ range }) => range.name)) {
    if (places.length < 2) continue
    for (const { cell, range } of places) {
      const related = places.filter((other) => other.cell !== cell).map((other) => other.cell.id)
      const message = alsoIn(name, 'published', related, cells)
      tell(cell.id, problemIn(cell, range, { kind: 'exported twice', message, hint: 'Publish one of them under another name.', related }))
    }
  }
}

const alsoIn = (name: string, verb: string, ids: readonly CellId[], cells: Cells): string =>
  `\`${name}\` is also ${verb} in ${ids.map((id) => titleOf(cells, id)).join(', ')}: a name has one cell.`

function assigned(cell: GraphCell, definers: ReadonlyMap<string, CellId>, cells: Cells): GraphProblem[] {
  if (!cell.result.ok) return []
  return cell.result.references.flatMap(({ name, known, writes }: Reference) => {
    const definer = definers.get(name)
    if (definer === undefined && known) return []
    const told =
      definer === undefined
        ? { message: `\`${name}\` is assigned, but no cell defines it.`, hint: `Write \`let ${name} = …\`.`, related: [] }
        : {
            message: `\`${name}\` belongs to ${titleOf(cells, definer)}: only that cell can assign it.`,
            hint: 'Define a new name here, or assign it there.',
            related: [definer],
          }
    return writes.map((range) => problemIn(cell, range, { kind: 'assigned', ...told }))
  })
}

/** Told in every cell of the circle, each beginning with itself, at the name that leads on. A cell in several circles tells of one. */
function inCycle(path: readonly Need[], cells: Cells, told: Set<CellId>, tell: Tell): void {
  for (const [index, { cell: id, name }] of path.entries()) {
    const cell = cells.get(id)
    const use = cell?.result.ok === true ? cell.result.references.find((reference) => reference.name === name)?.uses[0] : undefined
    if (cell === undefined || use === undefined || told.has(id)) continue
    told.add(id)
    const circle = [...path.slice(index), ...path.slice(0, index)].map((need) => need.cell)
    const problem = problemIn(cell, use, {
      kind: 'cycle',
      message: `These cells wait for each other: ${pathText([...circle, id].map((step) => titleOf(cells, step)))}.`,
      hint: 'Move what they share into a cell of its own, or into one of them.',
      related: circle.slice(1),
    })
    tell(id, problem)
  }
}

/** A longer path is no longer read. */
const MAX_STEPS = 8

function pathText(titles: readonly string[]): string {
  const shown = titles.length > MAX_STEPS + 1 ? [...titles.slice(0, MAX_STEPS - 2), '…', ...titles.slice(-2)] : titles
  return shown.join(' → ')
}

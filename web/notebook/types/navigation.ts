/** From a name to where it is defined and used, and renaming it everywhere. */
import * as ts from 'typescript-js'
import { pathOf } from './cell-files.ts'
import type { TypesService } from './service.ts'
import type { CellSpan, FoundReference, Renamed, RenameTarget, SpanEdit } from './types-protocol.ts'

export function definitionsAt(service: TypesService, cell: string, at: number): readonly CellSpan[] {
  const { cells, language } = service
  const found = language.getDefinitionAtPosition(pathOf(cell), cells.toFile(cell, at)) ?? []
  return found.flatMap(({ fileName, textSpan }) => cells.toCell(fileName, textSpan) ?? [])
}

export function referencesAt(service: TypesService, cell: string, at: number): readonly FoundReference[] {
  const { cells, language } = service
  const groups = language.findReferences(pathOf(cell), cells.toFile(cell, at)) ?? []
  const found = new Map<string, FoundReference>()
  for (const { definition, references } of groups) {
    for (const { fileName, textSpan } of references) {
      const place = cells.toCell(fileName, textSpan)
      if (place === undefined || place.to === place.from) continue
      const key = `${place.cell}:${place.from}`
      const source = cells.sourceOf(place.cell)
      const isDefinition = fileName === definition.fileName && textSpan.start === definition.textSpan.start
      const line = source.slice(0, place.from).split('\n').length
      found.set(key, {
        ...place,
        line,
        text: source.split('\n')[line - 1]?.trim() ?? '',
        isDefinition: isDefinition || found.get(key)?.isDefinition === true,
      })
    }
  }
  const order = new Map(cells.paths.map((path, index) => [path, index]))
  const rank = (id: string): number => order.get(pathOf(id)) ?? 0
  return [...found.values()].toSorted((a, b) => rank(a.cell) - rank(b.cell) || a.from - b.from)
}

export function renameTargetAt(service: TypesService, cell: string, at: number): RenameTarget {
  const { cells, language } = service
  const info = language.getRenameInfo(pathOf(cell), cells.toFile(cell, at), {})
  if (!info.canRename) return { ok: false, reason: 'There is no name here that can be changed.' }
  const place = cells.toCell(pathOf(cell), info.triggerSpan)
  if (place === undefined) return { ok: false, reason: 'There is no name here that can be changed.' }
  const definitions = language.getDefinitionAtPosition(pathOf(cell), cells.toFile(cell, at)) ?? []
  if (definitions.some(({ fileName, textSpan }) => cells.toCell(fileName, textSpan) === undefined))
    return { ok: false, reason: `\`${info.displayName}\` is not defined in this notebook.` }
  return { ok: true, from: place.from, to: place.to, name: cells.sourceOf(cell).slice(place.from, place.to) }
}

export function renamedAt(service: TypesService, cell: string, at: number, name: string): Renamed {
  const target = renameTargetAt(service, cell, at)
  if (!target.ok) return target
  const { cells, language } = service
  const path = pathOf(cell)
  const info = language.getRenameInfo(path, cells.toFile(cell, at), {})
  const isProperty = info.canRename && PROPERTIES.has(info.kind)
  const locations = language.findRenameLocations(path, cells.toFile(cell, at), false, false, { providePrefixAndSuffixTextForRename: false })
  if (locations === undefined) return { ok: false, reason: 'There is no name here that can be changed.' }
  const places = locations.flatMap(({ fileName, textSpan }) => cells.toCell(fileName, textSpan) ?? [])
  const refusal = isProperty ? refusedAsWord(name) : refusedAsName(service, target.name, name, new Set(places.map((place) => place.cell)))
  if (refusal !== undefined) return { ok: false, reason: refusal }
  const byCell = Map.groupBy(places, (place) => place.cell)
  const edits = [...byCell].map(([id, spans]) => {
    const seen = new Set<number>()
    const unique = spans.filter(({ from }) => !seen.has(from) && seen.add(from)).toSorted((a, b) => a.from - b.from)
    return { cell: id, spans: unique.map(({ from, to }) => editOf(service, id, { from, to }, target.name, name, isProperty)) }
  })
  return { ok: true, edits }
}

const PROPERTIES: ReadonlySet<string> = new Set([
  ts.ScriptElementKind.memberVariableElement,
  ts.ScriptElementKind.memberFunctionElement,
  ts.ScriptElementKind.memberGetAccessorElement,
  ts.ScriptElementKind.memberSetAccessorElement,
])

/** `{ rows }` names a property and a variable at once; only one of them is renamed. */
function editOf(
  service: TypesService,
  cell: string,
  span: { readonly from: number; readonly to: number },
  before: string,
  name: string,
  isProperty: boolean,
): SpanEdit {
  const kind = shorthandAt(service, cell, span.from)
  if (kind === undefined) return { ...span, insert: name }
  // In a pattern the property stands before the colon, in a literal too: `{ property: variable }`.
  return { ...span, insert: isProperty ? `${name}: ${before}` : `${before}: ${name}` }
}

function shorthandAt(service: TypesService, cell: string, at: number): 'literal' | 'pattern' | undefined {
  const file = service.program()?.getSourceFile(pathOf(cell))
  const place = service.cells.toFile(cell, at)
  let found: 'literal' | 'pattern' | undefined
  const visit = (node: ts.Node): void => {
    if (place < node.pos || place >= node.end) return
    if (ts.isShorthandPropertyAssignment(node) && node.name.getStart(file) === place) found = 'literal'
    if (
      ts.isBindingElement(node) &&
      node.propertyName === undefined &&
      node.dotDotDotToken === undefined &&
      ts.isObjectBindingPattern(node.parent) &&
      node.name.getStart(file) === place
    )
      found = 'pattern'
    ts.forEachChild(node, visit)
  }
  if (file !== undefined) visit(file)
  return found
}

const WORD = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200C\u200D]*$/u

const refusedAsWord = (name: string): string | undefined =>
  WORD.test(name) ? undefined : `\`${name}\` is no name: letters, digits, \`_\` and \`$\`, no digit first.`

function refusedAsName({ cells }: TypesService, before: string, name: string, used: ReadonlySet<string>): string | undefined {
  const word = refusedAsWord(name)
  if (word !== undefined) return word
  const scanner = ts.createScanner(ts.ScriptTarget.ES2024, true, ts.LanguageVariant.Standard, name)
  const kind = scanner.scan()
  if (kind >= ts.SyntaxKind.FirstReservedWord && kind <= ts.SyntaxKind.LastFutureReservedWord)
    return `\`${name}\` is a word of the language.`
  if (name.startsWith('$$')) return "Names that begin with `$$` are Flowcell's own."
  if (!cells.definers.has(before)) return undefined
  if (name.startsWith('_') && used.size > 1) return `Names that begin with \`_\` stay in their cell, and other cells use \`${before}\`.`
  const taken = cells.definers.get(name)
  if (taken !== undefined) return `\`${name}\` is defined in ${cells.titleOf(taken)} already: a name has one cell.`
  return undefined
}

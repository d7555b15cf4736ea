/** Completion: what may stand at a place of a cell, and what is known of one of them. */
import * as ts from 'typescript-js'
import { pathOf } from './cell-files.ts'
import { documentationOf } from './documentation.ts'
import type { TypesService } from './service.ts'
import type { Completion, CompletionList, Documentation } from './types-protocol.ts'

/** What an import may say, beside addresses. */
const MODULES = ['flowcell', 'zod', '@observablehq/plot', 'linkedom', 'node:fs/promises', 'npm:']
const IN_IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*(['"])([^'"\n]*)$/
const WORD_BEFORE = /[\p{ID_Continue}$\u200C\u200D]*$/u

const PREFERENCES: ts.UserPreferences = {
  includeCompletionsForModuleExports: false,
  includeCompletionsWithInsertText: true,
  includeAutomaticOptionalChainCompletions: true,
  includeCompletionsWithObjectLiteralMethodSnippets: false,
}

const KINDS: Readonly<Record<string, string>> = {
  [ts.ScriptElementKind.functionElement]: 'function',
  [ts.ScriptElementKind.localFunctionElement]: 'function',
  [ts.ScriptElementKind.classElement]: 'class',
  [ts.ScriptElementKind.localClassElement]: 'class',
  [ts.ScriptElementKind.interfaceElement]: 'interface',
  [ts.ScriptElementKind.typeElement]: 'type',
  [ts.ScriptElementKind.primitiveType]: 'type',
  [ts.ScriptElementKind.typeParameterElement]: 'type',
  [ts.ScriptElementKind.constElement]: 'constant',
  [ts.ScriptElementKind.memberFunctionElement]: 'method',
  [ts.ScriptElementKind.memberVariableElement]: 'property',
  [ts.ScriptElementKind.memberGetAccessorElement]: 'property',
  [ts.ScriptElementKind.memberSetAccessorElement]: 'property',
  [ts.ScriptElementKind.keyword]: 'keyword',
  [ts.ScriptElementKind.moduleElement]: 'namespace',
  [ts.ScriptElementKind.externalModuleName]: 'namespace',
  [ts.ScriptElementKind.enumElement]: 'enum',
  [ts.ScriptElementKind.string]: 'text',
}

/** By TypeScript's own order: names around the place first, then what everybody has; what is outdated last. */
function boostOf({ sortText, kind }: ts.CompletionEntry): number {
  if (sortText.startsWith('z')) return -20
  if (sortText <= '11') return 4
  if (sortText <= '14') return 2
  return kind === ts.ScriptElementKind.keyword ? 0 : -2
}

export function completionAt(service: TypesService, cell: string, at: number): CompletionList | null {
  const { cells } = service
  const before = cells.sourceOf(cell).slice(0, at)
  const specifier = IN_IMPORT.exec(before)
  if (specifier !== null) {
    const items = MODULES.map((label): Completion => ({ label, kind: 'namespace', boost: 0 }))
    return { from: at - (specifier[2]?.length ?? 0), to: at, items }
  }
  cells.takeInHand(cell)
  const found = service.language.getCompletionsAtPosition(pathOf(cell), cells.toFile(cell, at), PREFERENCES)
  if (found === undefined) return null
  const word = WORD_BEFORE.exec(before)?.[0].length ?? 0
  const items = found.entries.flatMap((entry) => (entry.kind === ts.ScriptElementKind.warning ? [] : [itemOf(service, cell, entry)]))
  return items.length === 0 ? null : { from: at - word, to: at, items }
}

function itemOf(service: TypesService, cell: string, entry: ts.CompletionEntry): Completion {
  const { name, kind, kindModifiers, insertText, replacementSpan } = entry
  const replaced = replacementSpan === undefined ? undefined : service.cells.toCell(pathOf(cell), replacementSpan)
  return {
    label: name,
    kind: kind === ts.ScriptElementKind.alias ? kindOfAlias(service, name) : (KINDS[kind] ?? 'variable'),
    boost: boostOf(entry),
    ...(insertText === undefined || insertText === name ? {} : { insert: insertText }),
    ...(replaced === undefined ? {} : { from: replaced.from }),
    ...(kindModifiers?.includes('deprecated') === true ? { isDeprecated: true } : {}),
  }
}

/** Another cell's name; whether it is a value or a type shows when it is looked at. */
const kindOfAlias = ({ cells }: TypesService, name: string): string => (cells.definers.has(name) ? 'variable' : 'namespace')

export function completionDetails(service: TypesService, cell: string, at: number, label: string): Documentation | null {
  const details = service.language.getCompletionEntryDetails(
    pathOf(cell),
    service.cells.toFile(cell, at),
    label,
    undefined,
    undefined,
    PREFERENCES,
    undefined,
  )
  return details === undefined ? null : documentationOf(details.displayParts, details.documentation, details.tags)
}

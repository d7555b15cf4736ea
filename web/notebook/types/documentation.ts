/** What TypeScript knows of a name, as code and plain text. */
import * as ts from 'typescript-js'
import { cellOf, pathOf } from './cell-files.ts'
import type { TypesService } from './service.ts'
import type { Documentation, Hover, Signature, SignatureHelp } from './types-protocol.ts'

type Parts = readonly ts.SymbolDisplayPart[] | undefined

const textOf = (parts: Parts): string => ts.displayPartsToString(parts === undefined ? undefined : [...parts])

export function documentationOf(code: Parts, text: Parts, tags: readonly ts.JSDocTagInfo[] | undefined): Documentation {
  return {
    code: withoutImport(textOf(code)),
    text: textOf(text),
    tags: (tags ?? []).map((tag) => ({ name: tag.name, text: textOf(tag.text) })),
  }
}

/** That a name of another cell is imported is our own doing. */
const withoutImport = (code: string): string => code.replace(/^\(alias\) /, '').replace(/\nimport [\p{ID_Continue}$]+$/u, '')

export function hoverAt(service: TypesService, cell: string, at: number): Hover | null {
  const { cells, language } = service
  const path = pathOf(cell)
  const info = language.getQuickInfoAtPosition(path, cells.toFile(cell, at))
  const place = info === undefined ? undefined : cells.toCell(path, info.textSpan)
  if (info === undefined || place === undefined) return null
  const told = documentationOf(info.displayParts, info.documentation, info.tags)
  if (told.code === '') return null
  const documentation =
    told.text === '' && told.tags.length === 0 ? { ...told, ...ownDocumentation(service, path, info.textSpan.start) } : told
  const [definition] = language.getDefinitionAtPosition(path, cells.toFile(cell, at)) ?? []
  const other = definition === undefined ? undefined : cellOf(definition.fileName)
  return { from: place.from, to: place.to, ...documentation, ...(other === undefined || other === cell ? {} : { cell: other }) }
}

/** At a call TypeScript tells what the signature says; where that says nothing, what the name itself says. */
function ownDocumentation(service: TypesService, path: string, at: number): Pick<Documentation, 'text' | 'tags'> {
  const program = service.program()
  const file = program?.getSourceFile(path)
  const node = file === undefined ? undefined : identifierAt(file, at)
  const checker = program?.getTypeChecker()
  const named = node === undefined ? undefined : checker?.getSymbolAtLocation(node)
  if (checker === undefined || named === undefined) return { text: '', tags: [] }
  const symbol = named.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(named) : named
  const { text, tags } = documentationOf([], symbol.getDocumentationComment(checker), symbol.getJsDocTags(checker))
  return { text, tags }
}

function identifierAt(file: ts.SourceFile, at: number): ts.Identifier | undefined {
  let found: ts.Identifier | undefined
  const visit = (node: ts.Node): void => {
    if (at < node.pos || at >= node.end) return
    if (ts.isIdentifier(node)) found = node
    else ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

export function signatureAt(service: TypesService, cell: string, at: number): SignatureHelp | null {
  const { cells, language } = service
  const help = language.getSignatureHelpItems(pathOf(cell), cells.toFile(cell, at), undefined)
  const place = help === undefined ? undefined : cells.toCell(pathOf(cell), help.applicableSpan)
  if (help === undefined || place === undefined) return null
  return {
    signatures: help.items.map(signatureOf),
    activeSignature: help.selectedItemIndex,
    activeParameter: help.argumentIndex,
    from: place.from,
  }
}

function signatureOf(item: ts.SignatureHelpItem): Signature {
  return {
    before: textOf(item.prefixDisplayParts),
    parameters: item.parameters.map(({ displayParts, documentation }) => ({ label: textOf(displayParts), text: textOf(documentation) })),
    separator: textOf(item.separatorDisplayParts),
    after: textOf(item.suffixDisplayParts),
    text: textOf(item.documentation),
  }
}

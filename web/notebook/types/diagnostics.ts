/**
 * What a cell's author is told. Types are warnings: they never keep a cell from running.
 *
 * A cell that cannot be parsed has none until it can: what is wrong with it is the compiler's to tell, at once and without this Worker.
 *
 * Left out on purpose, because a notebook is a place to try things:
 * - what is not used (6133 and its kin are suggestions, and of those only what is outdated is told), and code that is never reached;
 * - what has no type (7000 to 7999: implicit `any`, also in an index or around a circle, which the compiler tells as a path);
 * - suggestions to write something in another way (80000 and above);
 * - what the compiler says better, with the cell that it is about: TypeScript that cannot be erased (1294), another cell's name assigned (2632),
 *   `return` outside of functions (1108);
 * - a type out of a module without types (2709).
 */
import * as ts from 'typescript-js'
import { pathOf } from './cell-files.ts'
import { ruleDiagnostics } from './rules.ts'
import type { TypesService } from './service.ts'
import type { TypeDiagnostic } from './types-protocol.ts'

const SILENT: ReadonlySet<number> = new Set([1108, 1294, 2632, 2709])
const isSilent = (code: number): boolean => SILENT.has(code) || (code >= 7000 && code < 8000) || code >= 80_000

const CANNOT_FIND_MODULE = 2307
const MOST = 100

export function diagnosticsOf(service: TypesService, cell: string): readonly TypeDiagnostic[] {
  const { language } = service
  const path = pathOf(cell)
  if (language.getSyntacticDiagnostics(path).length > 0) return []
  const semantic = language.getSemanticDiagnostics(path).flatMap((found) => typeDiagnostic(service, path, found))
  const outdated = language
    .getSuggestionDiagnostics(path)
    .filter(({ reportsDeprecated }) => reportsDeprecated !== undefined)
    .flatMap((found) => typeDiagnostic(service, path, found))
  return [...semantic, ...outdated, ...ruleDiagnostics(service, cell)].toSorted((a, b) => a.from - b.from || a.to - b.to).slice(0, MOST)
}

function typeDiagnostic(service: TypesService, path: string, found: ts.Diagnostic): TypeDiagnostic[] {
  if (found.start === undefined || isSilent(found.code)) return []
  const place = service.cells.toCell(path, { start: found.start, length: found.length ?? 0 })
  if (place === undefined) return []
  const isOutdated = found.reportsDeprecated !== undefined
  return [
    {
      from: place.from,
      to: place.to,
      severity: isOutdated ? 'hint' : 'warning',
      message: messageOf(found),
      code: found.code,
      ...(isOutdated ? { tag: 'deprecated' } : {}),
      fixes: [],
    },
  ]
}

function messageOf({ code, messageText }: ts.Diagnostic): string {
  const text = ts.flattenDiagnosticMessageText(messageText, '\n')
  if (code !== CANNOT_FIND_MODULE) return text
  const name = /'([^']*)'/.exec(text)?.[1] ?? ''
  return `There is no module \`${name}\` on the shelf. A package of npm is imported as \`npm:${name}\`.`
}

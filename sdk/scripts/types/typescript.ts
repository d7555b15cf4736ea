/**
 * TypeScript's published file, opened for the bundler: 1,025 KB gzip as it is, 669 KB after this.
 *
 * It is one function around everything, which hides from a bundler what is used. Opened, its declarations are those of a module and what
 * nobody reaches falls away; for that, what reaches for everything is taken out: its server, its registers of code fixes and refactorings, its
 * emitter, and its tables of exports that the Worker's questions never ask. A question that did ask one would fail alone (types-worker.ts).
 *
 * The package's version is pinned. A file in which something is not where it was stops the build.
 */
import { readFileSync } from 'node:fs'
import { at } from '../paths.ts'

export const TYPESCRIPT = at('node_modules/typescript-js/lib/typescript.js')

/** Tables that answers read. */
const WHOLE_TABLES: ReadonlySet<string> = new Set([
  'ts_Completions_exports',
  'ts_Completions_StringCompletions_exports',
  'ts_FindAllReferences_exports',
  'ts_GoToDefinition_exports',
  'ts_JsDoc_exports',
  'ts_Rename_exports',
  'ts_SignatureHelp_exports',
  'ts_SymbolDisplay_exports',
  'ts_classifier_exports',
  'ts_moduleSpecifiers_exports',
])
/** And those of which they read a part. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  ts_codefix_exports: ['getJSDocTypedefNodes', 'parameterShouldGetTypeFromJSDoc'],
  ts_formatting_exports: ['getRangeOfEnclosingComment'],
}
/** Functions that are reached and never called: nothing is emitted. */
const NEVER_CALLED = ['emitFiles', 'getTransformers']

/** The source as a module with TypeScript's exports by name, as far as they are left. */
export function languageServiceOnly(): string {
  const source = readFileSync(TYPESCRIPT, 'utf8')
  const exported = /^__export\(typescript_exports, \{\n([\s\S]*?)\n\}\);$/m.exec(source)?.[1] ?? missing('the exports')
  const opened = [
    [/^var ts = \{\}; \(\(module\) => \{\n"use strict";$/m, ''],
    [/^__export\(typescript_exports, \{\n[\s\S]*?\n\}\);$/m, ''],
    [/^module\.exports = __toCommonJS\(typescript_exports\);$/m, ''],
    [/^0 && \(module\.exports = \{[\s\S]*$/m, ''],
    [/^\/\/ src\/server\/[\s\S]*^\/\/ src\/typescript\/typescript\.ts$/m, ''],
    [/^(?:registerCodeFix|registerRefactor)\([\s\S]*?^\}\);$/gm, ''],
    [/^var (\w+) = \{\};\n__export\(\1, \{\n([\s\S]*?)\n\}\);$/gm, tableOf],
    ...NEVER_CALLED.map((name) => [new RegExp(`^function ${name}\\(`, 'm'), `function ${name}() {}\nfunction __${name}(`] as const),
  ] as const
  let body = source
  for (const [pattern, by] of opened) {
    const next = typeof by === 'string' ? body.replace(pattern, by) : body.replace(pattern, by)
    if (next === body) missing(String(pattern))
    body = next
  }
  const declared = new Set([...body.matchAll(/^(?:async )?(?:function\*?|var|let|const|class) (\w+)/gm)].map(([, name]) => name))
  const names = [...exported.matchAll(/^ {2}(\w+): \(\) => (\w+),?$/gm)]
    .filter(([, , local]) => declared.has(local))
    .map(([, name, local]) => `${local} as ${name}`)
  return `${body}\n${TABLE}\nexport { ${names.join(', ')} }\n`
}

/** A table of exports as a value: where nobody asks for it, it falls away with all that it names. */
const TABLE = 'function __table(all) { const made = {}; __export(made, all); return made }'

function tableOf(_all: string, name: string, lines: string): string {
  const parts = PARTS[name] ?? []
  const kept = lines.split('\n').filter((line) => WHOLE_TABLES.has(name) || parts.some((part) => line.startsWith(`  ${part}: `)))
  return `var ${name} = /* @__PURE__ */ __table({\n${kept.join('\n')}\n});`
}

function missing(what: string): never {
  throw new Error(`The build does not find ${what} in TypeScript where it was: see sdk/scripts/types/typescript.ts.`)
}

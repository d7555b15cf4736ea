/**
 * Everything that the types Worker knows beside the cells, as one text: TypeScript's libraries, `flowcell`, the shelf. Comments stay where a
 * hover shows them: those before declarations.
 */
import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import ts from 'typescript-js'
import { at } from '../paths.ts'
import { NODE_FS_TYPES } from './node-fs.ts'
import { ALL_TYPES, flowcellTypes } from './roll-up.ts'

/** The shape of the text, which is JSON. */
interface TypesLibrary {
  /** Virtual files by path. */
  readonly files: Readonly<Record<string, string>>
  /** The file of a module by what an import says. */
  readonly modules: Readonly<Record<string, string>>
  /** Files that are there without being imported. */
  readonly roots: readonly string[]
}

/** What cells may rely on: the language of Node 22 and of evergreen browsers, and the realm of a Worker. */
const LIBRARIES = ['es2024', 'es2025.iterator', 'es2025.collection', 'esnext.disposable', 'webworker'] as const

/** Imports that have no types: all that they give is `any`. `linkedom`'s own types need a whole document, which a Worker's realm has not. */
const UNTYPED = ['npm:*', 'https://*', 'http://*', 'data:*', 'linkedom'] as const

/** The library's text. Made once for a state of the sources: it takes four seconds. */
export function typesLibrary(): string {
  const kept = join(at('node_modules/.cache/flowcell'), `types-${keyOf()}.json`)
  if (existsSync(kept)) return readFileSync(kept, 'utf8')
  const text = JSON.stringify(makeLibrary())
  mkdirSync(dirname(kept), { recursive: true })
  writeFileSync(`${kept}.${process.pid}`, text)
  renameSync(`${kept}.${process.pid}`, kept)
  return text
}

function keyOf(): string {
  const hash = createHash('sha256')
  const sources = [...globSync('sdk/src/**/*.ts', { cwd: at() }), ...globSync('sdk/scripts/types/*.ts', { cwd: at() })]
  for (const path of [...sources.toSorted(), 'package-lock.json'])
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(at(path)))
      .update('\0')
  return hash.digest('hex').slice(0, 16)
}

/** The one that the language service reads first. */
const CORE = '/lib/lib.d.ts'

function makeLibrary(): TypesLibrary {
  const flowcell = flowcellTypes()
  const zod = packageTypes('zod', 'index.d.ts', (path) => !path.startsWith('v4/locales/'))
  const plot = packageTypes('@observablehq/plot', 'src/index.d.ts', () => true)
  const core = coreLibraries()
  const own = {
    ...core,
    '/modules/flowcell-types.d.ts': flowcell.all,
    '/modules/flowcell.d.ts': flowcell.module,
    '/modules/globals.d.ts': `${flowcell.globals}\n${UNTYPED.map((name) => `declare module '${name}'`).join('\n')}\n`,
    '/modules/node-fs.d.ts': NODE_FS_TYPES,
  }
  const files = Object.entries({ ...own, ...zod, ...plot }).map(([path, text]) => [path, lean(text)])
  return {
    files: Object.fromEntries(files),
    modules: {
      flowcell: '/modules/flowcell.d.ts',
      [ALL_TYPES]: '/modules/flowcell-types.d.ts',
      'node:fs/promises': '/modules/node-fs.d.ts',
      'fs/promises': '/modules/node-fs.d.ts',
      zod: '/modules/zod/index.d.ts',
      '@observablehq/plot': '/modules/@observablehq/plot/src/index.d.ts',
    },
    roots: ['/modules/globals.d.ts', ...Object.keys(core).filter((path) => path !== CORE)],
  }
}

/** TypeScript's own libraries as one file, and those that are modules beside it: the references between them are followed here. */
function coreLibraries(): Record<string, string> {
  const seen = new Set<string>()
  const parts: string[] = []
  const modules: Record<string, string> = {}
  const add = (name: string): void => {
    if (seen.has(name)) return
    seen.add(name)
    const text = readFileSync(at(`node_modules/typescript-js/lib/lib.${name}.d.ts`), 'utf8')
    for (const [, other] of text.matchAll(/^\/\/\/ <reference lib="([^"]+)"/gm)) if (other !== undefined) add(other)
    const body = text.replaceAll(/^\/\/\/ <reference [^\n]*\n/gm, '')
    if (/^export \{\}/m.test(body)) modules[`/lib/${name}.d.ts`] = body
    else parts.push(body)
  }
  LIBRARIES.forEach(add)
  return { [CORE]: parts.join('\n'), ...modules }
}

/** The declarations of a package that its entry leads to, by virtual path. */
function packageTypes(name: string, entry: string, isWanted: (path: string) => boolean): Record<string, string> {
  const files: Record<string, string> = {}
  const waiting = [entry]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const virtual = `/modules/${name}/${path}`
    if (virtual in files) continue
    const file = at('node_modules', name, path)
    if (!existsSync(file)) continue
    const text = readFileSync(file, 'utf8')
    files[virtual] = text
    for (const [, other] of text.matchAll(/(?:from|import\()\s*["'](\.[^"']+)["']/g)) {
      const next = posix.join(posix.dirname(path), other ?? '').replace(/\.c?js$/, '.d.ts')
      if (isWanted(next)) waiting.push(next)
    }
  }
  return files
}

const MDN = /^[ \t]*\*?[ \t]*\[MDN Reference\]\([^)]*\)[ \t]*$/gm

/**
 * A declaration file without what nobody sees: comments that stand before no declaration, addresses that a plain text cannot follow, and most
 * of its indentation.
 */
function lean(text: string): string {
  const scanner = ts.createScanner(ts.ScriptTarget.ES2024, false, ts.LanguageVariant.Standard, text)
  const parts: string[] = []
  for (let kind = scanner.scan(); kind !== ts.SyntaxKind.EndOfFileToken; kind = scanner.scan()) {
    const token = scanner.getTokenText()
    const isComment = kind === ts.SyntaxKind.MultiLineCommentTrivia || kind === ts.SyntaxKind.SingleLineCommentTrivia
    if (!isComment) parts.push(kind === ts.SyntaxKind.WhitespaceTrivia ? ' ' : token)
    else if (token.startsWith('/**')) parts.push(leanComment(token))
  }
  return parts
    .join('')
    .replaceAll(/[ \t]*\n\s*/g, '\n')
    .trim()
}

function leanComment(comment: string): string {
  const lines = comment
    .replaceAll(MDN, '')
    .slice(3, -2)
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, '').trimEnd())
  const body = lines
    .join('\n')
    .replaceAll(/\n{2,}/g, '\n\n')
    .trim()
  return body === '' ? '' : `/** ${body.split('\n').join('\n * ')} */`
}

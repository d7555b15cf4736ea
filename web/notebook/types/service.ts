/**
 * TypeScript 6's language service over cells. It runs no code of anybody and knows no editor.
 *
 * 1. Files are virtual: the cells (cell-files.ts) and the library; nothing else exists.
 * 2. A fault inside TypeScript ends one question: the service is made anew for the next one.
 * 3. TypeScript follows a chain of inferred types by recursion; where a chain of cells is longer than the stack, it is computed from its beginning.
 */
import * as ts from 'typescript-js'
import { CellFiles, pathOf } from './cell-files.ts'
import type { TypesLibrary } from './library.ts'

const LIBRARY = '/lib/lib.d.ts'

/**
 * Strict where it finds mistakes, silent where a notebook is a place to try things: what is not typed or not used is no news (see
 * diagnostics.ts), and what is caught may be used as it is.
 */
const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2024,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  strict: true,
  useUnknownInCatchVariables: false,
  noImplicitThis: false,
  erasableSyntaxOnly: true,
  allowImportingTsExtensions: true,
  allowUnreachableCode: true,
  allowUnusedLabels: true,
  skipLibCheck: true,
  noEmit: true,
  types: [],
}

export class TypesService {
  readonly cells = new CellFiles()
  readonly #library: TypesLibrary
  /** Parsed files are shared between the service and its successor. */
  readonly #registry = ts.createDocumentRegistry()
  readonly #snapshots = new Map<string, { readonly version: number; readonly snapshot: ts.IScriptSnapshot }>()
  #service: ts.LanguageService
  /** A chain was too long once: from now on types are computed in the order of need. */
  #isDeep = false
  #computed: ts.Program | undefined

  constructor(library: TypesLibrary) {
    this.#library = library
    this.#service = ts.createLanguageService(this.#host(), this.#registry)
  }

  get language(): ts.LanguageService {
    return this.#service
  }
  /** The program as of now, and a cell's tree in it. */
  program(): ts.Program | undefined {
    return this.#service.getProgram()
  }

  /**
   * Answers with what `ask` finds; where it runs out of stack, it is asked once more over types that are computed already.
   * @throws what `ask` throws
   */
  answer<T>(ask: () => T): T {
    try {
      this.#compute()
      return ask()
    } catch (error) {
      if (!(error instanceof RangeError) || this.#isDeep) throw error
      this.renew()
      this.#isDeep = true
      this.#compute()
      return ask()
    }
  }

  #compute(): void {
    const program = this.#isDeep ? this.program() : undefined
    if (program === undefined || program === this.#computed) return
    this.#computed = program
    const checker = program.getTypeChecker()
    for (const id of this.cells.byNeed()) {
      for (const statement of program.getSourceFile(pathOf(id))?.statements ?? []) computeTypes(statement, checker)
    }
  }

  /** Forgets everything that TypeScript has computed. */
  renew(): void {
    this.#service.dispose()
    this.#service = ts.createLanguageService(this.#host(), this.#registry)
  }

  dispose(): void {
    this.#service.dispose()
  }

  #read(path: string): { readonly text: string; readonly version: number } | undefined {
    const cell = this.cells.fileOf(path)
    if (cell !== undefined) return cell
    const text = this.#library.files.get(path)
    return text === undefined ? undefined : { text, version: 0 }
  }

  #snapshot(path: string): ts.IScriptSnapshot | undefined {
    const file = this.#read(path)
    if (file === undefined) return undefined
    const known = this.#snapshots.get(path)
    if (known?.version === file.version) return known.snapshot
    const snapshot = snapshotOf(file.text)
    this.#snapshots.set(path, { version: file.version, snapshot })
    return snapshot
  }

  #resolve(name: string, from: string): ts.ResolvedModuleFull | undefined {
    const path = this.#library.modules.get(name) ?? (name.startsWith('.') ? besides(from, name) : undefined)
    if (path === undefined) return undefined
    const found = [path, path.replace(/\.[cm]?js$/, '.d.ts'), `${path}/index.d.ts`].find((candidate) => this.#read(candidate) !== undefined)
    if (found === undefined) return undefined
    return {
      resolvedFileName: found,
      extension: found.endsWith('.d.ts') ? ts.Extension.Dts : ts.Extension.Ts,
      isExternalLibraryImport: !found.startsWith('/cells/'),
    }
  }

  #host(): ts.LanguageServiceHost {
    return {
      getCompilationSettings: () => OPTIONS,
      getProjectVersion: () => String(this.cells.version),
      getScriptFileNames: () => [...this.#library.roots, ...this.cells.paths],
      getScriptVersion: (path) => String(this.#read(path)?.version ?? 0),
      getScriptSnapshot: (path) => this.#snapshot(path),
      getCurrentDirectory: () => '/cells',
      getDefaultLibFileName: () => LIBRARY,
      fileExists: (path) => this.#read(path) !== undefined,
      readFile: (path) => this.#read(path)?.text,
      directoryExists: () => false,
      getDirectories: () => [],
      readDirectory: () => [],
      useCaseSensitiveFileNames: () => true,
      resolveModuleNameLiterals: (literals, from) => literals.map(({ text }) => ({ resolvedModule: this.#resolve(text, from) })),
    }
  }
}

/** Answers what changed since an older text, so that only that part of a cell is parsed anew. */
function snapshotOf(text: string): ts.IScriptSnapshot {
  return {
    getText: (start, end) => text.slice(start, end),
    getLength: () => text.length,
    getChangeRange: (old) => {
      const before = old.getText(0, old.getLength())
      const most = Math.min(before.length, text.length)
      let start = 0
      while (start < most && before.charCodeAt(start) === text.charCodeAt(start)) start++
      let end = 0
      while (end < most - start && before.charCodeAt(before.length - 1 - end) === text.charCodeAt(text.length - 1 - end)) end++
      return { span: { start, length: before.length - start - end }, newLength: text.length - start - end }
    },
  }
}

function besides(from: string, name: string): string {
  const parts = from.split('/').slice(0, -1)
  for (const part of name.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.') parts.push(part)
  }
  return parts.join('/')
}

/** What other cells may ask of a statement, computed and kept by the checker. */
function computeTypes(statement: ts.Statement, checker: ts.TypeChecker): void {
  if (ts.isVariableStatement(statement)) {
    for (const { name } of statement.declarationList.declarations) checker.getTypeAtLocation(name)
  } else if (ts.isFunctionDeclaration(statement)) {
    const signature = checker.getSignatureFromDeclaration(statement)
    if (signature !== undefined) checker.getReturnTypeOfSignature(signature)
  }
}

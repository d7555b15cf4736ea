/**
 * The public types of `flowcell` as one text, from the sources: what the editor knows of it. Only what the exports lead to is kept; the insides
 * of classes that nobody outside can make are left out, and types that are inferred from schemas are written out.
 */
import { dirname, join } from 'node:path'
import ts from 'typescript-js'
import { at } from '../paths.ts'

const FACE = at('sdk/src/index.ts')
/** What cells have without an import; an interface with one property for each. */
const GLOBALS = { file: at('sdk/src/hosts/display-face.ts'), name: 'DisplayFace' } as const

/** The module that has every type by name; `flowcell` passes on what is public, and the globals are of its types. */
export const ALL_TYPES = 'flowcell:types'

export interface FlowcellTypes {
  /** The text of the module {@link ALL_TYPES}. */
  readonly all: string
  /** The text of the module `flowcell`. */
  readonly module: string
  /** A script that declares what cells have without an import. */
  readonly globals: string
}

export function flowcellTypes(): FlowcellTypes {
  const written = writeDeclarations()
  return new RollUp(written).text()
}

interface Written {
  readonly declarations: ReadonlyMap<string, string>
  /** Types that are inferred from schemas, as text, by file and name. */
  readonly inferred: (file: string, name: string) => string | undefined
}

function writeDeclarations(): Written {
  const config = ts.readConfigFile(at('sdk/tsconfig.build.json'), (path) => ts.sys.readFile(path))
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, at('sdk'))
  const program = ts.createProgram({
    rootNames: [FACE, GLOBALS.file],
    options: { ...options, noEmit: false, emitDeclarationOnly: true, noCheck: true, skipLibCheck: true },
  })
  const declarations = new Map<string, string>()
  program.emit(
    undefined,
    (path, text) => void declarations.set(path.replace(join(at('sdk'), 'dist'), at('sdk/src')), text),
    undefined,
    true,
  )
  const checker = program.getTypeChecker()
  const inferred = (file: string, name: string): string | undefined => {
    const source = program.getSourceFile(file.replace(/\.d\.ts$/, '.ts'))
    const alias = source?.statements.find((one): one is ts.TypeAliasDeclaration => ts.isTypeAliasDeclaration(one) && one.name.text === name)
    if (alias === undefined) return undefined
    return checker.typeToString(
      checker.getTypeAtLocation(alias),
      undefined,
      ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.InTypeAlias | ts.TypeFormatFlags.MultilineObjectLiterals,
    )
  }
  return { declarations, inferred }
}

interface Change {
  readonly from: number
  readonly to: number
  readonly text: string
}

/** zod's mark of an id of one kind, without zod. */
const BRAND = 'declare const brand: unique symbol\ninterface $brand<T extends string> { readonly [brand]: { readonly [K in T]: true } }\n'

class RollUp {
  readonly #checker: ts.TypeChecker
  readonly #written: Written
  readonly #program: ts.Program
  /** Every kept declaration by its symbol; the names are unique. */
  readonly #names = new Map<ts.Symbol, string>()
  readonly #taken = new Set<string>()
  readonly #waiting: ts.Symbol[] = []
  readonly #values = new Set<ts.Symbol>()

  constructor(written: Written) {
    this.#written = written
    const files = new Map<string, ts.SourceFile>()
    const fileOf = (path: string): ts.SourceFile | undefined => {
      const text = written.declarations.get(path)
      if (text === undefined) return undefined
      const known = files.get(path) ?? ts.createSourceFile(path, text, ts.ScriptTarget.ES2024, true)
      files.set(path, known)
      return known
    }
    const host: ts.CompilerHost = {
      getSourceFile: fileOf,
      getDefaultLibFileName: () => 'lib.d.ts',
      writeFile: () => undefined,
      getCurrentDirectory: () => at(),
      getCanonicalFileName: (path) => path,
      useCaseSensitiveFileNames: () => true,
      getNewLine: () => '\n',
      fileExists: (path) => written.declarations.has(path),
      readFile: (path) => written.declarations.get(path),
      resolveModuleNameLiterals: (literals, from) =>
        literals.map(({ text }) => {
          const path = join(dirname(from), text).replace(/\.(?:ts|js)$/, '.d.ts')
          const isOurs = text.startsWith('.') && written.declarations.has(path)
          return { resolvedModule: isOurs ? { resolvedFileName: path, extension: ts.Extension.Dts } : undefined }
        }),
    }
    const roots = [FACE, GLOBALS.file].map(declarationFile)
    this.#program = ts.createProgram({ rootNames: roots, options: { noLib: true, types: [], target: ts.ScriptTarget.ES2024 }, host })
    this.#checker = this.#program.getTypeChecker()
  }

  text(): FlowcellTypes {
    const face = this.#exportsOf(FACE)
    const globals = this.#exportsOf(GLOBALS.file).find(({ name }) => name === GLOBALS.name)
    if (face.length === 0 || globals === undefined) throw new Error(`The build found no exports of flowcell, or no ${GLOBALS.name}.`)
    const published = face.map((symbol) => {
      const target = this.#resolve(symbol)
      const isType = symbol.declarations?.some((one) => ts.isExportSpecifier(one) && (one.isTypeOnly || one.parent.parent.isTypeOnly))
      if (isType !== true) this.#values.add(target)
      return `${this.#nameOf(target)}${symbol.name === this.#nameOf(target) ? '' : ` as ${symbol.name}`}`
    })
    const members = this.#checker.getPropertiesOfType(this.#checker.getDeclaredTypeOfSymbol(this.#resolve(globals)))
    const given = members.map((member) => this.#global(member))
    const kept: string[] = []
    for (let symbol = this.#waiting.shift(); symbol !== undefined; symbol = this.#waiting.shift()) kept.push(this.#print(symbol))
    return {
      all: `${BRAND}${kept.join('\n')}\nexport { ${[...this.#taken].join(', ')} }\n`,
      module: `export { ${published.join(', ')} } from '${ALL_TYPES}'\n`,
      globals: given.join('\n'),
    }
  }

  #exportsOf(file: string): readonly ts.Symbol[] {
    const source = this.#program.getSourceFile(declarationFile(file))
    const module = source === undefined ? undefined : this.#checker.getSymbolAtLocation(source)
    return module === undefined ? [] : this.#checker.getExportsOfModule(module)
  }

  #resolve(symbol: ts.Symbol): ts.Symbol {
    return symbol.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol
  }

  /** One property of the interface of globals: its type by a name that the module exports for this. */
  #global(member: ts.Symbol): string {
    const declaration = member.valueDeclaration
    if (declaration === undefined || !ts.isPropertySignature(declaration) || declaration.type === undefined)
      throw new Error(`${GLOBALS.name}.${member.name} must be a property with a type.`)
    const { type } = declaration
    const symbol = ts.isTypeReferenceNode(type) ? this.#checker.getSymbolAtLocation(type.typeName) : undefined
    if (symbol === undefined) throw new Error(`${GLOBALS.name}.${member.name} must have a named type.`)
    const name = this.#nameOf(this.#resolve(symbol))
    const own = documentationOf(declaration)
    const documentation = own === '' ? documentationOf(this.#resolve(symbol).declarations?.[0]) : own
    return `${documentation}declare const ${member.name}: import('${ALL_TYPES}').${name}`
  }

  #nameOf(symbol: ts.Symbol): string {
    const known = this.#names.get(symbol)
    if (known !== undefined) return known
    let name = symbol.name
    for (let count = 2; this.#taken.has(name); count++) name = `${symbol.name}${count}`
    this.#taken.add(name)
    this.#names.set(symbol, name)
    this.#waiting.push(symbol)
    return name
  }

  #print(symbol: ts.Symbol): string {
    const declarations = symbol.declarations ?? []
    const isBoth = declarations.some(ts.isVariableDeclaration) && declarations.some(ts.isTypeAliasDeclaration)
    const wanted = isBoth && !this.#values.has(symbol) ? declarations.filter((one) => !ts.isVariableDeclaration(one)) : declarations
    return wanted.map((declaration) => this.#printOne(symbol, declaration)).join('\n')
  }

  #printOne(symbol: ts.Symbol, declaration: ts.Declaration): string {
    const file = declaration.getSourceFile()
    const name = this.#nameOf(symbol)
    if (ts.isTypeAliasDeclaration(declaration) && /\bz\./.test(declaration.type.getText())) {
      const written = this.#written.inferred(file.fileName, symbol.name)
      if (written === undefined || /\bz\.|import\(/.test(written))
        throw new Error(`The type ${symbol.name} of ${file.fileName} cannot be written out for the editor: ${written}`)
      return `${documentationOf(declaration)}type ${name} = ${written}`
    }
    if (ts.isVariableDeclaration(declaration)) {
      const type = declaration.type ?? declaration
      const own = documentationOf(declaration.parent.parent)
      const documentation = own === '' ? this.#documentationOfType(declaration.type) : own
      return `${documentation}declare const ${name}: ${this.#rewrite(file, type.getStart(), type.end, type, [])}`
    }
    const changes: Change[] = []
    if (ts.isClassDeclaration(declaration) && !this.#values.has(symbol)) this.#closeClass(declaration, changes)
    const modifiers = ts.canHaveModifiers(declaration) ? (ts.getModifiers(declaration) ?? []) : []
    const begins = modifiers.at(-1)?.end ?? declaration.getStart()
    const body = this.#rewrite(file, begins, declaration.end, declaration, changes).trim()
    const isType = ts.isInterfaceDeclaration(declaration) || ts.isTypeAliasDeclaration(declaration)
    return `${documentationOf(declaration)}${isType ? '' : 'declare '}${body}`
  }

  #documentationOfType(type: ts.TypeNode | undefined): string {
    const node = type !== undefined && ts.isImportTypeNode(type) ? type.qualifier : type
    const symbol = node === undefined ? undefined : this.#checker.getSymbolAtLocation(ts.isTypeReferenceNode(node) ? node.typeName : node)
    return documentationOf(symbol === undefined ? undefined : this.#resolve(symbol).declarations?.[0])
  }

  /** A class that only its own house makes: no constructor to call and no statics. */
  #closeClass(declaration: ts.ClassDeclaration, changes: Change[]): void {
    for (const member of declaration.members) {
      const isStatic = ts.canHaveModifiers(member) && ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword)
      if (ts.isConstructorDeclaration(member)) changes.push({ from: member.pos, to: member.end, text: '\n    private constructor();' })
      else if (isStatic === true) changes.push({ from: member.pos, to: member.end, text: '' })
    }
  }

  /** The text of a node with every name as it is called here. */
  #rewrite(file: ts.SourceFile, from: number, to: number, root: ts.Node, given: readonly Change[]): string {
    const changes: Change[] = [...given]
    const visit = (node: ts.Node): void => {
      if (given.some((change) => node.pos >= change.from && node.end <= change.to)) return
      if (ts.isImportTypeNode(node) && node.qualifier !== undefined) {
        const symbol = this.#checker.getSymbolAtLocation(node.qualifier)
        if (symbol !== undefined) {
          changes.push({ from: node.getStart(), to: node.qualifier.end, text: this.#nameOf(this.#resolve(symbol)) })
          node.typeArguments?.forEach(visit)
          return
        }
      }
      if (ts.isIdentifier(node)) {
        const symbol = this.#checker.getSymbolAtLocation(node)
        const target = symbol === undefined ? undefined : this.#resolve(symbol)
        if (target !== undefined && isTopLevel(target)) {
          const name = this.#nameOf(target)
          if (name !== node.text) changes.push({ from: node.getStart(), to: node.end, text: name })
        }
      }
      ts.forEachChild(node, visit)
    }
    visit(root)
    let end = from
    const parts: string[] = []
    for (const change of changes.toSorted((a, b) => a.from - b.from)) {
      parts.push(file.text.slice(end, change.from), change.text)
      end = change.to
    }
    return parts.join('') + file.text.slice(end, to)
  }
}

const declarationFile = (source: string): string => source.replace(/\.ts$/, '.d.ts')

function isTopLevel(symbol: ts.Symbol): boolean {
  return (symbol.declarations ?? []).some((declaration) => {
    const statement = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration
    return ts.isSourceFile(statement.parent) && !ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)
  })
}

function documentationOf(node: ts.Node | undefined): string {
  const last = node === undefined ? undefined : ts.getJSDocCommentsAndTags(node).findLast(ts.isJSDoc)
  return last === undefined ? '' : `${last.getText()}\n`
}

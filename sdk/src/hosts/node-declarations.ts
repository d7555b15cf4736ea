/** Reads the source behind a call of `flow()` or `task()`: type stripping keeps lines and columns, so the file on disk is what runs. */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { readDeclarations, type FlowDeclaration } from '../compiler/declarations.ts'
import type { Declaration, Host } from '../engine/ports.ts'
import { parseCallSite, type CallSite } from './call-site.ts'

type Answer = Awaited<ReturnType<Host['declarationAt']>>
type Read = { readonly declarations: readonly FlowDeclaration[] } | { readonly reason: string }

/** A host's `declarationAt`; each file is read once. */
export function newDeclarationReader(): (callSite: string) => Promise<Answer> {
  const files = new Map<string, Promise<Read>>()
  return async (callSite) => {
    const site = parseCallSite(callSite)
    if (site === undefined) return { reason: `${callSite} names no place in a file` }
    let file = files.get(site.file)
    if (file === undefined) files.set(site.file, (file = readSource(site.file)))
    const read = await file
    return 'reason' in read ? read : find(read.declarations, site)
  }
}

async function readSource(file: string): Promise<Read> {
  const path = pathOf(file)
  if (path === undefined) return { reason: `${file} is not a file on this machine` }
  try {
    const read = readDeclarations(await readFile(path, 'utf8'), { filename: path })
    return read.ok ? read : { reason: `${path}:${read.error.line}:${read.error.column} cannot be parsed: ${read.error.message}` }
  } catch (error) {
    return { reason: `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}` }
  }
}

function pathOf(file: string): string | undefined {
  const plain = file.replace(/[?#].*$/s, '')
  if (plain.startsWith('file:')) return fileURLToPath(plain)
  return /^[a-z][a-z0-9+.-]+:/.test(plain) ? undefined : plain
}

/** The call at that place; a build that moves columns still finds it where it is the only one of its line. */
function find(declarations: readonly FlowDeclaration[], { file, line, column }: CallSite): Answer {
  const onLine = declarations.filter((declaration) => declaration.line === line)
  const found = onLine.find((declaration) => declaration.column === column) ?? (onLine.length === 1 ? onLine[0] : undefined)
  if (found === undefined) return { reason: `no function is written out at ${file}:${line}:${column}` }
  const { constName, parameters, schema } = found
  const declaration: Declaration = { parameters, schema, ...(constName === undefined ? {} : { constName }) }
  return { declaration }
}

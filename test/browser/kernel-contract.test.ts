/**
 * The engine's contract inside the real kernel frame: the engine as the build makes it, minified and instrumented; the cases, which stand for the
 * code of users, instrumented only, because the engine reads the names of their functions and parameters.
 */
import { readFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { dirname, join, posix } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { instrumentAwaits } from '#sdk/compiler/instrument.ts'
import { CASES } from '../engine/contract/cases.ts'
import { root } from '../support/repository.ts'
import type { InPage } from './kernel-in-page.ts'
import { openKernelSite, type KernelSite } from './kernel-site.ts'

const ENTRY = 'test/browser/page/contract-worker.ts'
const IMPORT = /from '(\.[^']+)'/g

interface Outcome {
  readonly name: string
  readonly error?: string
}

/** A module and what it imports, each as a function of its own, so that nothing has to be renamed. */
async function modulesOf(path: string, found = new Map<string, string>()): Promise<ReadonlyMap<string, string>> {
  if (found.has(path)) return found
  const source = await readFile(join(root, path), 'utf8')
  const plain = stripTypeScriptTypes(source)
  // Who runs the cases is no user: it makes a host for each, and the helpers are the host's.
  const instrumented = path === ENTRY ? { ok: true as const, code: plain } : instrumentAwaits(plain)
  if (!instrumented.ok) throw new Error(`${path}: ${instrumented.error.message}`)
  found.set(path, asFunctionBody(instrumented.code))
  for (const [, name = ''] of source.matchAll(IMPORT)) await modulesOf(posix.join(dirname(path), name), found)
  return found
}

/** Imports and exports of a module as they are inside a function. A bundler would rename what stands in two scopes, parameters too. */
function asFunctionBody(code: string): string {
  const names: string[] = []
  const body = code
    .replaceAll(
      /^import \{([^}]*)\} from ('[^']+')/gm,
      (_, list: string, from: string) => `const {${list.replaceAll(' as ', ': ')}} = require(${from})`,
    )
    .replaceAll(/^export ((?:const|class|(?:async )?function\*?) (\w+))/gm, (_, declaration: string, name: string) => {
      names.push(name)
      return declaration
    })
  return `${body}\nObject.assign(exports, { ${names.join(', ')} })`
}

function script(modules: ReadonlyMap<string, string>): string {
  const functions = [...modules].map(([path, code]) => `${JSON.stringify(path)}:function(exports,require,postMessage){${code}\n}`)
  return `
let port
const modules = {${functions.join(',\n')}}
const loaded = new Map()
const join = (from, name) => new URL(name, 'http://x/' + from).pathname.slice(1)
function load(path) {
  const known = loaded.get(path)
  if (known !== undefined) return known
  const exports = {}
  loaded.set(path, exports)
  modules[path](exports, (name) => (name.startsWith('#sdk/') ? ($$sdk[name] ?? {}) : load(join(path, name))), (outcomes) => port.postMessage(outcomes))
  return exports
}
self.$$start = (given) => {
  port = given
  load(${JSON.stringify(ENTRY)})
}`
}

describe('the engine in the frame of a kernel', () => {
  let site: KernelSite | undefined
  let outcomes: readonly Outcome[] = []

  beforeAll(async () => {
    site = await openKernelSite()
    const { page } = await site.openPage()
    const text = script(await modulesOf(ENTRY))
    const said = await page.evaluate(([workspace, cases]) => (globalThis as unknown as InPage).runContract(workspace, cases), [
      site.workspace,
      text,
    ] as const)
    if (!Array.isArray(said)) throw new Error(String(said))
    outcomes = said
  })
  afterAll(() => site?.close())

  const names = [...CASES.map(({ id, sentence }) => `[${id}] ${sentence}`), '[CX9] 200 interleaved runs keep their own context']
  test.each(names)('%s', (name) => {
    expect(outcomes.find((outcome) => outcome.name === name)).toEqual({ name })
  })
})

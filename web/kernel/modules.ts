/**
 * Modules that cells import: Flowcell itself, a shelf from our own origin, and what the module host has. Everything else is a sentence.
 *
 * 1. A module is loaded once; one that did not come is asked for again.
 * 2. A name that a module does not export is told, as the platform does for its own imports.
 */
import { evaluate } from './evaluate.ts'
import { SHELF_GLOBAL } from './shelf/give.ts'

export interface ModulePorts {
  /** `flowcell` as cells see it. */
  readonly flowcell: unknown
  /** Prefix of `npm:` modules; null when they are turned off. */
  readonly moduleHost: string | null
  /** Asks the page for a module of the shelf. */
  readonly ask: (name: string) => void
}

type Attributes = Readonly<Record<string, string>>
interface Loading {
  readonly module: Promise<unknown>
  readonly settle: (module: unknown) => void
  readonly fail: (error: Error) => void
}

export const FILES = 'node:fs/promises'
const SHELF: ReadonlySet<string> = new Set(['zod', 'linkedom', '@observablehq/plot', FILES])
const NPM = /^npm:\/?((?:@[\w.~-]+\/)?[\w.~-]+(?:@[\w.~^*<>=|+-]+)?(?:\/[\w./~-]*)?)$/

export class Modules {
  readonly #ports: ModulePorts
  readonly #shelf = new Map<string, Loading>()

  constructor(ports: ModulePorts) {
    this.#ports = ports
  }

  /** @throws Error with a sentence that names the module and what to write. */
  async load(specifier: string, attributes: Attributes = {}): Promise<unknown> {
    if (specifier === 'flowcell') return this.#ports.flowcell
    const name = specifier === 'fs/promises' ? FILES : specifier
    if (SHELF.has(name)) return this.shelf(name)
    const address = this.#addressOf(specifier)
    try {
      return await import(address, Object.keys(attributes).length === 0 ? undefined : { with: { ...attributes } })
    } catch (error) {
      if (!(error instanceof TypeError)) throw error // its own code has thrown, or cannot be parsed
      const message = `The module ${specifier} could not be loaded from ${address}: it is not there, or the host does not answer.`
      throw new Error(message, { cause: error })
    }
  }

  /** What a cell imports by name. @throws Error when the module does not have it. */
  check(specifier: string, module: unknown, names: readonly string[]): void {
    const object: object = Object(module)
    const missing = names.find((name) => !(name in object))
    if (missing === undefined) return
    const has = Object.keys(object).slice(0, 20).join(', ')
    throw new SyntaxError(`The module ${specifier} has no export \`${missing}\`. It has ${has === '' ? 'none' : has}.`)
  }

  /** A module of the shelf; `node:fs/promises` is one. */
  shelf(name: string): Promise<unknown> {
    const known = this.#shelf.get(name)
    if (known !== undefined) return known.module
    const { promise: module, resolve: settle, reject: fail } = Promise.withResolvers<unknown>()
    this.#shelf.set(name, { module, settle, fail })
    this.#ports.ask(name)
    return module
  }

  /** A module of the shelf, where it was loaded before. */
  loaded(name: string): Promise<unknown> | undefined {
    return this.#shelf.get(name)?.module
  }

  /** The page's answer: the script of a module, or null. */
  given(name: string, script: string | null): void {
    const loading = this.#shelf.get(name)
    if (loading === undefined) return
    try {
      if (script === null) throw new Error(`The module ${name} could not be loaded: the server does not answer.`)
      // Under a name of the kernel's, so that its frames are told from those of cells.
      evaluate(`"use strict";${script}`, `${name.replaceAll(/[^\w]/g, '-')}.flowcell-kernel.js`)
      const module: unknown = Reflect.get(globalThis, SHELF_GLOBAL)
      Reflect.deleteProperty(globalThis, SHELF_GLOBAL)
      loading.settle(module)
    } catch (error) {
      this.#shelf.delete(name)
      loading.fail(error instanceof Error ? error : new Error(String(error)))
    }
  }

  #addressOf(specifier: string): string {
    const { moduleHost } = this.#ports
    const isNpm = specifier.startsWith('npm:')
    const name = NPM.exec(specifier)?.[1]
    const isWeb = /^https?:\/\//.test(specifier)
    if (isNpm && name === undefined) throw new Error(`${specifier} names no package. Write it as npm:name@version.`)
    if (!isNpm && !isWeb) throw new Error(sentenceFor(specifier, moduleHost))
    if (moduleHost === null) throw new Error(`Modules from elsewhere are turned off in this workspace: ${specifier} cannot be loaded.`)
    if (isNpm) return moduleHost + (name ?? '')
    if (new URL(specifier).origin === new URL(moduleHost).origin) return specifier
    throw new Error(`Cells load modules from ${moduleHost} only: ${specifier} is elsewhere. Packages are there as npm:name@version.`)
  }
}

function sentenceFor(specifier: string, moduleHost: string | null): string {
  if (/^(?:node:)?fs$/.test(specifier)) return `There is no ${specifier} in a tab. node:fs/promises is, with files kept in memory.`
  if (specifier.startsWith('node:')) return `There is no ${specifier} in a tab: only node:fs/promises, with files kept in memory.`
  if (/^[./]/.test(specifier)) return `A cell is no file: there is nothing at ${specifier}. Names of other cells need no import.`
  if (/^[a-z][a-z0-9+.-]*:/i.test(specifier)) return `A cell cannot import ${specifier}.`
  const how = moduleHost === null ? '' : ` Write npm:${specifier}@version to load it from ${new URL(moduleHost).host}.`
  return `There is no module ${specifier} here.${how}`
}

/** The kernel's scripts as pages get them: each bundled by itself, fetched when first needed, kept as text. */
import compilerAddress from 'bundle:./compiler-worker.ts'
import kernelAddress from 'bundle:./kernel.ts'
import filesAddress from 'bundle:./shelf/files.ts'
import linkedomAddress from 'bundle:./shelf/linkedom.ts'
import plotAddress from 'bundle:./shelf/plot.ts'
import zodAddress from 'bundle:./shelf/zod.ts'
import { startWorker } from '../app/trusted.ts'

/** Modules that cells import from our own origin, so that they are there without any other. */
const SHELF: ReadonlyMap<string, string> = new Map([
  ['zod', zodAddress],
  ['linkedom', linkedomAddress],
  ['@observablehq/plot', plotAddress],
  ['node:fs/promises', filesAddress],
])

const texts = new Map<string, Promise<string>>()

function textOf(address: string): Promise<string> {
  const known = texts.get(address)
  if (known !== undefined) return known
  const text = load(address)
  texts.set(address, text)
  text.catch(() => texts.delete(address)) // the next one tries again
  return text
}

async function load(address: string): Promise<string> {
  const response = await fetch(address)
  if (!response.ok) throw new Error(`${address} was answered with ${response.status}.`)
  return response.text()
}

export const kernelScript = (): Promise<string> => textOf(kernelAddress)

/** Undefined: the shelf has no such module. */
export function shelfScript(name: string): Promise<string> | undefined {
  const address = SHELF.get(name)
  return address === undefined ? undefined : textOf(address)
}

export const startCompiler = (): Worker => startWorker(compilerAddress, 'flowcell compiler')

/** Files that cells have written to memory (`node:fs/promises`), as the page shows them. */
import { FILES, type Modules } from './modules.ts'
import type { FromKernel } from './messages.ts'

type Files = Extract<FromKernel, { readonly type: 'files' }>['files']

/** What we use of the module. */
interface FileSystem {
  readdir(path: string, options: { readonly recursive: true }): Promise<readonly string[]>
  stat(path: string): Promise<{ readonly size: number; isFile(): boolean }>
  readFile(path: string): Promise<Uint8Array>
}

const MAX_FILES = 1_000

export class MemoryFiles {
  readonly #modules: Modules
  readonly #send: (message: FromKernel) => void
  #told = '[]'

  constructor(modules: Modules, send: (message: FromKernel) => void) {
    this.#modules = modules
    this.#send = send
  }

  /** Tells the page which files there are, when that has changed. */
  async tell(): Promise<void> {
    const system = await this.#system()
    if (system === undefined) return
    const files = await listOf(system)
    const text = JSON.stringify(files)
    if (text === this.#told) return
    this.#told = text
    this.#send({ type: 'files', files })
  }

  /** @throws Error when there is no such file. */
  async read(path: string): Promise<Uint8Array> {
    const system = await this.#system()
    if (system === undefined) throw new Error(`There is no file ${path}.`)
    return Uint8Array.from(await system.readFile(path))
  }

  /** Undefined while no cell has asked for it. */
  async #system(): Promise<FileSystem | undefined> {
    // Memfs is what the shelf gives under this name.
    return (await this.#modules.loaded(FILES)?.catch(() => undefined)) as FileSystem | undefined
  }
}

async function listOf(system: FileSystem): Promise<Files> {
  const paths = (await system.readdir('/', { recursive: true })).slice(0, MAX_FILES)
  const files = await Promise.all(
    paths.map(async (path) => {
      const stat = await system.stat(path)
      return stat.isFile() ? [{ path: String(path), bytes: stat.size }] : []
    }),
  )
  return files.flat()
}

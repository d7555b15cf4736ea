/**
 * The page's side of the compiler, which works in a Worker of its own: a keystroke never waits for it, and a cell in an endless loop, which
 * runs elsewhere, never keeps it from marking what is stale.
 *
 * 1. Questions are answered in order. `link` sees what the last `update` before it said.
 * 2. A Worker that dies is started again and told everything again; who waited for it gets an error with a sentence.
 */
import { startCompiler } from './scripts.ts'
import type { CellId } from '#sdk/protocol/notebook.ts'
import { Questions } from './questions.ts'
import type { Compiled, CompiledCellInfo, CompilerCell, FromCompiler, LinkAnswer, ToCompiler } from './compiler-messages.ts'

/** What we use of a Worker. */
export interface CompilerWorker {
  postMessage(message: ToCompiler): void
  terminate(): void
  onmessage: ((event: MessageEvent<FromCompiler>) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
}

export class CompilerHost {
  readonly #open: () => CompilerWorker
  #worker: CompilerWorker | undefined
  readonly #questions = new Questions<FromCompiler>()
  /** What the Worker was given. */
  #sent = new Map<CellId, CompilerCell>()
  /** What it told. */
  readonly #infos = new Map<CellId, CompiledCellInfo>()

  constructor(open: () => CompilerWorker = startCompiler) {
    this.#open = open
  }

  /**
   * Compiles what has changed since the last update. What is told of a cell is the same object as before where nothing of it is new.
   *
   * @param cells The TypeScript cells, in the order of the notebook.
   */
  async update(cells: readonly CompilerCell[]): Promise<Compiled> {
    const order = cells.map(({ id }) => id)
    const worker = this.#started()
    const changed = cells.filter((cell) => !isSame(this.#sent.get(cell.id), cell))
    this.#sent = new Map(cells.map((cell) => [cell.id, cell]))
    const answer = await this.#ask(worker, (request) => ({ type: 'update', request, order, cells: changed }))
    if (answer.type !== 'updated') throw new Error('The compiler answered something else than it was asked.')
    for (const [id, info] of answer.cells) this.#infos.set(id, info)
    return new Map(
      order.flatMap((id) => {
        const info = this.#infos.get(id)
        return info === undefined ? [] : [[id, info] as const]
      }),
    )
  }

  /** Links a cell of the last update, so that a kernel can run it. */
  async link(cell: CellId): Promise<LinkAnswer> {
    const answer = await this.#ask(this.#started(), (request) => ({ type: 'link', request, cell }))
    if (answer.type !== 'linked') throw new Error('The compiler answered something else than it was asked.')
    return answer.answer
  }

  close(): void {
    this.#end('The compiler was closed.')
  }

  #started(): CompilerWorker {
    if (this.#worker !== undefined) return this.#worker
    const worker = this.#open()
    worker.onmessage = ({ data }) => this.#questions.answered(data.request, data)
    worker.onerror = (event) => this.#worker === worker && this.#end(`The compiler ended: ${event.message || 'it could not be started'}.`)
    this.#worker = worker
    return worker
  }

  #ask(worker: CompilerWorker, message: (request: number) => ToCompiler): Promise<FromCompiler> {
    return this.#questions.ask((request) => worker.postMessage(message(request)))
  }

  #end(why: string): void {
    this.#worker?.terminate()
    this.#worker = undefined
    this.#sent = new Map()
    this.#infos.clear()
    this.#questions.failAll(why)
  }
}

const isSame = (before: CompilerCell | undefined, now: CompilerCell): boolean =>
  before !== undefined && before.source === now.source && before.title === now.title && before.runs === now.runs

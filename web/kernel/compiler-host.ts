/**
 * The page's side of the compiler, which works in a Worker of its own: a keystroke never waits for it, and a cell in an endless loop, which
 * runs elsewhere, never keeps it from marking what is stale.
 *
 * 1. Updates are answered in order; an update that is overtaken is answered with what the newest one found.
 * 2. A Worker that dies is started again, and told everything again.
 */
import type { CellId } from '#sdk/protocol/notebook.ts'
import type { Compiled, CompilerCell, LinkAnswer } from './compiler-messages.ts'

export class CompilerHost {
  /**
   * Compiles what has changed since the last update.
   *
   * @param cells The TypeScript cells, in the order of the notebook.
   */
  update(_cells: readonly CompilerCell[]): Promise<Compiled> {
    return Promise.resolve(new Map())
  }
  /** Links a cell of the last update, so that a kernel can run it. */
  link(_cell: CellId): Promise<LinkAnswer> {
    return Promise.resolve({ ok: false, message: 'There is no such cell.' })
  }
  close(): void {}
}

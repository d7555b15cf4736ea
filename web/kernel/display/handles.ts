/**
 * Values that the page may open further, by handle.
 *
 * 1. A handle belongs to a cell and ends when the cell begins again or is forgotten.
 * 2. A cell has at most MAX_HANDLES: what would be more is shown, but cannot be opened.
 *
 * Handles are the only thing that keeps a shown value alive.
 */
const MAX_HANDLES = 20_000

class HandleGone extends Error {
  override readonly name = 'HandleGone'
  constructor() {
    super('The value is gone: the cell ran again, or its kernel was restarted. Run the cell to look at it.')
  }
}

export class Handles<T> {
  readonly #targets = new Map<string, { readonly cell: string; readonly target: T }>()
  readonly #ofCell = new Map<string, Set<string>>()
  #count = 0

  /** Undefined where the cell has too many. */
  open(cell: string, target: T): string | undefined {
    const ofCell = this.#ofCell.get(cell) ?? new Set()
    this.#ofCell.set(cell, ofCell)
    if (ofCell.size >= MAX_HANDLES) return undefined
    const handle = `h${++this.#count}`
    ofCell.add(handle)
    this.#targets.set(handle, { cell, target })
    return handle
  }

  /** @throws HandleGone */
  get(handle: string): { readonly cell: string; readonly target: T } {
    const found = this.#targets.get(handle)
    if (found === undefined) throw new HandleGone()
    return found
  }

  free(cell: string): void {
    for (const handle of this.#ofCell.get(cell) ?? []) this.#targets.delete(handle)
    this.#ofCell.delete(cell)
  }
}

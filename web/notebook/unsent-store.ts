/**
 * Edits that the workspace has not confirmed, kept in this browser, so that a reload while it is away loses nothing.
 *
 * 1. Each open page writes under a name of its own, and holds a lock of that name for as long as it lives.
 * 2. A page that opens the notebook takes over what pages that no longer live have left; nobody takes from a page that is still open.
 */
const PREFIX = 'flowcell:unsent'

export interface LeftEdits {
  readonly key: string
  readonly saved: unknown
}

export class UnsentStore {
  readonly #prefix: string
  readonly #key: string
  readonly #end = new AbortController()

  constructor(workspace: string, notebook: string) {
    this.#prefix = `${PREFIX}:${workspace}:${notebook}:`
    this.#key = `${this.#prefix}${crypto.randomUUID()}`
    void this.#hold(this.#key)
  }

  /** Answers whether the browser keeps it. Undefined: there is nothing to keep. */
  write(saved: unknown): boolean {
    try {
      if (saved === undefined) localStorage.removeItem(this.#key)
      else localStorage.setItem(this.#key, JSON.stringify(saved))
      return true
    } catch {
      return false // the store is full, or turned off: the header says so
    }
  }

  /** What pages have left that no longer live; it is forgotten with {@link forget}. */
  async left(): Promise<readonly LeftEdits[]> {
    const found: LeftEdits[] = []
    for (const key of keysOf(this.#prefix)) {
      if (key === this.#key || !(await this.#hold(key))) continue
      const saved = read(key)
      if (saved === undefined) localStorage.removeItem(key)
      else found.push({ key, saved })
    }
    return found
  }

  forget({ key }: LeftEdits): void {
    localStorage.removeItem(key)
  }

  /** Takes a name until the page goes; false where another page has it. Without locks (a page that is not secure) whoever opens takes all. */
  #hold(key: string): Promise<boolean> {
    const { locks } = navigator
    if (locks === undefined) return Promise.resolve(true)
    return new Promise((resolve) => {
      const held = new Promise<void>((free) => this.#end.signal.addEventListener('abort', () => free()))
      locks
        .request(key, { ifAvailable: true }, (lock) => {
          resolve(lock !== null)
          return lock === null ? undefined : held
        })
        .catch(() => resolve(true))
    })
  }

  close(): void {
    this.#end.abort()
  }
}

function keysOf(prefix: string): string[] {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix))
  } catch {
    return []
  }
}

function read(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? '')
  } catch {
    return undefined
  }
}

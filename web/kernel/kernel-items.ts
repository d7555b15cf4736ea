/**
 * What a kernel may say to the workspace, read from what it says: a kernel is a principal of its own (docs/architecture.md), whoever presses Run.
 *
 * 1. Only items whose operation is marked `kernel` in the operation table pass, and only about runs that this kernel has created.
 * 2. Labels are the page's words: notebook, cell and code. What the kernel claims is looked up, or left out.
 * 3. Fields that give no authority are not judged here: the workspace validates every item.
 */
import { firstLineOf } from '#sdk/protocol/log-levels.ts'
import { MAX_TASK_RUNS_PER_FLOW_RUN } from '#sdk/protocol/limits.ts'

/** The items that pass, with the operation of the table that each stands for (test/browser/kernel-gate.test.ts compares). */
export const KERNEL_ITEMS = {
  'run.create': 'flow_runs.create',
  'run.propose': 'flow_runs.set_state',
  task: 'task_runs.set_state',
  log: 'logs.create',
} as const

export const LABELS = { notebook: 'flowcell.notebook', cell: 'flowcell.cell', code: 'flowcell.code' } as const

export type Refused = { readonly type: 'refused'; readonly code: string; readonly detail: string }
type Fields = Readonly<Record<string, unknown>>

/** A run that this kernel has created. */
export interface KernelRun {
  readonly id: string
  name: string
  epoch: number
  /** The number of its next log line. */
  nextLine: number
  hasEnded: boolean
}

/** Who the kernel is, as the page knows it. */
export interface KernelPrincipal {
  readonly notebook: string
  /** The hash of the slice with which this kernel has last run the cell; undefined when it has not. */
  readonly codeOf: (cell: string) => string | undefined
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Ids are minted when a run is created: one that is older, or from the future, is somebody else's. */
const MAX_ID_AGE_MS = 10 * 60_000
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

export class KernelItems {
  readonly #principal: KernelPrincipal
  /** Runs of every kernel of this page: nobody takes another's. */
  readonly #claimed: Set<string>
  readonly #runs = new Map<string, KernelRun>()
  readonly #tasks = new Set<string>()

  constructor(principal: KernelPrincipal, claimed: Set<string>) {
    this.#principal = principal
    this.#claimed = claimed
  }

  get runs(): Iterable<KernelRun> {
    return this.#runs.values()
  }
  run(id: string): KernelRun | undefined {
    return this.#runs.get(id)
  }

  /** The item as it may pass, or why it may not. */
  judge(item: unknown): { readonly pass: Fields; readonly run?: KernelRun } | Refused {
    if (!isFields(item)) return refused('malformed_frame', 'An item of a kernel is no object.')
    switch (item['type']) {
      case 'run.create':
        return this.#create(item)
      case 'run.propose':
        return this.#ofOwnRun(item)
      case 'task':
        return this.#task(item)
      case 'log':
        return this.#log(item)
      default:
        return refused('forbidden', `A kernel may not say ${shown(item['type'])}: it may create runs of its flows and report on them.`)
    }
  }

  /** The workspace has refused to create it. */
  forget(run: KernelRun): void {
    this.#runs.delete(run.id)
  }

  #create(item: Fields): ReturnType<KernelItems['judge']> {
    const { id, labels, parent_task_run_id: parent } = item
    if (typeof id !== 'string') return refused('malformed_frame', 'A run that a kernel creates has no id.')
    if (parent !== undefined && parent !== null && !this.#isOwnTask(parent))
      return refused('forbidden', 'A kernel may create a subflow only of a task run of its own.')
    let run = this.#runs.get(id)
    if (run === undefined) {
      if (this.#claimed.has(id) || !this.#isNew(id)) return refused('forbidden', 'A kernel may create only runs that are new.')
      run = { id, name: typeof item['name'] === 'string' ? item['name'] : id, epoch: 1, nextLine: firstLineOf(1), hasEnded: false }
      this.#runs.set(id, run)
      this.#claimed.add(id)
    }
    return { pass: { ...item, labels: this.#labels(labels) }, run }
  }

  #labels(claimed: unknown): Fields {
    const { notebook, codeOf } = this.#principal
    const cell = isFields(claimed) ? claimed[LABELS.cell] : undefined
    const code = typeof cell === 'string' ? codeOf(cell) : undefined
    return { [LABELS.notebook]: notebook, ...(code !== undefined && { [LABELS.cell]: cell, [LABELS.code]: code }) }
  }

  #ofOwnRun(item: Fields): ReturnType<KernelItems['judge']> {
    const run = this.#ownRun(item['run'])
    return run === undefined ? NOT_ITS_OWN : { pass: item, run }
  }

  #task(item: Fields): ReturnType<KernelItems['judge']> {
    const { id, run } = item
    if (typeof id !== 'string' || (run !== null && this.#ownRun(run) === undefined)) return NOT_ITS_OWN
    if (!this.#tasks.has(id)) {
      if (this.#claimed.has(id) || !this.#isNew(id)) return NOT_ITS_OWN
      // Beyond the limit of the workspace there is nothing to remember.
      if (this.#tasks.size < 10 * MAX_TASK_RUNS_PER_FLOW_RUN) this.#tasks.add(id)
    }
    return { pass: item }
  }

  #log(item: Fields): ReturnType<KernelItems['judge']> {
    const { run: id, task, first, lines } = item
    if (id === null) return this.#isOwnTask(task) ? { pass: item } : NOT_ITS_OWN
    const run = this.#ownRun(id)
    if (run === undefined) return NOT_ITS_OWN
    if (Number.isSafeInteger(first) && Array.isArray(lines)) run.nextLine = Math.max(run.nextLine, Number(first) + lines.length)
    return { pass: item, run }
  }

  #ownRun(id: unknown): KernelRun | undefined {
    return typeof id === 'string' ? this.#runs.get(id) : undefined
  }

  #isOwnTask(id: unknown): boolean {
    return typeof id === 'string' && this.#tasks.has(id)
  }

  #isNew(id: string): boolean {
    if (!UUID_V7.test(id)) return false
    const mintedAt = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
    return Math.abs(this.#principal.now() - mintedAt) < MAX_ID_AGE_MS
  }
}

const NOT_ITS_OWN = refused('forbidden', 'A kernel may report only on runs that it has created itself.')

export function refused(code: string, detail: string): Refused {
  return { type: 'refused', code, detail }
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)
const shown = (value: unknown): string => (typeof value === 'string' ? `“${value.slice(0, 40)}”` : `a ${typeof value}`)

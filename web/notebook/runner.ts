/**
 * Runs cells in this tab's kernel: plans, waits, begins one after another, and knows what is fresh.
 *
 * It holds the memory of what ran and the queue, both pure; what cells show is in `CellRuns`.
 * 1. One cell runs at a time. Nothing runs that nobody asked for.
 * 2. A cell runs with the text that it has when it begins. Code and inputs are remembered from then.
 * 3. After the kernel is gone every cell that ran is stale, what waited is forgotten, and what ran is interrupted.
 */
import { blocksOf, descendantsOf, type Block } from '#sdk/notebook/graph.ts'
import { beginRun, endRun, NO_MEMORY, restarted, setInput, type KernelMemory } from '#sdk/notebook/memory.ts'
import { marksOf, planOf, type Mark, type RunRequest } from '#sdk/notebook/staleness.ts'
import type { CellId } from '#sdk/protocol/notebook.ts'
import type { CompilerHost } from '../kernel/compiler-host.ts'
import type { KernelHost } from '../kernel/kernel-host.ts'
import type { FlowOutput } from '../kernel/media.ts'
import type { CellValue, FromKernel, RunCell } from '../kernel/messages.ts'
import { Signal } from '../ui/signal.ts'
import { blockReason, heldReason } from './block-words.ts'
import type { CellRuns } from './cell-runs.ts'
import { cellNameOf, type CompileLoop } from './compile-loop.ts'
import type { NotebookDocument } from './notebook-document.ts'
import { ask, dropped, emptied, EMPTY_QUEUE, ended, takeNext, type RunQueue } from './run-queue.ts'

export interface RunnerOptions {
  readonly document: NotebookDocument
  readonly compile: CompileLoop
  readonly compiler: CompilerHost
  readonly kernel: KernelHost
  readonly runs: CellRuns
  /** Edits are to be on their way before a cell runs. */
  readonly beforeRun: () => void
  /** Said once, to whoever looks. */
  readonly onNotice: (sentence: string) => void
}

/** Top-level names of the cells that ran here, by cell. */
export type KernelValues = ReadonlyMap<CellId, readonly CellValue[]>
/** Flows that this kernel holds, by the cell that defines them: what their forms are made of. */
export type KernelFlows = ReadonlyMap<CellId, readonly FlowOutput[]>

export class Runner {
  /** Cells that are not fresh, as far as they can be run and say anything. */
  readonly staleCount = new Signal(0)
  readonly isBusy = new Signal(false)
  readonly values = new Signal<KernelValues>(new Map())
  readonly flows = new Signal<KernelFlows>(new Map())
  readonly #options: RunnerOptions
  readonly #stops: (() => void)[] = []
  #memory: KernelMemory = NO_MEMORY
  #queue: RunQueue = EMPTY_QUEUE
  #marks: ReadonlyMap<CellId, Mark> = new Map()
  #blocks: ReadonlyMap<CellId, Block> = new Map()
  #startedAt = 0
  /** What the compiler read in the texts that run, or ran last. */
  readonly #declarations = new Map<CellId, RunCell['declarations']>()
  /** A cell is between its turn and its beginning: it is being linked. */
  #isBeginning = false
  readonly #waiters = new Set<() => void>()

  constructor(options: RunnerOptions) {
    this.#options = options
    const { compile, kernel } = options
    this.#stops.push(
      compile.graph.subscribe(() => this.#judge()),
      kernel.on((message) => this.#hear(message)),
      kernel.onReset((reason) => this.#kernelGone(reason)),
    )
  }

  close(): void {
    for (const stop of this.#stops) stop()
  }

  /** Runs what is asked for, and before it what it needs and is not fresh. Resolves when everything has been put into the queue. */
  async request(request: RunRequest | { readonly run: 'cells'; readonly cells: readonly CellId[] }): Promise<void> {
    this.#options.beforeRun()
    this.#options.kernel.start() // beside the compiler
    await this.#options.compile.now()
    this.#judge()
    const graph = this.#options.compile.graph.value
    for (const one of request.run === 'cells' ? request.cells.map((cell) => ({ run: 'cell', cell }) as const) : [request]) {
      const plan = planOf(one, graph, this.#marks)
      const asked = one.run === 'cell' || one.run === 'cell and stale' ? new Set([one.cell]) : new Set(one.run === 'all' ? plan.order : [])
      this.#queue = ask(this.#queue, plan, asked)
    }
    this.#show()
    void this.#next()
  }

  /** Stops what runs and forgets what waits. */
  stop(): void {
    this.#queue = emptied(this.#queue)
    this.#options.kernel.stop()
    this.#show()
  }

  forceStop(): void {
    this.#queue = emptied(this.#queue)
    this.#options.kernel.forceStop('Stopped by force.')
  }

  restart(changes: { readonly network?: string | undefined; readonly title?: string } = {}): void {
    this.#queue = emptied(this.#queue)
    this.#options.kernel.restart(changes)
  }

  /** A cell leaves the queue. */
  unqueue(cell: CellId): void {
    this.#queue = dropped(this.#queue, (one) => one === cell)
    this.#show()
  }

  /** Resolves when nothing runs and nothing waits. */
  idle(): Promise<void> {
    if (!this.isBusy.value) return Promise.resolve()
    return new Promise((resolve) => this.#waiters.add(resolve))
  }

  get marks(): ReadonlyMap<CellId, Mark> {
    return this.#marks
  }

  /** One line about what a name of a cell holds now; undefined where this kernel has no such name. */
  previewOf(name: string): string | undefined {
    for (const values of this.values.value.values()) {
      const value = values.find((one) => one.name === name)
      if (value !== undefined) return `${value.kind} · ${value.preview}`
    }
    return undefined
  }

  readonly #nameOf = (cell: CellId): string => cellNameOf(this.#options.document.notebook.cells, cell)

  /** Marks and blocks anew, then what follows for each cell. */
  #judge(): void {
    const graph = this.#options.compile.graph.value
    this.#marks = marksOf(graph, this.#memory)
    this.#blocks = blocksOf(graph)
    const there = new Set(this.#options.document.order.value)
    for (const cell of this.#memory.cells.keys()) {
      if (there.has(cell)) continue
      // Gone for now; it may come back out of the bin, and is then run anew.
      this.#options.kernel.forget(cell)
      const cells = new Map(this.#memory.cells)
      cells.delete(cell)
      this.#memory = { ...this.#memory, cells }
      this.values.value = without(this.values.value, cell)
      this.flows.value = without(this.flows.value, cell)
    }
    this.#queue = dropped(this.#queue, (cell) => !graph.cells.has(cell) || this.#blocks.has(cell))
    this.#show()
  }

  #show(): void {
    const waiting = new Set(this.#queue.waiting.map(({ cell }) => cell))
    let stale = 0
    for (const model of this.#options.document.cells) {
      const { id } = model
      const mark = this.#marks.get(id)
      if (mark?.state === 'stale' && !this.#blocks.has(id) && model.cell.value.source.trim() !== '') stale++
      model.setMark(mark)
      const block = this.#blocks.get(id)
      const held = this.#queue.held.get(id)
      if (this.#queue.running === id) model.setStatus({ kind: 'running', startedAt: this.#startedAt })
      else if (waiting.has(id)) model.setStatus({ kind: 'queued' })
      else if (block !== undefined)
        model.setStatus({ kind: 'blocked', isOwn: block.reason !== 'needs', ...blockReason(block, this.#nameOf) })
      else if (held !== undefined) model.setStatus({ kind: 'blocked', isOwn: false, ...heldReason(held, this.#nameOf) })
      else model.setStatus({ kind: 'ready' })
    }
    this.staleCount.value = stale
    this.isBusy.value = this.#queue.running !== undefined || this.#queue.waiting.length > 0
    if (!this.isBusy.value) {
      for (const done of this.#waiters) done()
      this.#waiters.clear()
    }
  }

  async #next(): Promise<void> {
    if (this.#isBeginning) return
    const { queue, cell } = takeNext(this.#queue, (id) => this.#marks.get(id)?.state === 'fresh')
    this.#queue = queue
    if (cell === undefined) return this.#show()
    this.#isBeginning = true
    this.#startedAt = Date.now()
    this.#show()
    try {
      await this.#begin(cell)
    } finally {
      this.#isBeginning = false
    }
    // It could not be begun: the next one may.
    if (this.#queue.running === undefined) void this.#next()
  }

  async #begin(cell: CellId): Promise<void> {
    const { compile, compiler, kernel, runs } = this.#options
    const answer = await compiler.link(cell)
    if (this.#queue.running !== cell) return
    if (!answer.ok) {
      runs.failed(cell, kernel.kernel.value, answer.message, Date.now())
      return this.#ended(cell, 'failed')
    }
    const graph = compile.graph.value
    const { memory, run } = beginRun(this.#memory, graph, cell)
    this.#memory = memory
    const { version, ...linked } = answer.run
    this.#startedAt = Date.now()
    this.#declarations.set(cell, linked.declarations)
    kernel.run({ type: 'run', run, ...linked })
    runs.begin(cell, { run, kernel: kernel.kernel.value, code: version, startedAt: this.#startedAt })
  }

  #hear(message: FromKernel): void {
    const { runs } = this.#options
    switch (message.type) {
      case 'outputs':
        return runs.outputs(message)
      case 'began':
        return this.#began(message.cell)
      case 'flowRun': {
        const cell = this.#idOf(message.cell)
        if (cell !== undefined) runs.flowRun(cell, { id: message.id, name: message.name, flow: message.flow })
        return
      }
      case 'inputChanged': {
        const cell = this.#idOf(message.cell)
        if (cell === undefined) return
        this.#memory = setInput(this.#memory, cell)
        this.#judge()
        if (message.runs) void this.request({ run: 'cells', cells: [cell, ...this.#usersThatRan(cell)] })
        return
      }
      case 'ended': {
        const cell = this.#idOf(message.cell)
        if (cell === undefined) return
        const { memory, isSuperseded } = endRun(this.#memory, cell, message)
        this.#memory = memory
        if (isSuperseded) return
        runs.end(cell, message.run, message.outcome, message.ms)
        this.values.value = new Map(this.values.value).set(cell, message.values)
        this.flows.value = new Map(this.flows.value).set(cell, flowsOf(cell, message.values, this.#declarations.get(cell) ?? []))
        return this.#ended(cell, message.outcome)
      }
      default:
        return
    }
  }

  /** Cells that use this one, directly or not, and have values of it; in the order in which they can run. */
  #usersThatRan(cell: CellId): readonly CellId[] {
    const graph = this.#options.compile.graph.value
    const users = descendantsOf(graph, [cell])
    return graph.order.filter((id) => users.has(id) && this.#memory.cells.get(id)?.ran?.session === this.#memory.session)
  }

  #began(cell: string): void {
    if (this.#queue.running !== cell) return
    this.#startedAt = Date.now()
    this.#show()
  }

  #ended(cell: CellId, outcome: 'done' | 'failed' | 'interrupted'): void {
    const users = descendantsOf(this.#options.compile.graph.value, [cell])
    this.#queue = ended(this.#queue, cell, outcome, users)
    this.#judge()
    void this.#next()
  }

  #kernelGone(reason: string | undefined): void {
    const { running } = this.#queue
    const begun = running === undefined ? undefined : this.#memory.cells.get(running)?.begun
    if (running !== undefined && begun !== undefined) {
      this.#memory = endRun(this.#memory, running, { run: begun.run, outcome: 'interrupted' }).memory
    }
    this.#memory = restarted(this.#memory)
    this.#queue = EMPTY_QUEUE
    this.values.value = new Map()
    this.flows.value = new Map()
    this.#declarations.clear()
    this.#options.runs.kernelGone(Date.now())
    this.#judge()
    const stale = this.staleCount.value
    const words = stale === 0 ? '' : ` ${stale === 1 ? '1 cell is' : `${stale} cells are`} stale.`
    this.#options.onNotice(`${reason ?? 'The kernel was restarted.'}${words}`)
  }

  #idOf(cell: string): CellId | undefined {
    return this.#options.document.order.value.find((id) => id === cell)
  }
}

/** Names that hold a flow now, and whose function the compiler has seen. */
function flowsOf(cell: CellId, values: readonly CellValue[], declarations: RunCell['declarations']): readonly FlowOutput[] {
  return values.flatMap(({ name, kind }) => {
    const found = kind === 'flow' ? declarations.findLast((one) => one.kind === 'flow' && one.constName === name) : undefined
    return found === undefined ? [] : [{ flow: name, name, cell, schema: found.schema }]
  })
}

function without<T>(values: ReadonlyMap<CellId, T>, cell: CellId): ReadonlyMap<CellId, T> {
  if (!values.has(cell)) return values
  const rest = new Map(values)
  rest.delete(cell)
  return rest
}

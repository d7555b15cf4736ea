/**
 * What one operation works on: one commit's clock, chance and store, and the list of what it changed. Operations decide and store; whoever
 * opened the commit announces afterwards, and only if it held.
 */
import type { Cancel, Lost } from '#sdk/protocol/frames.ts'
import type { FlowRunId, SessionId, TaskRunId } from '#sdk/protocol/ids.ts'
import type { Random } from '#sdk/protocol/mint.ts'
import type { Instant } from '#sdk/protocol/instants.ts'
import type { LogLine } from '#sdk/protocol/log.ts'
import type { CellId, NotebookId, PlacedBatch } from '#sdk/protocol/notebook.ts'
import type { OperationId, OperationInput, OPERATIONS } from '#sdk/protocol/operations.ts'
import type { Role } from '#sdk/protocol/roles.ts'
import type { StreamKind } from '../storage/logs.ts'
import type { Store } from '../storage/store.ts'

export interface Unit {
  /** Read once: all that one commit does happens at one time. */
  readonly now: Instant
  readonly random: Random
  readonly store: Store
  readonly changes: Changes
  readonly actor: Actor
  readonly leaseSeconds: number
  /** Bytes at which new runs are refused. */
  readonly maxBytes: number
  readonly sizeBytes: () => number
}

export interface Actor {
  readonly role: Role | undefined
  /** Of the credential; empty for nobody. */
  readonly hash: string
}

/** What an operation answers when all went well. The status is the operation's own unless it says another. */
export interface Reply {
  readonly output?: unknown
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** Every operation that the workspace's object answers. */
export type WorkspaceOperationId = {
  [Id in OperationId]: (typeof OPERATIONS)[Id]['at'] extends 'workspace' ? Id : never
}[OperationId]

export type Handler<Id extends OperationId> = (unit: Unit, input: OperationInput<Id>) => Reply

export interface NewBatch {
  readonly notebook: NotebookId
  readonly batch: PlacedBatch
}

export interface NewLines {
  readonly stream: string
  readonly kind: StreamKind
  readonly first: number
  readonly lines: readonly LogLine[]
}

/** What a commit changed, gathered for the sockets that watch and for the executors that must know. */
export class Changes {
  readonly flowRuns = new Set<FlowRunId>()
  readonly taskRuns = new Map<TaskRunId, FlowRunId | null>()
  readonly lines: NewLines[] = []
  readonly notebooks = new Set<NotebookId>()
  readonly deletedNotebooks = new Set<NotebookId>()
  readonly batches: NewBatch[] = []
  readonly cellRuns: { readonly notebook: NotebookId; readonly cell: CellId }[] = []
  readonly deleted = new Map<string, FlowRunId | null>()
  /** Frames for the executor that holds a run. */
  readonly told: { readonly session: SessionId; readonly frame: Cancel | Lost }[] = []
  /** A session holds its first run, or something is due: the alarm may be too late now. */
  isWakeChanged = false

  flowRun(id: FlowRunId): void {
    this.flowRuns.add(id)
  }

  taskRun(id: TaskRunId, flowRun: FlowRunId | null): void {
    this.taskRuns.set(id, flowRun)
  }

  addLines(lines: NewLines): void {
    this.lines.push(lines)
  }

  /** What a list shows of it is new. */
  notebook(id: NotebookId): void {
    this.notebooks.add(id)
  }

  placed(notebook: NotebookId, batch: PlacedBatch): void {
    this.notebooks.add(notebook)
    this.batches.push({ notebook, batch })
  }

  cellRun(notebook: NotebookId, cell: CellId): void {
    this.cellRuns.push({ notebook, cell })
  }

  deleteNotebook(id: NotebookId): void {
    this.deletedNotebooks.add(id)
  }

  /** `flowRun`: the one whose watchers hear of it; for a flow run itself its own id. */
  delete(id: string, flowRun: FlowRunId | null): void {
    this.deleted.set(id, flowRun)
  }

  /** Takes over what a part of the commit changed. */
  add(part: Changes): void {
    for (const id of part.flowRuns) this.flowRuns.add(id)
    for (const [id, run] of part.taskRuns) this.taskRuns.set(id, run)
    for (const [id, run] of part.deleted) this.deleted.set(id, run)
    for (const id of part.notebooks) this.notebooks.add(id)
    for (const id of part.deletedNotebooks) this.deletedNotebooks.add(id)
    this.lines.push(...part.lines)
    this.batches.push(...part.batches)
    this.cellRuns.push(...part.cellRuns)
    this.told.push(...part.told)
    this.isWakeChanged ||= part.isWakeChanged
  }

  tell(session: SessionId, frame: Cancel | Lost): void {
    this.told.push({ session, frame })
  }
}

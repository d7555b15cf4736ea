/**
 * The one socket, `/w/{workspace}/api/live`: JSON text frames, one union up, one union down.
 *
 * 1. The first frame up is `hello`; the answer is `welcome`, or the socket closes with a reason.
 * 2. Up `frame {n, items}`, down `ack {n, answers}`, one answer per item in order. `n` counts up by one per connection-independent session;
 *    a frame is sent again byte for byte until it is acked. One frame is one commit: acked means durable.
 * 3. Every item is idempotent by an id of its own, so a frame sent twice changes nothing and gets an equivalent answer.
 * 4. The bare text `ping` is answered `pong` by the runtime without waking the workspace; it is the executor's sign of life.
 *
 * PROTOCOL_VERSION (wire.ts) grows with every change of shape; test/protocol/schema-hash.test.ts holds one line of history for each.
 */
import * as z from 'zod'
import { CellRun } from './cell-output.ts'
import { FlowName } from './flow.ts'
import { FlowRunPolicy, RetryPolicy, RunName } from './flow-run.ts'
import { FlowId, FlowRunId, SessionId, TaskRunId, TransitionId } from './ids.ts'
import { InstantMicros } from './instant-schemas.ts'
import { JsonObject, Labels, Tags } from './json.ts'
import { MAX_FRAME_ITEMS, MAX_NAME_LENGTH, MAX_STATES_PER_RUN } from './limits.ts'
import { LogLine } from './log.ts'
import { CellId, NotebookBatch, NotebookId, NotebookState, NotebookSummary, Placed, PlacedBatch } from './notebook.ts'
import { Role } from './roles.ts'
import { State, StateProposal, VerdictStatus } from './states.ts'
import { TaskInputs, TaskKey } from './task-run.ts'

const count = z.int().min(0)
const name = z.string().min(1).max(MAX_NAME_LENGTH)

export const Hello = z.strictObject({
  type: z.literal('hello'),
  protocol: z.int(),
  kind: z.enum(['page', 'script', 'agent']),
  /** Shown to people: "script on laptop (process 4711)". */
  name,
  /** A session of an earlier connection that goes on. */
  session: SessionId.optional(),
  labels: Labels.optional(),
})
export type Hello = Readonly<z.infer<typeof Hello>>

/** Creates a flow run in state PENDING, held by this session with epoch 1; the flow is created by its name when it is new. Idempotent by `id`. */
export const RunCreateItem = z.strictObject({
  type: z.literal('run.create'),
  id: FlowRunId,
  created: InstantMicros,
  flow: z.strictObject({ name: FlowName, tags: Tags.optional(), parameter_openapi_schema: JsonObject.optional() }),
  name: RunName,
  flow_version: name.nullish(),
  parameters: JsonObject,
  tags: Tags.optional(),
  labels: Labels.optional(),
  parent_task_run_id: TaskRunId.nullish(),
  empirical_policy: FlowRunPolicy.optional(),
})
export type RunCreateItem = Readonly<z.infer<typeof RunCreateItem>>

/** Proposes the next state of a flow run. Idempotent by `transition_id`. `name`: the run's name, once a template was filled in. */
export const RunProposeItem = z.strictObject({
  type: z.literal('run.propose'),
  run: FlowRunId,
  epoch: count,
  transition_id: TransitionId,
  state: StateProposal,
  name: RunName.optional(),
})
export type RunProposeItem = Readonly<z.infer<typeof RunProposeItem>>

/**
 * New states of a task run that its engine decided. `states[0]` is the state number `from` (0 for the first). What the workspace already has is
 * skipped; a gap is answered `frame_out_of_order`. `create` comes with the first states. Idempotent by (`id`, `from`).
 */
export const TaskItem = z.strictObject({
  type: z.literal('task'),
  /** Null for tasks outside flows; their epoch is 0. */
  run: FlowRunId.nullable(),
  epoch: count,
  id: TaskRunId,
  from: count,
  states: z.array(State).min(1).max(MAX_STATES_PER_RUN).readonly(),
  create: z
    .strictObject({
      created: InstantMicros,
      name: RunName,
      task_key: TaskKey,
      dynamic_key: TaskKey,
      task_version: name.nullish(),
      empirical_policy: RetryPolicy.optional(),
      tags: Tags.optional(),
      labels: Labels.optional(),
      task_inputs: TaskInputs.optional(),
    })
    .optional(),
  name: RunName.optional(),
  /** Attempt of the flow run that these states belong to. */
  flow_run_run_count: count.optional(),
})
export type TaskItem = Readonly<z.infer<typeof TaskItem>>

/** Lines `first`, `first + 1`, … of a run's log, counted by its executor from `firstLineOf(epoch)` on. Idempotent by (`run` or `task`, `first`). */
export const LogItem = z.strictObject({
  type: z.literal('log'),
  run: FlowRunId.nullable(),
  /** The task run whose log this is, outside flows. */
  task: TaskRunId.optional(),
  epoch: count,
  first: count,
  lines: z.array(LogLine).min(1).readonly(),
})
export type LogItem = Readonly<z.infer<typeof LogItem>>

/** Edits of a notebook, answered `placed`. Idempotent by `id`. */
export const NotebookOpItem = z.strictObject({ type: z.literal('notebook.op'), notebook: NotebookId, ...NotebookBatch.shape })
export type NotebookOpItem = Readonly<z.infer<typeof NotebookOpItem>>

/** What a cell shows now, all of it. The run of a cell that began last counts; an older one changes nothing. */
export const CellOutputItem = z.strictObject({ type: z.literal('cell.output'), notebook: NotebookId, run: CellRun })
export type CellOutputItem = Readonly<z.infer<typeof CellOutputItem>>

/**
 * Topics: `flow_runs` (changes of the list), `flow_run:{id}` (the run, its task runs, its log lines), `task_run:{id}` (a task run outside flow runs,
 * its log lines), `notebooks` (changes of the list) and `notebook:{id}` (the notebook, edits of it in their order, what its cells show).
 */
export const Topic = z.union([
  z.literal('flow_runs'),
  z.templateLiteral(['flow_run:', z.guid()]),
  z.templateLiteral(['task_run:', z.guid()]),
  z.literal('notebooks'),
  z.templateLiteral(['notebook:', z.guid()]),
])
export type Topic = z.infer<typeof Topic>
/** `boot` and `seq`: what the client saw last; absent at first. */
export const SubscribeItem = z.strictObject({ type: z.literal('subscribe'), topic: Topic, boot: name.optional(), seq: count.optional() })
export type SubscribeItem = Readonly<z.infer<typeof SubscribeItem>>
export const UnsubscribeItem = z.strictObject({ type: z.literal('unsubscribe'), topic: Topic })
export type UnsubscribeItem = Readonly<z.infer<typeof UnsubscribeItem>>

export const Item = z.discriminatedUnion('type', [
  RunCreateItem,
  RunProposeItem,
  TaskItem,
  LogItem,
  NotebookOpItem,
  CellOutputItem,
  SubscribeItem,
  UnsubscribeItem,
])
export type Item = z.infer<typeof Item>

export const ItemsFrame = z.strictObject({
  type: z.literal('frame'),
  n: z.int().min(1),
  items: z.array(Item).min(1).max(MAX_FRAME_ITEMS).readonly(),
})
export type ItemsFrame = Readonly<z.infer<typeof ItemsFrame>>
/** A frame whose items are judged one by one, so that one bad item does not take the others with it. */
export const FrameEnvelope = z.strictObject({
  type: z.literal('frame'),
  n: z.int().min(1),
  items: z.array(z.unknown()).min(1).max(MAX_FRAME_ITEMS).readonly(),
})
export type FrameEnvelope = Readonly<z.infer<typeof FrameEnvelope>>

export const UpFrame = z.discriminatedUnion('type', [Hello, ItemsFrame])
export type UpFrame = z.infer<typeof UpFrame>

export const Welcome = z.strictObject({
  type: z.literal('welcome'),
  protocol: z.int(),
  session: SessionId,
  role: Role,
  /** A random id of this instance of the workspace; event numbers belong to it. */
  boot: name,
  /** The workspace's clock, to tell skew. */
  now: InstantMicros,
  ping_seconds: z.number(),
  lease_seconds: z.number(),
  limits: z.strictObject({ frame_bytes: z.int(), frames_in_flight: z.int(), frame_items: z.int() }),
})
export type Welcome = Readonly<z.infer<typeof Welcome>>

/**
 * `done`: recorded, or already was. `verdict`: the answer to a proposal. `placed`: the answer to edits of a notebook. `refused`: changed
 * nothing; `code` is a problem code.
 */
export const ItemAnswer = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('done') }),
  z.strictObject({ type: z.literal('created'), epoch: count, flow_id: FlowId, name: RunName, state: State }),
  z.strictObject({
    type: z.literal('verdict'),
    status: VerdictStatus,
    /** The run's state now. */
    state: State,
    run_count: count,
    reason: z.string().optional(),
    delay_seconds: z.number().optional(),
  }),
  z.strictObject({ type: z.literal('placed'), ...Placed.shape }),
  z.strictObject({ type: z.literal('refused'), code: z.string(), detail: z.string() }),
])
export type ItemAnswer = Readonly<z.infer<typeof ItemAnswer>>

export const Ack = z.strictObject({ type: z.literal('ack'), n: z.int().min(1), answers: z.array(ItemAnswer).readonly() })
export type Ack = Readonly<z.infer<typeof Ack>>
/** Asks the executor to stop a run: abort its signals, then propose CANCELLED. Sent again on every welcome while the run is CANCELLING. */
export const Cancel = z.strictObject({ type: z.literal('cancel'), run: FlowRunId, epoch: count })
export type Cancel = Readonly<z.infer<typeof Cancel>>
/** The run's lease of that epoch has ended: stop it, write nothing more. */
export const Lost = z.strictObject({ type: z.literal('lost'), run: FlowRunId, epoch: count, reason: z.string() })
export type Lost = Readonly<z.infer<typeof Lost>>
/** Changed rows as REST shows them, task runs with their `history` besides; they replace the rows with their ids. `deleted` ids are gone. `logs` are appended. */
const patch = {
  flow_runs: z.array(JsonObject).optional(),
  task_runs: z.array(JsonObject).optional(),
  logs: z.array(JsonObject).optional(),
  notebooks: z.array(NotebookSummary).optional(),
  /** Of a snapshot only. */
  notebook: NotebookState.optional(),
  /** In the order of their versions, which follow one another without a gap. In a snapshot for who comes back: those that led to it. */
  operations: z.array(PlacedBatch).optional(),
  cell_runs: z.array(CellRun).optional(),
  /** Of a snapshot only: cells whose run is not in it, and is to be read by itself. */
  more_runs: z.array(CellId).optional(),
  deleted: z.array(z.guid()).optional(),
}
export const TopicPatch = z.strictObject(patch)
export type TopicPatch = Readonly<z.infer<typeof TopicPatch>>
export const Event = z.strictObject({ type: z.literal('event'), topic: Topic, boot: name, seq: count, patch: TopicPatch })
export type Event = Readonly<z.infer<typeof Event>>
/** The truth now; events follow from `seq` + 1. */
export const Reset = z.strictObject({ type: z.literal('reset'), topic: Topic, boot: name, seq: count, snapshot: TopicPatch })
export type Reset = Readonly<z.infer<typeof Reset>>
/** A frame that could not be understood. The socket stays open, except after a failed hello. */
export const FrameProblem = z.strictObject({ type: z.literal('problem'), n: z.int().nullable(), code: z.string(), detail: z.string() })
export type FrameProblem = Readonly<z.infer<typeof FrameProblem>>

export const DownFrame = z.discriminatedUnion('type', [Welcome, Ack, Cancel, Lost, Event, Reset, FrameProblem])
export type DownFrame = z.infer<typeof DownFrame>

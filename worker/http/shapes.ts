/** Schemas that have a name in the OpenAPI document. What is not here stands where it is used. */
import type { z } from 'zod'
import { CellRun } from '#sdk/protocol/cell-output.ts'
import { Problem, ProblemIssue } from '#sdk/protocol/errors.ts'
import {
  FlowFilter,
  FlowPage,
  FlowQuery,
  FlowRunFilter,
  FlowRunPage,
  FlowRunQuery,
  HistoryQuery,
  LogFilter,
  LogQuery,
  NotebookQuery,
  Scope,
  TaskRunFilter,
  TaskRunPage,
  TaskRunQuery,
} from '#sdk/protocol/filters.ts'
import { FlowCreate, FlowOutput, FlowUpdate } from '#sdk/protocol/flow.ts'
import { FlowRunCreate, FlowRunOutput, FlowRunUpdate } from '#sdk/protocol/flow-run.ts'
import { LogCreate, LogOutput } from '#sdk/protocol/log.ts'
import { Cell, Notebook, NotebookBatch, NotebookOperation, NotebookSummary, Placed, PlacedBatch } from '#sdk/protocol/notebook.ts'
import { NotebookCreate, NotebookCreated, NotebookOutput } from '#sdk/protocol/operations/notebooks.ts'
import { Graph, GraphNode, HistoryBar, OrchestrationResult, SetState } from '#sdk/protocol/answers.ts'
import { StateCreate, StateDetailsInput, StateDetailsOutput, StateOutput } from '#sdk/protocol/states.ts'
import { TaskRunCreate, TaskRunInput, TaskRunOutput, TaskRunUpdate } from '#sdk/protocol/task-run.ts'
import { SessionCreate, SessionCreated } from '#sdk/protocol/workspaces.ts'

type Shapes = Readonly<Record<string, z.ZodType>>

/** As they are sent to the workspace. */
export const INPUT_SHAPES: Shapes = {
  FlowCreate,
  FlowFilter,
  FlowPage,
  FlowQuery,
  FlowRunCreate,
  FlowRunFilter,
  FlowRunPage,
  FlowRunQuery,
  FlowRunUpdate,
  FlowUpdate,
  HistoryQuery,
  LogCreate,
  LogFilter,
  LogQuery,
  NotebookBatch,
  NotebookCreate,
  NotebookEdit: NotebookOperation,
  NotebookQuery,
  NotebookSource: Notebook,
  CellSource: Cell,
  CellRunReport: CellRun,
  Scope,
  SessionCreate,
  SetState,
  StateCreate,
  StateDetailsCreate: StateDetailsInput,
  TaskRunCreate,
  TaskRunFilter,
  TaskRunInput,
  TaskRunPage,
  TaskRunQuery,
  TaskRunUpdate,
}

/** As the workspace answers them. */
export const OUTPUT_SHAPES: Shapes = {
  Cell,
  CellRun,
  Flow: FlowOutput,
  FlowRun: FlowRunOutput,
  Graph,
  GraphNode,
  HistoryBar,
  Log: LogOutput,
  Notebook: NotebookOutput,
  NotebookContent: Notebook,
  NotebookCreated,
  NotebookOperation,
  NotebookSummary,
  Placed,
  PlacedBatch,
  OrchestrationResult,
  Problem,
  ProblemIssue,
  Session: SessionCreated,
  State: StateOutput,
  StateDetails: StateDetailsOutput,
  TaskRun: TaskRunOutput,
  TaskRunSource: TaskRunInput,
}

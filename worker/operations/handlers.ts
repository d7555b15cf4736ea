/** Which function answers which operation. An operation at the workspace without an entry does not compile. */
import type { OperationId, OperationInput } from '#sdk/protocol/operations.ts'
import { readCellRun, reportCellRun } from './cell-runs.ts'
import { listNotebookOperations, operateNotebook } from './edit-notebook.ts'
import {
  bulkDeleteFlowRuns,
  bulkSetFlowRunState,
  countFlowRuns,
  createFlowRun,
  filterFlowRuns,
  latenessOfFlowRuns,
  paginateFlowRuns,
  patchFlowRun,
  patchLabels,
  readFlowRun,
  removeFlowRun,
  setFlowRunState,
} from './flow-runs.ts'
import {
  bulkDeleteFlows,
  countFlows,
  createFlow,
  filterFlows,
  paginateFlows,
  patchFlow,
  readFlow,
  readFlowByName,
  removeFlow,
} from './flows.ts'
import { graphOfFlowRun } from './graph.ts'
import { historyOfFlowRuns, historyOfTaskRuns } from './history.ts'
import { createLogs, downloadLogs, filterLogs } from './logs.ts'
import { logOfFlowRun, logOfTaskRun } from './log-pages.ts'
import { recentRuns, statsOfFlowRuns, statsOfTaskRuns, taskStates } from './overviews.ts'
import { timelineOfFlowRun } from './timeline.ts'
import { createNotebook, exportNotebook, filterNotebooks, readNotebook, removeNotebook } from './notebooks.ts'
import { listFlowRunStates, listTaskRunStates, readFlowRunState, readTaskRunState } from './states.ts'
import {
  countTaskRuns,
  createTaskRun,
  filterTaskRuns,
  paginateTaskRuns,
  patchTaskRun,
  readTaskRun,
  removeTaskRun,
  setTaskRunState,
} from './task-runs.ts'
import type { Handler, Reply, Unit, WorkspaceOperationId } from './unit.ts'
import { createSession, hello, prefectVersion, readSession, ready, version } from './workspace.ts'

/** An upgrade is not a call: the socket is opened by the object's `fetch`. */
export type PerformedId = Exclude<WorkspaceOperationId, 'live.connect'>

const HANDLERS: { readonly [Id in PerformedId]: Handler<Id> } = {
  'admin.ready': ready,
  'admin.hello': hello,
  'admin.version': version,
  'admin.server_version': prefectVersion,
  'sessions.create': createSession,
  'sessions.read': readSession,
  'flows.create': createFlow,
  'flows.read': readFlow,
  'flows.read_by_name': readFlowByName,
  'flows.update': patchFlow,
  'flows.delete': removeFlow,
  'flows.filter': filterFlows,
  'flows.paginate': paginateFlows,
  'flows.count': countFlows,
  'flows.bulk_delete': bulkDeleteFlows,
  'flow_runs.create': createFlowRun,
  'flow_runs.read': readFlowRun,
  'flow_runs.update': patchFlowRun,
  'flow_runs.update_labels': patchLabels,
  'flow_runs.delete': removeFlowRun,
  'flow_runs.filter': filterFlowRuns,
  'flow_runs.paginate': paginateFlowRuns,
  'flow_runs.count': countFlowRuns,
  'flow_runs.lateness': latenessOfFlowRuns,
  'flow_runs.history': historyOfFlowRuns,
  'flow_runs.graph': graphOfFlowRun,
  'flow_runs.set_state': setFlowRunState,
  'flow_runs.bulk_set_state': bulkSetFlowRunState,
  'flow_runs.bulk_delete': bulkDeleteFlowRuns,
  'flow_runs.download_logs': downloadLogs,
  'task_runs.create': createTaskRun,
  'task_runs.read': readTaskRun,
  'task_runs.update': patchTaskRun,
  'task_runs.delete': removeTaskRun,
  'task_runs.filter': filterTaskRuns,
  'task_runs.paginate': paginateTaskRuns,
  'task_runs.count': countTaskRuns,
  'task_runs.history': historyOfTaskRuns,
  'task_runs.set_state': setTaskRunState,
  'flow_run_states.read': readFlowRunState,
  'flow_run_states.list': listFlowRunStates,
  'task_run_states.read': readTaskRunState,
  'task_run_states.list': listTaskRunStates,
  'logs.create': createLogs,
  'logs.filter': filterLogs,
  'notebooks.create': createNotebook,
  'notebooks.filter': filterNotebooks,
  'notebooks.read': readNotebook,
  'notebooks.export': exportNotebook,
  'notebooks.delete': removeNotebook,
  'notebooks.operate': operateNotebook,
  'notebooks.operations': listNotebookOperations,
  'notebooks.report_run': reportCellRun,
  'notebooks.read_run': readCellRun,
  'flow_runs.timeline': timelineOfFlowRun,
  'flow_runs.log': logOfFlowRun,
  'task_runs.log': logOfTaskRun,
  'flow_runs.stats': statsOfFlowRuns,
  'task_runs.stats': statsOfTaskRuns,
  'flow_runs.task_states': taskStates,
  'flows.recent_runs': recentRuns,
}

export function isPerformed(operation: OperationId): operation is PerformedId {
  return Object.hasOwn(HANDLERS, operation)
}

/** Performs one operation. `input` was decoded by the operation's own schemas. @throws ProblemError for what is refused. */
export function performOperation(unit: Unit, operation: PerformedId, input: OperationInput<OperationId>): Reply {
  const handler = HANDLERS[operation] as Handler<OperationId> // each entry takes exactly its own operation's input
  return handler(unit, input)
}

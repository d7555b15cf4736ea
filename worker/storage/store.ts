/** All that is stored, by aggregate. The only file that puts the repositories together. */
import { CellRuns } from './cell-runs.ts'
import { Chores } from './chores.ts'
import { Credentials } from './credentials.ts'
import { FlowRuns } from './flow-runs.ts'
import { Flows } from './flows.ts'
import { Idempotency } from './idempotency.ts'
import { Logs } from './logs.ts'
import { Meta } from './meta.ts'
import { NotebookLog } from './notebook-log.ts'
import { Notebooks } from './notebooks.ts'
import { Overviews } from './overviews.ts'
import { Sessions } from './sessions.ts'
import type { Database } from './sql.ts'
import { StateRefs } from './state-refs.ts'
import { TaskRuns } from './task-runs.ts'

export interface Store {
  readonly cellRuns: CellRuns
  readonly chores: Chores
  readonly credentials: Credentials
  readonly flowRuns: FlowRuns
  readonly flows: Flows
  readonly idempotency: Idempotency
  readonly logs: Logs
  readonly meta: Meta
  readonly notebookLog: NotebookLog
  readonly notebooks: Notebooks
  readonly overviews: Overviews
  readonly sessions: Sessions
  readonly stateRefs: StateRefs
  readonly taskRuns: TaskRuns
}

export function openStore(database: Database): Store {
  return {
    cellRuns: new CellRuns(database),
    chores: new Chores(database),
    credentials: new Credentials(database),
    flowRuns: new FlowRuns(database),
    flows: new Flows(database),
    idempotency: new Idempotency(database),
    logs: new Logs(database),
    meta: new Meta(database),
    notebookLog: new NotebookLog(database),
    notebooks: new Notebooks(database),
    overviews: new Overviews(database),
    sessions: new Sessions(database),
    stateRefs: new StateRefs(database),
    taskRuns: new TaskRuns(database),
  }
}

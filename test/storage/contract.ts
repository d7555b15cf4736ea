/** What every database under the storage room must do. The same cases run over node:sqlite and inside a Durable Object. */
import { expect } from 'vitest'
import { applyState } from '#sdk/machine/apply-state.ts'
import { newFlowRun, newTaskRun, type NewFlowRun, type NewTaskRun } from '#sdk/machine/new-run.ts'
import { FlowQuery, FlowRunQuery, TaskRunQuery, type FlowRunFilter, type Scope, type TaskRunFilter } from '#sdk/protocol/filters.ts'
import type { Flow } from '#sdk/protocol/flow.ts'
import type { FlowRun } from '#sdk/protocol/flow-run.ts'
import { FlowId, FlowRunId, SessionId, StateId, TaskRunId } from '#sdk/protocol/ids.ts'
import type { State, StateType } from '#sdk/protocol/states.ts'
import { DEFAULT_STATE_NAME } from '#sdk/protocol/state-types.ts'
import { MAX_LOGGED_BATCHES, MAX_LOGGED_CHARACTERS } from '#sdk/protocol/limits.ts'
import { BatchId, CellId, NotebookId, type Cell, type Notebook, type PlacedBatch } from '#sdk/protocol/notebook.ts'
import type { TaskRun } from '#sdk/protocol/task-run.ts'
import { migrate, isCreated, SCHEMA_VERSION } from '../../worker/storage/migrations.ts'
import type { Database } from '../../worker/storage/sql.ts'
import { openStore, type Store } from '../../worker/storage/store.ts'

export interface Case {
  readonly name: string
  readonly run: (database: Database) => void
}

const NOW = 1_800_000_000_000_000
const SECOND = 1_000_000
const uuid = (n: number): string => `01900000-0000-7000-8000-${n.toString(16).padStart(8, '0')}0000`
const FLOW = FlowId.parse(uuid(1))
const SESSION = SessionId.parse(uuid(9))
const NOTEBOOK = NotebookId.parse(uuid(7))
/** What SQL text functions and UTF-8 trip over: NUL, lone surrogates, the escape itself, quotes, wildcards, astral and right-to-left. */
const NASTY = 'a\u0000b \ud800 \udc00x \u001a0041 \' " % _ \\ 😀 שלום'

function state(type: StateType, more: Partial<State> = {}): State {
  return { id: StateId.parse(uuid(500)), type, name: DEFAULT_STATE_NAME[type], timestamp: NOW, message: null, state_details: {}, ...more }
}

const cellOf = (id: string, source: string, attributes: Cell['attributes'] = {}, type = 'ts'): Cell => ({
  id: CellId.parse(id),
  type,
  source,
  attributes,
})
const notebookOf = (...cells: readonly Cell[]): Notebook => ({ header: { nb: '1', title: NASTY }, cells, bin: [] })

const placedOf = (version: number, title = 'T'): PlacedBatch => ({
  version,
  id: BatchId.parse(uuid(version)),
  ops: [{ op: 'setHeader', key: 'title', value: title }],
  session: null,
})

const flow = (more: Partial<Flow> = {}): Flow => ({
  id: FLOW,
  created: NOW,
  updated: NOW,
  name: 'pipeline',
  tags: [],
  labels: {},
  parameter_openapi_schema: null,
  ...more,
})

function flowRun(n: number, states: readonly State[] = [state('PENDING')], more: Partial<NewFlowRun> = {}): FlowRun {
  const blank = newFlowRun({ id: FlowRunId.parse(uuid(n)), flow_id: FLOW, name: `run-${n}`, ...more }, NOW)
  return states.reduce(applyState, blank)
}

function taskRun(n: number, states: readonly State[] = [state('PENDING')], more: Partial<NewTaskRun> = {}): TaskRun {
  const blank = newTaskRun({ id: TaskRunId.parse(uuid(n)), name: `task-${n}`, task_key: 'task', dynamic_key: String(n), ...more }, NOW)
  return states.reduce(applyState, blank)
}

function opened(database: Database): Store {
  migrate(database, NOW)
  return openStore(database)
}

const runsWhere = (store: Store, scope: Scope): readonly string[] =>
  store.flowRuns
    .list(scope, 'ID_DESC', 200, 0)
    .map(({ run }) => run.name)
    .toReversed()
const tasksWhere = (store: Store, scope: Scope): readonly string[] =>
  store.taskRuns
    .list(scope, 'ID_DESC', 200, 0)
    .map(({ name }) => name)
    .toReversed()

/** Four runs that differ in every field that filters ask for. */
function filled(database: Database): Store {
  const store = opened(database)
  store.flows.insert(flow({ tags: ['etl'] }))
  store.flows.insert(flow({ id: FlowId.parse(uuid(2)), name: 'other' }))
  const parent = flowRun(11, [state('PENDING'), state('RUNNING')], { tags: ['a', 'b'], flow_version: 'v1' })
  const child = flowRun(12, [state('SCHEDULED', { state_details: { scheduled_time: NOW + 60 * SECOND } })], {
    tags: ['b'],
    parent_task_run_id: TaskRunId.parse(uuid(21)),
  })
  const done = flowRun(
    13,
    [state('PENDING'), state('RUNNING', { timestamp: NOW + SECOND }), state('COMPLETED', { timestamp: NOW + 5 * SECOND })],
    {
      flow_id: FlowId.parse(uuid(2)),
      flow_version: 'v2',
      idempotency_key: 'key',
      name: 'Ärger 100%',
    },
  )
  const failed = flowRun(14, [state('FAILED', { name: 'TimedOut' })], { name: NASTY, tags: [NASTY] })
  for (const run of [parent, child, done, failed]) store.flowRuns.insert(run, null)
  store.taskRuns.insert(taskRun(21, [state('RUNNING')], { flow_run_id: parent.id, tags: ['t'] }))
  store.taskRuns.insert(taskRun(22, [state('COMPLETED')], { flow_run_id: parent.id }))
  store.taskRuns.insert(taskRun(23, [state('FAILED')], {}))
  store.notebooks.insert(NOTEBOOK, 'T', notebookOf(cellOf('a', 'one')), NOW)
  store.notebookLog.append(NOTEBOOK, placedOf(1), NOW)
  return store
}

const RUN_FILTERS: readonly (readonly [FlowRunFilter, readonly string[]])[] = [
  [{}, ['run-11', 'run-12', 'Ärger 100%', NASTY]],
  [{ id: { any_: [FlowRunId.parse(uuid(11)), FlowRunId.parse(uuid(99))] } }, ['run-11']],
  [{ id: { not_any_: [FlowRunId.parse(uuid(11))] } }, ['run-12', 'Ärger 100%', NASTY]],
  [{ id: { any_: [] } }, []],
  [{ name: { any_: [NASTY] } }, [NASTY]],
  [{ name: { like_: 'RUN-' } }, ['run-11', 'run-12']],
  [{ name: { like_: '%' } }, ['Ärger 100%', NASTY]],
  [{ name: { like_: 'x'.repeat(255) } }, []],
  [{ name: { like_: '\u0000b' } }, [NASTY]],
  [{ tags: { all_: ['a', 'b'] } }, ['run-11']],
  [{ tags: { any_: ['a', 'b'] } }, ['run-11', 'run-12']],
  [{ tags: { any_: [NASTY] } }, [NASTY]],
  [{ tags: { is_null_: true } }, ['Ärger 100%']],
  [{ tags: { operator: 'or_', all_: ['a'], is_null_: true } }, ['run-11', 'Ärger 100%']],
  [{ state: { type: { any_: ['RUNNING'] } } }, ['run-11']],
  [{ state: { type: { not_any_: ['RUNNING', 'SCHEDULED'] } } }, ['Ärger 100%', NASTY]],
  [{ state: { operator: 'or_', type: { any_: ['RUNNING'] }, name: { any_: ['TimedOut'] } } }, ['run-11', NASTY]],
  [{ flow_version: { any_: ['v2'] } }, ['Ärger 100%']],
  [{ start_time: { is_null_: true } }, ['run-12']],
  [{ start_time: { after_: NOW + SECOND } }, ['Ärger 100%']],
  [{ end_time: { before_: NOW + 5 * SECOND, is_null_: false } }, ['Ärger 100%', NASTY]],
  [{ expected_start_time: { after_: NOW + 60 * SECOND } }, ['run-12']],
  [{ next_scheduled_start_time: { before_: NOW + 60 * SECOND } }, ['run-12']],
  [{ parent_task_run_id: { is_null_: true } }, ['run-11', 'Ärger 100%', NASTY]],
  [{ parent_task_run_id: { any_: [TaskRunId.parse(uuid(21))] } }, ['run-12']],
  [{ parent_flow_run_id: { any_: [FlowRunId.parse(uuid(11))] } }, ['run-12']],
  [{ idempotency_key: { any_: ['key'] } }, ['Ärger 100%']],
  [{ deployment_id: { is_null_: true } }, ['run-11', 'run-12', 'Ärger 100%', NASTY]],
  [{ deployment_id: { any_: [uuid(3)] } }, []],
  [{ operator: 'or_', name: { any_: ['run-11'] }, flow_version: { any_: ['v2'] } }, ['run-11', 'Ärger 100%']],
  [{ name: { like_: 'run' }, tags: { all_: ['a'] } }, ['run-11']],
]

const TASK_FILTERS: readonly (readonly [TaskRunFilter, readonly string[]])[] = [
  [{ flow_run_id: { any_: [FlowRunId.parse(uuid(11))] } }, ['task-21', 'task-22']],
  [{ flow_run_id: { is_null_: true } }, ['task-23']],
  [{ flow_run_id: { operator: 'or_', any_: [FlowRunId.parse(uuid(11))], is_null_: true } }, ['task-21', 'task-22', 'task-23']],
  [{ subflow_runs: { exists_: true } }, ['task-21']],
  [{ subflow_runs: { exists_: false } }, ['task-22', 'task-23']],
  [{ tags: { any_: ['t'] } }, ['task-21']],
  [{ state: { type: { any_: ['COMPLETED', 'FAILED'] } } }, ['task-22', 'task-23']],
  [{ operator: 'or_', name: { any_: ['task-23'] }, state: { type: { any_: ['RUNNING'] } } }, ['task-21', 'task-23']],
]

function flowRunFilterCase(filter: FlowRunFilter, names: readonly string[]): Case['run'] {
  return function flowRunsWhere(database) {
    const store = filled(database)
    const scope = FlowRunQuery.parse({ flow_runs: JSON.parse(JSON.stringify(filter, asTime)) })
    expect([runsWhere(store, scope), store.flowRuns.count(scope)]).toEqual([names, names.length])
  }
}

function taskRunFilterCase(filter: TaskRunFilter, names: readonly string[]): Case['run'] {
  return function taskRunsWhere(database) {
    const store = filled(database)
    const scope = TaskRunQuery.parse({ task_runs: filter })
    expect([tasksWhere(store, scope), store.taskRuns.count(scope)]).toEqual([names, names.length])
  }
}

export const CASES: readonly Case[] = [
  {
    name: '[DB1] the schema is made once, by steps that stay',
    run: (database) => {
      expect(isCreated(database)).toBe(false)
      expect(migrate(database, NOW)).toBe(SCHEMA_VERSION)
      expect([isCreated(database), migrate(database, NOW)]).toEqual([true, 0])
    },
  },
  {
    name: '[DB2] what throws inside a transaction leaves no trace, and an inner one does not take the outer one with it',
    run: (database) => {
      const store = opened(database)
      expect(() => database.transaction(() => (store.flows.insert(flow()), store.flows.insert(flow())))).toThrow(/UNIQUE|constraint/i)
      expect(store.flows.count({})).toBe(0)
      database.transaction(() => {
        store.flows.insert(flow())
        const inner = () =>
          database.transaction(() => {
            store.flowRuns.insert(flowRun(11), null)
            throw new Error('inner')
          })
        expect(inner).toThrow('inner')
      })
      expect([store.flows.count({}), store.flowRuns.count({})]).toEqual([1, 0])
    },
  },
  {
    name: '[DB3] every field of a flow, a flow run and a task run comes back as it went in, whatever its text holds',
    run: (database) => {
      const store = opened(database)
      const nastyFlow = flow({
        name: NASTY,
        tags: [NASTY],
        labels: { [NASTY]: NASTY, n: 1.5, b: true },
        parameter_openapi_schema: { [NASTY]: [NASTY, null] },
      })
      store.flows.insert(nastyFlow)
      expect(store.flows.findByName(NASTY)).toEqual(nastyFlow)
      const states = [state('PENDING', { name: NASTY, message: NASTY, data: { [NASTY]: [NASTY] } }), state('RUNNING')]
      const run: FlowRun = {
        ...flowRun(11, states, {
          name: NASTY,
          flow_version: NASTY,
          idempotency_key: NASTY,
          parameters: { [NASTY]: NASTY },
          context: { c: NASTY },
          tags: [NASTY],
          labels: { [NASTY]: false },
          empirical_policy: { retries: 2, retry_delays: [1.5, 3] },
          parent_task_run_id: TaskRunId.parse(uuid(21)),
          auto_scheduled: true,
          infrastructure_pid: NASTY,
          job_variables: { j: NASTY },
          created_by: { id: null, type: 'USER', display_value: NASTY },
          session_id: SESSION,
          epoch: 3,
        }),
        updated: NOW + 7,
      }
      store.flowRuns.insert(run, NOW)
      expect(store.flowRuns.findRow(run.id)).toEqual({ run, flowName: NASTY })
      expect(store.flowRuns.findByKey(FLOW, NASTY)?.run.id).toBe(run.id)
      const task = taskRun(21, states, {
        flow_run_id: run.id,
        name: NASTY,
        task_key: NASTY,
        dynamic_key: NASTY,
        cache_key: NASTY,
        cache_expiration: NOW,
        task_version: NASTY,
        empirical_policy: { retries: 1 },
        tags: [NASTY],
        labels: { l: NASTY },
        task_inputs: { [NASTY]: [{ input_type: 'parameter', name: NASTY }] },
        flow_run_run_count: 2,
      })
      store.taskRuns.insert(task)
      expect(store.taskRuns.find(task.id)).toEqual(task)
      expect(store.taskRuns.findByKeys(run.id, NASTY, NASTY)).toEqual(task)
      store.sessions.save({
        id: SESSION,
        name: NASTY,
        kind: 'script',
        credential: 'c',
        leaseUntil: NOW,
        absenceGraceUsed: true,
        lost: null,
      })
      expect(store.sessions.find(SESSION)).toEqual({
        id: SESSION,
        name: NASTY,
        kind: 'script',
        credential: 'c',
        leaseUntil: NOW,
        absenceGraceUsed: true,
        lost: null,
      })
      store.meta.set('name', NASTY)
      expect(store.meta.get('name')).toBe(NASTY)
      const lines = [{ t: NOW, l: 20, m: NASTY, n: NASTY }]
      store.logs.insert(run.id, 'flow_run', { first: 0, count: 1 }, JSON.stringify(lines))
      expect(store.logs.segmentFrom(run.id, 0)?.lines).toEqual(lines)
    },
  },
  {
    name: '[DB4] an update writes what differs, and nothing else changes',
    run: (database) => {
      const store = filled(database)
      const before = flowRun(15, [state('PENDING')], { session_id: SESSION, epoch: 1 })
      store.flowRuns.insert(before, null)
      const running = applyState(before, state('RUNNING', { timestamp: NOW + 1 }))
      store.flowRuns.update(before, { ...running, name: 'renamed', empirical_policy: { retries: 1 } }, NOW + 9)
      expect(store.flowRuns.find(before.id)).toEqual({ ...running, name: 'renamed', empirical_policy: { retries: 1 } })
      expect([store.flowRuns.nextDueAt(), store.flowRuns.due(NOW + 9, 9).map(({ id }) => id)]).toEqual([NOW + 9, [before.id]])
      const ended = { ...applyState(running, state('COMPLETED', { timestamp: NOW + 2 })), session_id: null }
      store.flowRuns.update(running, ended, null)
      expect(store.flowRuns.find(before.id)).toEqual({ ...ended, name: 'renamed', empirical_policy: { retries: 1 } })
      expect([store.flowRuns.nextDueAt(), store.flowRuns.isHolding(SESSION)]).toEqual([null, false])
      const scheduled = flowRun(16, [state('SCHEDULED', { state_details: { scheduled_time: NOW } })])
      store.flowRuns.insert(scheduled, null)
      const later = applyState(scheduled, state('SCHEDULED', { timestamp: NOW + 1, state_details: { scheduled_time: NOW + SECOND } }))
      store.flowRuns.update(scheduled, later, null)
      expect(store.flowRuns.find(scheduled.id)).toEqual(later)
    },
  },
  {
    name: '[DB5] a state type that does not exist, a negative count and an ended run that is held are refused by the table itself',
    run: (database) => {
      const store = filled(database)
      const broken = (type: string) => () => database.exec('UPDATE flow_run SET state_type = ? WHERE id = ?', type, uuid(11))
      expect(broken('DONE')).toThrow(/CHECK/)
      expect(() => database.exec('UPDATE task_run SET run_count = -1')).toThrow(/CHECK/)
      expect(() => store.flowRuns.insert(flowRun(17, [state('COMPLETED')], { session_id: SESSION }), null)).toThrow(/CHECK/)
      expect(() =>
        store.flowRuns.insert(flowRun(18, [state('PENDING')], { flow_id: FlowId.parse(uuid(2)), idempotency_key: 'key' }), null),
      ).toThrow(/UNIQUE/)
    },
  },
  ...RUN_FILTERS.map((filter, index) => ({
    name: `[DB6] each filter finds exactly what it names: flow runs, filter ${index}: ${JSON.stringify(filter[0]).slice(0, 80)}`,
    run: flowRunFilterCase(...filter),
  })),
  ...TASK_FILTERS.map((filter, index) => ({
    name: `[DB6] each filter finds exactly what it names: task runs, filter ${index}: ${JSON.stringify(filter[0]).slice(0, 80)}`,
    run: taskRunFilterCase(...filter),
  })),
  {
    name: '[DB7] filters over flows, flow runs and task runs are joined, each way',
    run: (database) => {
      const store = filled(database)
      const flows = (scope: Scope) => store.flows.list(FlowQuery.parse(scope), 'NAME_ASC', 9, 0).map(({ name }) => name)
      expect(runsWhere(store, { flows: { name: { any_: ['other'] } } })).toEqual(['Ärger 100%'])
      expect(runsWhere(store, { flows: { tags: { all_: ['etl'] } }, task_runs: { state: { type: { any_: ['COMPLETED'] } } } })).toEqual([
        'run-11',
      ])
      expect(
        tasksWhere(store, { flow_runs: { name: { like_: 'run-11' } }, task_runs: { state: { type: { any_: ['RUNNING'] } } } }),
      ).toEqual(['task-21'])
      expect(tasksWhere(store, { flows: { name: { any_: ['other'] } } })).toEqual([])
      expect(flows({ flow_runs: { state: { type: { any_: ['COMPLETED'] } } } })).toEqual(['other'])
      expect(flows({ task_runs: { tags: { any_: ['t'] } } })).toEqual(['pipeline'])
      expect(flows({ flows: { operator: 'or_', name: { like_: 'OTH' }, tags: { all_: ['etl'] } } })).toEqual(['other', 'pipeline'])
    },
  },
  {
    name: '[DB8] lists are sorted, limited, skipped and gone on with',
    run: (database) => {
      const store = filled(database)
      const names = (sort: FlowRunQuery['sort'], limit = 9, offset = 0) =>
        store.flowRuns.list({}, sort, limit, offset).map(({ run }) => run.name)
      expect(names('ID_DESC')).toEqual([NASTY, 'Ärger 100%', 'run-12', 'run-11'])
      expect(names('NAME_ASC')).toEqual([NASTY, 'run-11', 'run-12', 'Ärger 100%'])
      expect(names('NAME_DESC')).toEqual(['Ärger 100%', 'run-12', 'run-11', NASTY])
      expect(names('EXPECTED_START_TIME_DESC', 1)).toEqual(['run-12'])
      expect(names('EXPECTED_START_TIME_ASC', 1, 3)).toEqual(['run-12'])
      expect(names('START_TIME_ASC', 1, 3)).toEqual(['run-12'])
      expect(names('START_TIME_DESC', 2)).toEqual(['run-12', 'Ärger 100%'])
      expect(names('END_TIME_DESC')).toEqual(['Ärger 100%', NASTY, 'run-12', 'run-11'])
      expect(names('NEXT_SCHEDULED_START_TIME_ASC')).toEqual(['run-12', 'run-11', 'Ärger 100%', NASTY])
      expect(store.flowRuns.list({}, 'ID_DESC', 2, 0, FlowRunId.parse(uuid(13))).map(({ run }) => run.name)).toEqual(['run-12', 'run-11'])
      expect(store.flowRuns.list({}, 'ID_DESC', 0, 0)).toEqual([])
    },
  },
  {
    name: '[DB9] history and lateness count by expected start',
    run: (database) => {
      const store = filled(database)
      const range = { history_start: NOW, history_end: NOW + 120 * SECOND, history_interval_seconds: 60 }
      const bar = (number: number, stateType: StateType, stateName: string, runTimeSeconds = 0, latenessSeconds = 0) => ({
        bar: number,
        stateType,
        stateName,
        count: 1,
        runTimeSeconds,
        latenessSeconds,
      })
      expect(store.flowRuns.history(range, NOW + 10 * SECOND)).toEqual([
        bar(0, 'COMPLETED', 'Completed', 4, 1),
        bar(0, 'FAILED', 'TimedOut'),
        bar(0, 'RUNNING', 'Running', 10 - 0.000001, 0.000001),
        bar(1, 'SCHEDULED', 'Scheduled'),
      ])
      expect(store.flowRuns.lateness({ flow_runs: { name: { like_: 'rger' } } }, NOW)).toBe(1)
      expect(store.flowRuns.lateness({ flow_runs: { name: { any_: ['nobody'] } } }, NOW)).toBe(null)
      expect(store.flowRuns.lateness({ flow_runs: { name: { any_: ['run-12'] } } }, NOW + 90 * SECOND)).toBe(30)
    },
  },
  {
    name: '[DB10] segments of a log are found by line number from both sides, and the view shows each line',
    run: (database) => {
      const { logs } = opened(database)
      const line = (n: number) => ({ t: NOW + n, l: 20, m: `m${n}`, n: 'log' })
      logs.insert(uuid(11), 'flow_run', { first: 0, count: 2 }, JSON.stringify([line(0), line(1)]))
      logs.insert(uuid(11), 'flow_run', { first: 2, count: 1 }, JSON.stringify([{ ...line(2), k: uuid(21) }]))
      logs.insert(uuid(12), 'task_run', { first: 5, count: 1 }, JSON.stringify([line(5)]))
      const from = (n: number) => logs.segmentFrom(uuid(11), n)?.first
      const back = (n: number) => logs.segmentBack(uuid(11), n)?.first
      expect([from(0), from(1), from(2), from(3)]).toEqual([0, 0, 2, undefined])
      expect([back(99), back(2), back(1), back(0)]).toEqual([2, 2, 0, 0])
      expect([logs.lastUpTo(uuid(11), 1), logs.nextAfter(uuid(11), 0), logs.lastUpTo(uuid(12), 4)]).toEqual([
        { first: 0, count: 2 },
        { first: 2, count: 1 },
        undefined,
      ])
      expect([logs.neighbour('', false), logs.neighbour(uuid(11), false), logs.neighbour('g', true)]).toEqual([
        uuid(11),
        uuid(12),
        uuid(12),
      ])
      expect(database.exec('SELECT flow_run_id, task_run_id, number, level, message FROM log').rows).toEqual([
        { flow_run_id: uuid(11), task_run_id: null, number: 0, level: 20, message: 'm0' },
        { flow_run_id: uuid(11), task_run_id: null, number: 1, level: 20, message: 'm1' },
        { flow_run_id: uuid(11), task_run_id: uuid(21), number: 2, level: 20, message: 'm2' },
        { flow_run_id: null, task_run_id: uuid(12), number: 5, level: 20, message: 'm5' },
      ])
      expect([logs.deleteOf(uuid(11), 1), logs.deleteOf(uuid(11), 9)]).toEqual([1, 1])
    },
  },
  {
    name: '[DB11] kept answers, chores, references to states, sessions and credentials are found and forgotten',
    run: (database) => {
      const store = opened(database)
      const answer = { fingerprint: 'f', status: 201, output: '{}' }
      store.idempotency.insert('k', answer, NOW)
      const day = 86_400 * SECOND
      expect([store.idempotency.find('k', NOW), store.idempotency.find('k', NOW + 3 * day)]).toEqual([answer, undefined])
      store.idempotency.insert('l', answer, NOW + 3 * day)
      expect(database.exec('SELECT key FROM idempotency').rows).toEqual([{ key: 'l' }])
      const chore = { kind: 'end_tasks', id: 'x', wasCancelled: true } as const
      store.chores.add(chore)
      expect(store.chores.first()).toEqual(chore)
      store.chores.done(chore)
      expect(store.chores.isEmpty()).toBe(true)
      const stateId = StateId.parse(uuid(5))
      store.stateRefs.insert(stateId, 'run')
      expect(store.stateRefs.find(stateId)).toBe('run')
      store.stateRefs.delete(stateId)
      expect(store.stateRefs.find(stateId)).toBe(undefined)
      const credential = { hash: 'a'.repeat(64), kind: 'link', role: 'owner', name: NASTY, created: NOW, expires: null } as const
      store.credentials.insert(credential)
      expect(store.credentials.find(credential.hash)).toEqual(credential)
      const lost = [{ run: FlowRunId.parse(uuid(11)), epoch: 1, reason: NASTY }]
      const session = { id: SESSION, name: 's', kind: 'agent', credential: 'c', leaseUntil: NOW, absenceGraceUsed: false, lost } as const
      store.sessions.save(session)
      expect([store.sessions.due(NOW, 9), store.sessions.nextDueAt()]).toEqual([[session], NOW])
      store.sessions.delete(SESSION)
      expect(store.sessions.nextDueAt()).toBe(null)
    },
  },
  {
    name: '[NW27] a notebook comes back as it was written, remembered or not, and only what changed is written again',
    run: (database) => {
      const store = opened(database)
      const start = notebookOf(cellOf('a', NASTY), cellOf('b', 'two', { title: NASTY, folded: true }, 'md'))
      store.notebooks.insert(NOTEBOOK, NASTY, start, NOW)
      const row = { id: NOTEBOOK, title: NASTY, created: NOW, updated: NOW, version: 0, cellCount: 2 }
      expect(store.notebooks.find(NOTEBOOK)).toEqual(row)
      expect([store.notebooks.load(row), openStore(database).notebooks.load(row)]).toEqual([start, start])
      const [a, b] = start.cells
      if (a === undefined || b === undefined) throw new Error('the notebook lost its cells')
      const after: Notebook = {
        header: { nb: '1' },
        cells: [{ ...a, source: 'one' }],
        bin: [{ cell: b, place: { after: a.id, before: null } }],
      }
      expect(store.notebooks.update(row, undefined, { before: start, after, version: 1, now: NOW + 1 })).toEqual([])
      store.notebookLog.append(NOTEBOOK, placedOf(1), NOW + 1)
      const found = store.notebooks.find(NOTEBOOK)
      expect(found).toEqual({ ...row, title: null, updated: NOW + 1, version: 1, cellCount: 1 })
      if (found === undefined) throw new Error('the notebook lost its row')
      expect([store.notebooks.load(found), openStore(database).notebooks.load(found)]).toEqual([after, after])
      const emptied: Notebook = { ...after, bin: [] }
      expect(store.notebooks.update(found, undefined, { before: after, after: emptied, version: 2, now: NOW + 2 })).toEqual([b.id])
      expect(database.exec('SELECT cell_id FROM notebook_cell').rows).toEqual([{ cell_id: 'a' }])
      expect([store.notebooks.delete(NOTEBOOK), store.notebooks.delete(NOTEBOOK)]).toEqual([true, false])
      expect([store.notebooks.deleteCells(NOTEBOOK, 9), store.notebooks.find(NOTEBOOK)]).toEqual([1, undefined])
    },
  },
  {
    name: '[NW28] what a failed transaction remembered of a notebook is never used',
    run: (database) => {
      const store = opened(database)
      const start = notebookOf(cellOf('a', 'one'))
      store.notebooks.insert(NOTEBOOK, undefined, start, NOW)
      const row = store.notebooks.find(NOTEBOOK)
      if (row === undefined) throw new Error('the notebook lost its row')
      const change = (source: string, now: number): Notebook => {
        const after = notebookOf(cellOf('a', source))
        store.notebooks.update(row, undefined, { before: start, after, version: 1, now })
        store.notebookLog.append(NOTEBOOK, placedOf(1), now)
        return after
      }
      const failing = (): void =>
        database.transaction(() => {
          change('lost', NOW + 1)
          throw new Error('no')
        })
      expect(failing).toThrow('no')
      expect(store.notebooks.load(row)).toEqual(start)
      expect(failing).toThrow('no')
      const after = change('kept', NOW + 2)
      const found = store.notebooks.find(NOTEBOOK)
      expect(found === undefined ? undefined : store.notebooks.load(found)).toEqual(after)
    },
  },
  {
    name: '[NW29] batches are found after any version, in order, until they are let go',
    run: (database) => {
      const { notebookLog: log } = opened(database)
      const versions = (batches: readonly PlacedBatch[] | undefined) => batches?.map(({ version }) => version)
      expect([log.after(NOTEBOOK, 0), log.tail(NOTEBOOK, 1_000)]).toEqual([[], []])
      const large = 'x'.repeat(20_000)
      for (let version = 1; version <= 70; version++)
        log.append(NOTEBOOK, placedOf(version, version % 30 === 0 ? large : 'y'), NOW + version)
      expect(log.after(NOTEBOOK, 68)).toEqual([placedOf(69, 'y'), placedOf(70, 'y')])
      expect([versions(log.after(NOTEBOOK, 70)), versions(log.after(NOTEBOOK, 31))?.length, versions(log.after(NOTEBOOK, 0))]).toEqual([
        [],
        39,
        Array.from({ length: 70 }, (_, index) => index + 1),
      ])
      expect(database.exec('SELECT first, count FROM notebook_log ORDER BY first').rows).toEqual([
        { first: 1, count: 32 },
        { first: 33, count: 32 },
        { first: 65, count: 6 },
      ])
      expect([versions(log.tail(NOTEBOOK, 1_500)), versions(log.tail(NOTEBOOK, 100))]).toEqual([[65, 66, 67, 68, 69, 70], []])
      for (let version = 71; version <= MAX_LOGGED_BATCHES + 70; version++) log.append(NOTEBOOK, placedOf(version, 'y'), NOW + version)
      expect([log.after(NOTEBOOK, 20), versions(log.after(NOTEBOOK, 70))?.length]).toEqual([undefined, MAX_LOGGED_BATCHES])
      const other = NotebookId.parse(uuid(8))
      for (let version = 1; version <= 20; version++) log.append(other, placedOf(version, 'z'.repeat(900_000)), NOW)
      expect(versions(log.after(other, 19))).toEqual([20])
      expect(versions(log.after(other, 20 - Math.floor(MAX_LOGGED_CHARACTERS / 900_000)))?.length).toBe(
        Math.floor(MAX_LOGGED_CHARACTERS / 900_000),
      )
      expect(log.after(other, 1)).toBe(undefined)
      expect([log.deleteOf(NOTEBOOK, 10), log.deleteOf(NOTEBOOK, 1_000) > 20, log.deleteOf(NOTEBOOK, 10)]).toEqual([10, true, 0])
    },
  },
  {
    name: '[NW30] runs of cells are stored by cell, listed without what they show, and forgotten',
    run: (database) => {
      const { cellRuns } = opened(database)
      const [a, b] = [CellId.parse('a'), CellId.parse('b')]
      cellRuns.save(NOTEBOOK, { cell: a, kernel: 'k', started: NOW }, '{"x":1}')
      cellRuns.save(NOTEBOOK, { cell: a, kernel: 'l', started: NOW + 1 }, JSON.stringify({ text: NASTY }))
      cellRuns.save(NOTEBOOK, { cell: b, kernel: 'l', started: NOW }, '{}')
      expect(cellRuns.find(NOTEBOOK, a)).toEqual({ text: NASTY })
      expect(cellRuns.stored(NOTEBOOK, a)).toEqual({ kernel: 'l', started: NOW + 1 })
      expect(cellRuns.ofNotebook(NOTEBOOK).map(({ cell, size }) => [cell, size])).toEqual([
        ['a', JSON.stringify({ text: NASTY }).length],
        ['b', 2],
      ])
      cellRuns.delete(NOTEBOOK, a)
      expect([cellRuns.stored(NOTEBOOK, a), cellRuns.deleteOf(NOTEBOOK, 9), cellRuns.ofNotebook(NOTEBOOK)]).toEqual([undefined, 1, []])
    },
  },
  {
    name: '[DB12] no hot statement scans a table',
    run: (database) => {
      const store = filled(database)
      const plans = new Map<string, string>()
      const watched = openStore({
        exec: (sql, ...bindings) => {
          if (!sql.startsWith('INSERT')) {
            const rows = database.exec(`EXPLAIN QUERY PLAN ${sql}`, ...bindings).rows.map(({ detail }) => String(detail))
            plans.set(
              sql,
              rows.filter((detail) => detail.startsWith('SCAN') && !/VIRTUAL TABLE|json_each|CONSTANT/.test(detail)).join('; '),
            )
          }
          return database.exec(sql, ...bindings)
        },
        transaction: (body) => database.transaction(body),
        sizeBytes: () => database.sizeBytes(),
      })
      hotPath(watched)
      expect(plans.size).toBeGreaterThan(25)
      // Reading an index in its order until the page is full is no scan of the table; a cursor bounds even that.
      const scans = [...plans]
        .filter(([, scan]) => scan !== '' && !/^SCAN r( USING INDEX flow_run_expected)?$/.test(scan))
        .map(([sql, scan]) => `${scan}: ${sql}`)
      expect(scans).toEqual([])
      expect(store.flowRuns.count({})).toBe(4)
    },
  },
]

/** Every statement that runs for each run, frame, alarm or open page. */
function hotPath(store: Store): void {
  const run = store.flowRuns.find(FlowRunId.parse(uuid(11)))
  const task = store.taskRuns.find(TaskRunId.parse(uuid(21)))
  if (run === undefined || task === undefined) throw new Error('the filled store lost its runs')
  store.credentials.find('a'.repeat(64))
  store.meta.get('id')
  store.flows.find(FLOW)
  store.flows.findByName('pipeline')
  store.flowRuns.findRow(run.id)
  store.flowRuns.findByKey(FLOW, 'key')
  store.flowRuns.has(run.id)
  store.flowRuns.update(run, { ...applyState(run, state('CANCELLING')), expected_start_time: NOW + 1, name: 'x', session_id: SESSION }, NOW)
  store.flowRuns.updateRest(run)
  store.flowRuns.list({}, 'ID_DESC', 20, 0)
  store.flowRuns.list({}, 'ID_DESC', 20, 0, run.id)
  store.flowRuns.list({}, 'EXPECTED_START_TIME_DESC', 20, 0)
  store.flowRuns.list({ flow_runs: { id: { any_: [run.id] } } }, 'NAME_ASC', 20, 0)
  store.flowRuns.list({ flow_runs: { expected_start_time: { after_: NOW } } }, 'EXPECTED_START_TIME_ASC', 20, 0)
  store.flowRuns.history({ history_start: NOW, history_end: NOW + 1, history_interval_seconds: 1 }, NOW)
  store.flowRuns.subflowsOf(run.id, 9)
  store.flowRuns.heldBy(SESSION, 9)
  store.flowRuns.isHolding(SESSION)
  store.flowRuns.due(NOW, 9)
  store.flowRuns.nextDueAt()
  store.taskRuns.findByKeys(run.id, 'task', '21')
  store.taskRuns.update(task)
  store.taskRuns.list({ task_runs: { flow_run_id: { any_: [run.id] } } }, 'NAME_ASC', 9, 0)
  store.taskRuns.ofFlowRun(run.id, 9)
  store.taskRuns.newestOfFlowRun(run.id, 9)
  store.taskRuns.liveOf(run.id, 9)
  store.taskRuns.countOf(run.id, true)
  store.logs.lastUpTo(run.id, 0)
  store.logs.nextAfter(run.id, 0)
  store.logs.segmentFrom(run.id, 0)
  store.logs.segmentBack(run.id, 0)
  store.logs.neighbour('', false)
  store.logs.neighbour('g', true)
  const notebook = store.notebooks.find(NOTEBOOK)
  if (notebook === undefined) throw new Error('the filled store lost its notebook')
  const content = store.notebooks.load(notebook)
  const changed = { ...content, cells: content.cells.map((one) => ({ ...one, source: 'x' })) }
  store.notebooks.update(notebook, 'T', { before: content, after: { ...changed, header: { nb: '2' } }, version: 1, now: NOW })
  store.notebookLog.append(NOTEBOOK, placedOf(2), NOW)
  store.notebookLog.after(NOTEBOOK, 1)
  store.notebookLog.tail(NOTEBOOK, 1_000)
  store.cellRuns.save(NOTEBOOK, { cell: CellId.parse('a'), kernel: 'k', started: NOW }, '{}')
  store.cellRuns.stored(NOTEBOOK, CellId.parse('a'))
  store.cellRuns.find(NOTEBOOK, CellId.parse('a'))
  store.cellRuns.ofNotebook(NOTEBOOK)
  store.stateRefs.find(StateId.parse(uuid(5)))
  store.idempotency.find('k', NOW)
}

/** Instants in a filter stand as text in a request. */
function asTime(key: string, value: unknown): unknown {
  return (key === 'before_' || key === 'after_') && typeof value === 'number' ? new Date(value / 1_000).toISOString() : value
}

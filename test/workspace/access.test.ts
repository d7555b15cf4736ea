/** Who may do what, from the one table: every operation and every item for every role. Denied unless allowed. */
import { reset } from 'cloudflare:test'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Item } from '#sdk/protocol/frames.ts'
import { NotebookId } from '#sdk/protocol/notebook.ts'
import { OPERATIONS, type OperationId } from '#sdk/protocol/operations.ts'
import { mayActAs, ROLES } from '#sdk/protocol/role-order.ts'
import type { Role } from '#sdk/protocol/roles.ts'
import { OPERATION_OF_ITEM } from '../../worker/operations/items.ts'
import type { Caller } from '../../worker/workspace/contract.ts'
import { attach, newWorkspace, NOBODY, OWNER, OWNER_LINK, stubOf, upgrade, type TestWorkspace } from './harness.ts'
import { cellOutput, flowRunId, log, notebookOp, propose, runCreate, task, taskRunId } from './speakers.ts'

let workspace: TestWorkspace
const callerOf = (role: Role): Caller => ({ kind: 'token', hash: String(ROLES.indexOf(role)).repeat(64) })

async function workspaceOfRoles(): Promise<void> {
  workspace = await newWorkspace()
  for (const role of ROLES)
    await workspace.sql("INSERT INTO credential VALUES (?, 'token', ?, ?, 0, NULL)", callerOf(role).hash, role, role)
  await workspace.sql("INSERT INTO credential VALUES (?, 'token', 'owner', 'old', 0, 1)", 'e'.repeat(64))
}

const operations = Object.keys(OPERATIONS) as OperationId[] // the keys are the ids
const performed = operations.filter((id) => OPERATIONS[id].at === 'workspace' && id !== 'live.connect')
/** Nothing that exists: who is let in gets `not_found` or an empty answer, who is not gets no further than the role. */
const id = '01900000-0000-7000-8000-000000000000'
const call = (operation: OperationId, caller: Caller) =>
  workspace.stub.perform({
    operation,
    caller,
    params: { id, name: 'nobody' },
    query: { flow_run_id: id, task_run_id: id },
    body:
      operation === 'logs.create'
        ? []
        : {
            name: 'f',
            flow_id: id,
            flow_ids: [id],
            flow_run_ids: [id],
            task_key: 'a',
            dynamic_key: 'b',
            state: { type: 'PENDING' },
            limit: 1,
            offset: 0,
            page: 1,
            sort: 'NAME_ASC',
            history_start: 0,
            history_end: 1,
            history_interval_seconds: 1,
          },
  })

describe('operations', () => {
  beforeAll(workspaceOfRoles)
  afterAll(() => reset())

  describe.each(performed)('%s', (operation) => {
    const { role: required } = OPERATIONS[operation]

    test.each(ROLES)(`[WS1] every operation lets in the roles that the table says: ${operation} for %s`, async (role) => {
      const outcome = await call(operation, callerOf(role))
      const isLetIn = outcome.ok || (outcome.problem.code !== 'forbidden' && outcome.problem.status < 500)
      const isRightKind = operation !== 'sessions.create'
      expect(isLetIn).toBe(isRightKind ? mayActAs(role, required) : true)
    })

    test(`[WS1] every operation refuses strangers: ${operation} without credential, with an unknown or an expired one, or one of another kind`, async () => {
      const strangers: Caller[] = [
        NOBODY,
        { kind: 'token', hash: 'f'.repeat(64) },
        { kind: 'token', hash: 'e'.repeat(64) },
        { kind: 'link', hash: OWNER.hash },
      ]
      const codes = []
      for (const caller of strangers) {
        const outcome = await call(operation, caller)
        codes.push(outcome.ok ? 'ok' : outcome.problem.code)
      }
      const expected = operation === 'admin.ready' ? 'ok' : 'unauthenticated'
      expect(codes).toEqual(strangers.map(() => expected))
    })
  })
})

describe('items and workspaces', () => {
  beforeEach(workspaceOfRoles)
  afterEach(() => reset())

  const run = flowRunId()
  const items: readonly Item[] = [
    runCreate(run),
    propose(run, 'RUNNING'),
    task(run, taskRunId()),
    log(run, 1),
    notebookOp(NotebookId.parse(id), 0, [{ op: 'setHeader', key: 'title', value: 'x' }]),
    cellOutput(NotebookId.parse(id), 'a'),
    { type: 'subscribe', topic: 'flow_runs' },
    { type: 'unsubscribe', topic: 'flow_runs' },
  ]

  test.each(ROLES)('[WS2] an item needs the role of the operation that it stands for: %s', async (role) => {
    const socket = await workspace.connect({ caller: callerOf(role) })
    const answers = await socket.send(...items)
    expect(answers.map((answer) => !(answer.type === 'refused' && answer.code === 'forbidden'))).toEqual(
      items.map(({ type }) => mayActAs(role, OPERATIONS[OPERATION_OF_ITEM[type]].role)),
    )
  })

  test('[WS3] a credential that is gone takes its socket with it at the next frame, which changes nothing', async () => {
    const socket = await workspace.connect({ caller: callerOf('editor') })
    await workspace.sql('DELETE FROM credential WHERE hash = ?', callerOf('editor').hash)
    socket.raw(JSON.stringify({ type: 'frame', n: 1, items: [runCreate(flowRunId())] }))
    expect((await socket.closed).code).toBe(4410)
    expect(await workspace.ok('flow_runs.count')).toBe(0)
  })

  test('[WS4] an object that nobody created answers no_such_workspace to everything and writes nothing', async () => {
    const stub = stubOf('nobody')
    for (const operation of performed) {
      expect(await stub.perform({ operation, caller: OWNER, params: { id }, query: {}, body: {} })).toMatchObject({
        ok: false,
        problem: { code: 'no_such_workspace' },
      })
    }
    expect(await stub.createOwnerLink({ hash: OWNER.hash, name: 'x' })).toMatchObject({ ok: false, problem: { code: 'no_such_workspace' } })
    expect((await upgrade(stub, OWNER)).status).toBe(404)
    expect(await attach('nobody').sql('SELECT name FROM sqlite_master')).toEqual([])
  })

  test('[WS5] creating is done once: again it changes neither name nor credentials', async () => {
    const before = await workspace.sql('SELECT * FROM meta, credential')
    expect(
      await workspace.stub.create({ id: workspace.id, name: 'Other', ownerLinkHash: '9'.repeat(64), ownerTokenHash: '8'.repeat(64) }),
    ).toEqual({ created: false })
    expect(await workspace.sql('SELECT * FROM meta, credential')).toEqual(before)
  })

  test('[WS6] a link is exchanged for its role; a new owner link works at once', async () => {
    const session = { role: 'owner', workspace: workspace.id, name: 'Test' }
    expect(await workspace.ok('sessions.create', { body: { secret: 'x' } }, { caller: OWNER_LINK })).toEqual(session)
    const hash = '7'.repeat(64)
    expect(await workspace.stub.createOwnerLink({ hash, name: 'Second' })).toMatchObject({ ok: true })
    expect(await workspace.ok('sessions.create', { body: { secret: 'x' } }, { caller: { kind: 'link', hash } })).toEqual(session)
    expect(await workspace.call('sessions.create', { body: { secret: 'x' } }, { caller: OWNER })).toMatchObject({
      problem: { code: 'unauthenticated' },
    })
  })

  test('[WS7] workspaces share nothing: neither rows nor credentials nor events', async () => {
    const other = await newWorkspace()
    const run = flowRunId()
    const watcher = await other.connect()
    await watcher.send({ type: 'subscribe', topic: 'flow_runs' })
    await (await workspace.connect()).send(runCreate(run))
    expect(await other.call('flow_runs.read', { params: { id: run } })).toMatchObject({ problem: { code: 'not_found' } })
    expect([await workspace.ok('flow_runs.count'), await other.ok('flow_runs.count')]).toEqual([1, 0])
    expect(await other.call('admin.hello', {}, { caller: callerOf('viewer') })).toMatchObject({ problem: { code: 'unauthenticated' } })
    expect(await (await other.connect()).send(propose(run, 'RUNNING'))).toMatchObject([{ code: 'not_found' }])
    expect(watcher.received.filter(({ type }) => type === 'event')).toEqual([])
  })
})

/** Sessions, leases and epochs. The clock stands still unless a test moves it, so alarms ring only when a test lets them. */
import { evictDurableObject, reset, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { FlowRunId } from '#sdk/protocol/ids.ts'
import { CANCEL_GRACE_SECONDS, HELLO_SECONDS } from '#sdk/protocol/limits.ts'
import { firstLineOf } from '#sdk/protocol/log-levels.ts'
import { newWorkspace, OWNER, OWNER_LINK, openSocket, upgrade, type TestSocket, type TestWorkspace } from './harness.ts'
import { requireInvariants } from './invariants.ts'
import { flowRunId, log, propose, runCreate, task, taskRunId } from './speakers.ts'

const START = Date.UTC(2030, 0, 1)
const LEASE_MS = 1_000

let workspace: TestWorkspace
let clock: number

function pass(ms: number): void {
  clock += ms
  vi.setSystemTime(clock)
}

const alarm = () => runDurableObjectAlarm(workspace.stub)
const states = async (run: FlowRunId): Promise<unknown[]> =>
  (await workspace.ok<{ name: string; message: string | null }[]>('flow_run_states.list', { query: { flow_run_id: run } })).map(
    ({ name, message }) => [name, message],
  )
const nameOf = async (run: FlowRunId): Promise<string> =>
  (await workspace.ok<{ state_name: string }>('flow_runs.read', { params: { id: run } })).state_name
const sessionRows = () => workspace.sql('SELECT id, lease_until, lost FROM session')

async function runningRun(socket: TestSocket, run = flowRunId()): Promise<FlowRunId> {
  await socket.send(runCreate(run), propose(run, 'RUNNING'))
  return run
}

beforeEach(async () => {
  clock = START
  vi.useFakeTimers({ toFake: ['Date'], now: clock })
  workspace = await newWorkspace()
})
afterEach(async () => {
  await requireInvariants(workspace.stub)
  vi.useRealTimers()
  await reset()
})

describe('hello', () => {
  test('[SE1] hello is answered welcome with session, role, limits and the workspace clock', async () => {
    const { welcome } = await workspace.connect()
    expect(welcome).toEqual({
      type: 'welcome',
      protocol: 1,
      session: expect.stringMatching(/^[0-9a-f-]{36}$/),
      role: 'owner',
      boot: expect.any(String),
      now: expect.any(Number),
      ping_seconds: LEASE_MS / 3_000,
      lease_seconds: 1,
      limits: { frame_bytes: 1_048_576, frames_in_flight: 8, frame_items: 2_000 },
    })
    expect(Math.floor(welcome.now / 1_000)).toBe(START)
  })

  test('[SE2] without a hello, with a bad one or with another version the socket closes and says why', async () => {
    for (const [first, code] of [
      ['{}', 4400],
      ['nonsense', 4400],
      ['{"type":"frame","n":1,"items":[{}]}', 4400],
      ['{"type":"hello","protocol":99,"kind":"script","name":"x"}', 4426],
      ['{"type":"hello","protocol":1,"kind":"robot","name":"x"}', 4400],
    ] as const) {
      const socket = await openSocket(workspace.stub)
      socket.raw(first)
      expect((await socket.closed).code).toBe(code)
      expect(socket.received.map(({ type }) => type)).toEqual(['problem'])
    }
  })

  test('[SE3] no credential, no upgrade; an unknown one neither', async () => {
    const statuses = await Promise.all(
      [
        { kind: 'none', hash: '' } as const,
        { kind: 'token', hash: 'c'.repeat(64) } as const,
        { kind: 'link', hash: OWNER.hash } as const,
      ].map(async (caller) => (await upgrade(workspace.stub, caller)).status),
    )
    expect(statuses).toEqual([401, 401, 401])
  })

  test('[SE4] a session goes on over a new socket, with the credential that opened it and no other', async () => {
    const first = await workspace.connect()
    const { session } = first.welcome
    const run = await runningRun(first)
    const second = await workspace.connect({ hello: { session } })
    expect([second.welcome.session, (await first.closed).code]).toEqual([session, 1000])
    expect(await second.send(propose(run, 'COMPLETED'))).toMatchObject([{ type: 'verdict', status: 'ACCEPT' }])
    const thief = await openSocket(workspace.stub, OWNER_LINK)
    thief.raw(JSON.stringify({ type: 'hello', protocol: 1, kind: 'script', name: 'x', session }))
    expect((await thief.closed).code).toBe(4403)
  })
})

describe('places', () => {
  test('[SE21] a socket that says no hello within ten seconds goes when another one comes; who greeted stays', async () => {
    const [silent, greeted] = [await openSocket(workspace.stub), await workspace.connect()]
    pass(HELLO_SECONDS * 1_000 + 1)
    const fresh = await openSocket(workspace.stub)
    expect((await silent.closed).code).toBe(4400)
    expect(await greeted.send(runCreate(flowRunId()))).toMatchObject([{ type: 'created' }])
    await fresh.ping()
  })

  test('[SE22] a hello that the workspace cannot take now is closed as to be tried again, not as malformed', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    await workspace.sql('ALTER TABLE session RENAME TO away')
    const socket = await openSocket(workspace.stub)
    const hello = { type: 'hello', protocol: 1, kind: 'script', name: 'x', session: crypto.randomUUID() }
    socket.raw(JSON.stringify(hello))
    expect((await socket.closed).code).toBe(1011)
    await workspace.sql('ALTER TABLE away RENAME TO session')
    vi.restoreAllMocks()
  })
})

describe('leases', () => {
  test('[SE5] a session has a row while it holds runs and none before or after', async () => {
    const socket = await workspace.connect()
    expect(await sessionRows()).toEqual([])
    const run = await runningRun(socket)
    expect(await sessionRows()).toEqual([{ id: socket.welcome.session, lease_until: expect.any(Number), lost: null }])
    await socket.send(propose(run, 'COMPLETED'))
    pass(LEASE_MS + 1)
    await alarm()
    expect(await sessionRows()).toEqual([])
  })

  test('[SE6] frames keep a lease alive: one write per lease time, whatever the number of frames', async () => {
    const socket = await workspace.connect()
    const run = await runningRun(socket)
    const [before] = await sessionRows()
    for (let index = 0; index < 5; index++) {
      pass(150)
      await socket.send(log(run, 1, { first: firstLineOf(1) + index }))
      expect(await sessionRows()).toEqual([before])
    }
    pass(300)
    await alarm()
    expect((await sessionRows())[0]?.['lease_until']).toBeGreaterThan((START + 1_700) * 1_000)
    expect((await states(run)).at(-1)).toEqual(['Running', null])
  })

  test('[SE7] an executor that is silent for a lease time is dead: its runs and their tasks end Crashed, with the reason', async () => {
    const socket = await workspace.connect()
    const run = await runningRun(socket)
    const [done, live] = [taskRunId(), taskRunId()]
    await socket.send(task(run, done), task(run, live, ['PENDING', 'RUNNING']))
    socket.close()
    pass(LEASE_MS + 1)
    await alarm()
    expect((await states(run)).at(-1)).toEqual([
      'Crashed',
      expect.stringMatching(/^Executor lost: no sign of life since 2030-01-01T00:00:00\.0000\d\dZ\. Run it again to start over\.$/),
    ])
    const tasks = await workspace.ok<{ id: string; state_name: string }[]>('task_runs.filter', { body: { sort: 'NAME_ASC' } })
    expect(Object.fromEntries(tasks.map(({ id, state_name }) => [id, state_name]))).toEqual({ [done]: 'Completed', [live]: 'Crashed' })
  })

  test('[SE8] what a dead session still sends changes nothing; only its log lines are kept, marked late', async () => {
    const socket = await workspace.connect()
    const run = await runningRun(socket)
    const taskId = taskRunId()
    await socket.send(task(run, taskId, ['PENDING']))
    pass(LEASE_MS + 1)
    await alarm()
    const before = await workspace.sql('SELECT * FROM flow_run, task_run')
    const answers = await socket.send(
      propose(run, 'COMPLETED'),
      task(run, taskId, ['RUNNING'], { from: 1 }),
      task(run, taskRunId()),
      runCreate(run),
      log(run, 1),
      log(run, 1, { epoch: 2 }),
    )
    expect(answers.map((answer) => (answer.type === 'refused' ? answer.code : answer.type))).toEqual([
      'stale_lease',
      'stale_lease',
      'stale_lease',
      'stale_lease',
      'done',
      'done',
    ])
    expect(await workspace.sql('SELECT * FROM flow_run, task_run')).toEqual(before)
    expect(await workspace.ok('logs.filter', { body: {} })).toMatchObject([{ message: 'line 0', late: true }, { message: 'line 0' }])
  })

  test('[SE9] the executor hears at once that its lease has ended, or when it comes back', async () => {
    const connected = await workspace.connect()
    const away = await workspace.connect()
    const [first, second] = [await runningRun(connected), await runningRun(away)]
    away.close()
    pass(LEASE_MS + 1)
    await alarm()
    expect(await connected.next('lost')).toEqual({
      type: 'lost',
      run: first,
      epoch: 1,
      reason: expect.stringMatching(/^The run was set to Crashed: Executor lost/),
    })
    const back = await workspace.connect({ hello: { session: away.welcome.session } })
    expect(await back.next('lost')).toMatchObject({ type: 'lost', run: second, epoch: 1, reason: expect.stringContaining('Executor lost') })
    const again = await workspace.connect({ hello: { session: away.welcome.session } })
    expect(await again.send(runCreate(flowRunId()))).toMatchObject([{ type: 'created' }])
    expect(again.received.filter(({ type }) => type === 'lost')).toEqual([])
  })

  test('[SE20] who was told of its end and lived to hear it is not told again; who was away is', async () => {
    const [stopped, gone] = [await workspace.connect(), await workspace.connect()]
    await runningRun(stopped)
    await runningRun(gone)
    pass(LEASE_MS + 1)
    await alarm()
    await Promise.all([stopped.next('lost'), gone.next('lost')])
    pass(10)
    await stopped.send(runCreate(flowRunId()))
    stopped.close()
    gone.close()
    await vi.waitFor(async () => expect((await sessionRows()).filter(({ lost }) => lost !== null).length).toBe(1))
    const again = await Promise.all([stopped, gone].map(({ welcome: { session } }) => workspace.connect({ hello: { session } })))
    await Promise.all(again.map((socket) => socket.ping()))
    expect(again.map(({ received }) => received.filter(({ type }) => type === 'lost').length)).toEqual([0, 1])
  })

  test('[SE10] an alarm that comes late was our own absence: every lease gets one lease time more, once', async () => {
    const socket = await workspace.connect()
    const run = await runningRun(socket)
    socket.close()
    pass(LEASE_MS + 60_000)
    await alarm()
    expect((await states(run)).at(-1)).toEqual(['Running', null])
    pass(LEASE_MS + 1)
    await alarm()
    expect(await nameOf(run)).toBe('Crashed')
  })

  test('[SE11] a session that comes back in time goes on, also after the object slept', async () => {
    const first = await workspace.connect()
    const run = await runningRun(first)
    first.close()
    pass(LEASE_MS - 1)
    await evictDurableObject(workspace.stub)
    const second = await workspace.connect({ hello: { session: first.welcome.session } })
    pass(500)
    await alarm()
    expect(await second.send(propose(run, 'COMPLETED'))).toMatchObject([
      { type: 'verdict', status: 'ACCEPT', state: { type: 'COMPLETED' } },
    ])
  })

  test('[SE12] a run is held by one session: another one can neither create it again nor write to it', async () => {
    const holder = await workspace.connect()
    const other = await workspace.connect()
    const run = await runningRun(holder)
    const answers = await other.send(runCreate(run), propose(run, 'COMPLETED'), task(run, taskRunId()), log(run, 1))
    expect(answers).toMatchObject(Array.from({ length: 4 }, () => ({ type: 'refused', code: 'stale_lease' })))
    expect(await holder.send(runCreate(run))).toMatchObject([{ type: 'created', epoch: 1, state: { type: 'RUNNING' } }])
  })

  test('[SE13] a lost alarm is set again when the object wakes', async () => {
    const socket = await workspace.connect()
    await runningRun(socket)
    await runInDurableObject(workspace.stub, (_, { storage }) => storage.deleteAlarm())
    await evictDurableObject(workspace.stub)
    await workspace.ok('admin.hello')
    expect(await runInDurableObject(workspace.stub, (_, { storage }) => storage.getAlarm())).toBe(START + LEASE_MS + 1)
  })

  test('[SE14] an alarm that fails is noted and rings again', async () => {
    const socket = await workspace.connect()
    const run = await runningRun(socket)
    socket.close()
    await workspace.sql("UPDATE flow_run SET states = 'broken'")
    pass(LEASE_MS + 1)
    const noted: unknown[] = []
    vi.spyOn(console, 'error').mockImplementation((text) => void noted.push(text))
    await alarm()
    vi.restoreAllMocks()
    expect(noted).toEqual([expect.stringContaining('not valid JSON')])
    expect(await runInDurableObject(workspace.stub, (_, { storage }) => storage.getAlarm())).toBe(clock + 5_000)
    await workspace.sql('DELETE FROM flow_run WHERE id = ?', run)
    pass(5_000)
    await alarm()
    expect(await sessionRows()).toEqual([])
  })
})

describe('cancelling', () => {
  const cancel = (run: FlowRunId) => workspace.ok('flow_runs.set_state', { params: { id: run }, body: { state: { type: 'CANCELLING' } } })

  test('[SE15] the executor is asked at once to stop, and again on every welcome until the run is Cancelled', async () => {
    const socket = await workspace.connect()
    const run = await runningRun(socket)
    await cancel(run)
    expect(await socket.next('cancel')).toEqual({ type: 'cancel', run, epoch: 1 })
    const again = await workspace.connect({ hello: { session: socket.welcome.session } })
    expect(await again.next('cancel')).toEqual({ type: 'cancel', run, epoch: 1 })
    expect(await again.send(propose(run, 'COMPLETED'), propose(run, 'CANCELLED'))).toMatchObject([
      { type: 'verdict', status: 'REJECT', state: { type: 'CANCELLING' } },
      { type: 'verdict', status: 'ACCEPT', state: { type: 'CANCELLED' } },
    ])
    const last = await workspace.connect({ hello: { session: socket.welcome.session } })
    await last.send(log(run, 1))
    expect(last.received.filter(({ type }) => type === 'cancel')).toEqual([])
  })

  test('[SE16] a run that stays Cancelling past its grace is Cancelled by the workspace, and its executor has lost it', async () => {
    const socket = await workspace.connect()
    const run = await runningRun(socket)
    await cancel(run)
    for (let second = 0; second < CANCEL_GRACE_SECONDS; second += CANCEL_GRACE_SECONDS / 2) {
      pass((CANCEL_GRACE_SECONDS / 2) * 1_000 + 1)
      await socket.send(log(run, 1, { first: firstLineOf(1) + second }))
      await alarm()
    }
    expect((await states(run)).at(-1)).toEqual([
      'Cancelled',
      `Cancelled by the workspace: the executor did not end the run within ${CANCEL_GRACE_SECONDS} s.`,
    ])
    expect(await socket.next('lost')).toEqual({
      type: 'lost',
      run,
      epoch: 1,
      reason: expect.stringMatching(/^The run was set to Cancelled: Cancelled by the workspace/),
    })
    expect(await socket.send(propose(run, 'COMPLETED'))).toMatchObject([{ type: 'refused', code: 'stale_lease' }])
  })

  test('[SE17] a cancelled run whose executor dies is Cancelled, not Crashed', async () => {
    const socket = await workspace.connect()
    const run = await runningRun(socket)
    await cancel(run)
    socket.close()
    pass(LEASE_MS + 1)
    await alarm()
    expect(await nameOf(run)).toBe('Cancelled')
  })

  test('[SE18] a held run that somebody ends or deletes is lost to its executor', async () => {
    const socket = await workspace.connect()
    const [ended, deleted] = [await runningRun(socket), await runningRun(socket)]
    await workspace.ok('flow_runs.set_state', { params: { id: ended }, body: { state: { type: 'FAILED' }, force: true } })
    expect(await socket.next('lost')).toEqual({ type: 'lost', run: ended, epoch: 1, reason: 'The run was set to Failed.' })
    await workspace.ok('flow_runs.delete', { params: { id: deleted } })
    expect(await socket.next('lost')).toEqual({ type: 'lost', run: deleted, epoch: 1, reason: 'The run was deleted.' })
    expect(await socket.send(propose(ended, 'COMPLETED'), propose(deleted, 'COMPLETED'))).toMatchObject([
      { code: 'stale_lease' },
      { code: 'not_found' },
    ])
  })
})

test('[SE19] a ping keeps the lease of a sleeping object, in real time', async () => {
  vi.useRealTimers()
  const socket = await workspace.connect()
  const run = await runningRun(socket)
  await evictDurableObject(workspace.stub)
  const until = Date.now() + 2.5 * LEASE_MS
  while (Date.now() < until) {
    await socket.ping()
    await new Promise((settle) => setTimeout(settle, LEASE_MS / 4))
  }
  expect((await states(run)).at(-1)).toEqual(['Running', null])
})

/** What watchers hear: the truth first, then every change, in order, without loss. */
import { evictDurableObject, reset } from 'cloudflare:test'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { FlowRunId } from '#sdk/protocol/ids.ts'
import { MAX_TOPICS_PER_SOCKET } from '#sdk/protocol/limits.ts'
import { firstLineOf } from '#sdk/protocol/log-levels.ts'
import { newWorkspace, type TestSocket, type TestWorkspace } from './harness.ts'
import { flowRunId, log, propose, runCreate, task, taskRunId } from './speakers.ts'

let workspace: TestWorkspace
let executor: TestSocket
let watcher: TestSocket

beforeEach(async () => {
  workspace = await newWorkspace()
  executor = await workspace.connect()
  watcher = await workspace.connect({ hello: { kind: 'page', name: 'watcher' } })
})
afterEach(() => reset())

const topicOf = (run: FlowRunId) => `flow_run:${run}` as const

test('[WS23] a subscription begins with the truth and goes on with changes that are gathered', async () => {
  const [old, run, id] = [flowRunId(), flowRunId(), taskRunId()]
  await executor.send(runCreate(old))
  expect(await watcher.send({ type: 'subscribe', topic: 'flow_runs' })).toEqual([{ type: 'done' }])
  const reset1 = await watcher.next('reset')
  expect(reset1).toMatchObject({
    topic: 'flow_runs',
    boot: watcher.welcome.boot,
    snapshot: { flow_runs: [{ id: old, state_type: 'PENDING' }] },
  })
  await executor.send(runCreate(run), propose(run, 'RUNNING'), task(run, id))
  const event = await watcher.next('event')
  expect(event).toMatchObject({
    topic: 'flow_runs',
    seq: reset1.seq + 1,
    patch: { flow_runs: [{ id: run, state_type: 'RUNNING', flow_name: 'pipeline' }] },
  })
  expect(Object.keys(event.patch)).toEqual(['flow_runs'])
})

test('[WS24] the topic of a run tells of the run, its task runs and its lines', async () => {
  const [run, id, live] = [flowRunId(), taskRunId(), taskRunId()]
  await executor.send(runCreate(run), propose(run, 'RUNNING'), task(run, id), log(run, 2))
  await watcher.send({ type: 'subscribe', topic: topicOf(run) })
  const { snapshot, seq } = await watcher.next('reset')
  expect(snapshot).toMatchObject({
    flow_runs: [{ id: run }],
    task_runs: [{ id, state_type: 'COMPLETED' }],
    logs: [{ message: 'line 0' }, { message: 'line 1' }],
  })
  await executor.send(task(run, live, ['PENDING']), log(run, 1, { first: firstLineOf(1) + 2 }))
  await executor.send(runCreate(flowRunId()))
  expect(await watcher.next('event')).toMatchObject({
    seq: seq + 1,
    patch: { task_runs: [{ id: live }], logs: [{ message: 'line 0', flow_run_id: run }] },
  })
  await workspace.ok('task_runs.delete', { params: { id: live } })
  expect(await watcher.next('event')).toMatchObject({ seq: seq + 2, patch: { deleted: [live] } })
  await workspace.ok('flow_runs.delete', { params: { id: run } })
  expect(await watcher.next('event')).toMatchObject({ seq: seq + 3, patch: { deleted: [run] } })
  expect(watcher.received.filter(({ type }) => type === 'event').length).toBe(3)
})

test('[WS39] the topic of a task run outside flows tells of it and of its lines; of one in a flow run its run alone tells', async () => {
  const [id, run, inside] = [taskRunId(), flowRunId(), taskRunId()]
  await executor.send(task(null, id, ['PENDING', 'RUNNING']), log(null, 1, { task: id }))
  await executor.send(runCreate(run), propose(run, 'RUNNING'), task(run, inside), log(run, 1))
  await watcher.send({ type: 'subscribe', topic: `task_run:${id}` }, { type: 'subscribe', topic: `task_run:${inside}` })
  const { snapshot, seq } = await watcher.next('reset')
  expect(snapshot).toMatchObject({
    task_runs: [{ id, state_type: 'RUNNING', flow_run_id: null }],
    logs: [{ message: 'line 0', task_run_id: id }],
  })
  expect((await watcher.next('reset')).snapshot).toEqual({ task_runs: [], logs: [] })
  await executor.send(
    task(null, id, ['COMPLETED'], { from: 2 }),
    log(null, 1, { task: id, first: firstLineOf(0) + 1 }),
    task(run, inside, ['COMPLETED'], { from: 3 }),
  )
  expect(await watcher.next('event')).toMatchObject({
    topic: `task_run:${id}`,
    seq: seq + 1,
    patch: { task_runs: [{ id, state_type: 'COMPLETED' }], logs: [{ message: 'line 0', task_run_id: id }] },
  })
  await workspace.ok('task_runs.delete', { params: { id } })
  expect(await watcher.next('event')).toMatchObject({ seq: seq + 2, patch: { deleted: [id] } })
  expect(watcher.received.filter(({ type }) => type === 'event').length).toBe(2)
})

test('[WS25] who comes back with boot and number hears what it missed; who missed too much or another boot hears the truth', async () => {
  await watcher.send({ type: 'subscribe', topic: 'flow_runs' })
  const { boot, seq } = await watcher.next('reset')
  const [first, second] = [flowRunId(), flowRunId()]
  await executor.send(runCreate(first))
  await watcher.next('event')
  await executor.send(runCreate(second))
  await watcher.next('event')
  const back = await workspace.connect()
  await back.send({ type: 'subscribe', topic: 'flow_runs', boot, seq: seq + 1 })
  expect(await back.next('event')).toMatchObject({ seq: seq + 2, patch: { flow_runs: [{ id: second }] } })
  expect(back.received.map(({ type }) => type)).toEqual(['welcome', 'ack', 'event'])
  for (const [otherBoot, otherSeq] of [
    ['another', seq + 2],
    [boot, seq + 9],
    [boot, 0],
  ] as const) {
    const stranger = await workspace.connect()
    await stranger.send({ type: 'subscribe', topic: 'flow_runs', boot: otherBoot, seq: otherSeq })
    expect((await stranger.next('reset')).snapshot.flow_runs?.length).toBe(2)
  }
})

test('[WS26] after the object slept its watchers hear the truth at the first change, and go on from there', async () => {
  await watcher.send({ type: 'subscribe', topic: 'flow_runs' })
  const { boot } = await watcher.next('reset')
  await evictDurableObject(workspace.stub)
  const run = flowRunId()
  await executor.send(runCreate(run))
  const reset2 = await watcher.next('reset')
  expect(reset2.boot).not.toBe(boot)
  expect(reset2.snapshot.flow_runs).toMatchObject([{ id: run }])
  await executor.send(propose(run, 'RUNNING'))
  expect(await watcher.next('event')).toMatchObject({
    boot: reset2.boot,
    seq: reset2.seq + 1,
    patch: { flow_runs: [{ id: run, state_type: 'RUNNING' }] },
  })
})

test('[WS27] who leaves a topic hears no more of it; a socket watches a bounded number', async () => {
  await watcher.send({ type: 'subscribe', topic: 'flow_runs' }, { type: 'unsubscribe', topic: 'flow_runs' })
  await executor.send(runCreate(flowRunId()))
  const topics = Array.from({ length: MAX_TOPICS_PER_SOCKET + 1 }, () => ({ type: 'subscribe', topic: topicOf(flowRunId()) }) as const)
  const answers = await watcher.send(...topics)
  expect(answers.map(({ type }) => type)).toEqual([...Array.from({ length: MAX_TOPICS_PER_SOCKET }, () => 'done'), 'refused'])
  expect(watcher.received.filter(({ type }) => type === 'event')).toEqual([])
})

test('[WS34] events are kept up to a size: who missed more hears the truth', async () => {
  await watcher.send({ type: 'subscribe', topic: 'flow_runs' })
  const { boot, seq } = await watcher.next('reset')
  const parameters = { text: 'x'.repeat(400_000) }
  for (let count = 1; count <= 6; count++) {
    await executor.send(runCreate(flowRunId(), { parameters }))
    await watcher.next('event')
  }
  const [back, late] = [await workspace.connect(), await workspace.connect()]
  await back.send({ type: 'subscribe', topic: 'flow_runs', boot, seq: seq + 4 })
  expect([(await back.next('event')).seq, (await back.next('event')).seq]).toEqual([seq + 5, seq + 6])
  await late.send({ type: 'subscribe', topic: 'flow_runs', boot, seq })
  expect((await late.next('reset')).seq).toBe(seq + 6)
})

test('[WS28] more changes than an event bears become the truth', async () => {
  const run = flowRunId()
  await executor.send(runCreate(run))
  await watcher.send({ type: 'subscribe', topic: topicOf(run) })
  const { seq } = await watcher.next('reset')
  await executor.send(log(run, 2_500))
  const after = await watcher.next('reset')
  expect([after.seq, after.snapshot.logs?.length]).toEqual([seq + 1, 1_000])
  expect(after.snapshot.logs?.at(-1)).toMatchObject({ message: 'line 2499' })
})

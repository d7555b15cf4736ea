import { expect, test } from 'vitest'
import { generateRunName, RUN_NAME_COUNT } from '#sdk/machine/names.ts'
import { always, flowRun, FLOW_RUN_ID, seeded, SESSION_ID, T0, taskRun, TASK_RUN_ID } from './fixtures.ts'

test('[SM80] a new flow run has every default', () => {
  expect(flowRun()).toEqual({
    id: FLOW_RUN_ID,
    created: T0,
    updated: T0,
    name: 'thundering-goshawk',
    flow_id: '019aa000-0000-7000-8000-000000f10000',
    deployment_id: null,
    flow_version: null,
    parameters: {},
    idempotency_key: null,
    context: {},
    empirical_policy: {},
    tags: [],
    labels: {},
    parent_task_run_id: null,
    auto_scheduled: false,
    infrastructure_pid: null,
    job_variables: null,
    created_by: null,
    session_id: null,
    epoch: 0,
    states: [],
    run_count: 0,
    expected_start_time: null,
    next_scheduled_start_time: null,
    start_time: null,
    end_time: null,
    total_run_micros: 0,
  })
})

test('[SM81] a new task run has every default', () => {
  expect(taskRun()).toEqual({
    id: TASK_RUN_ID,
    created: T0,
    updated: T0,
    name: 'x-0',
    flow_run_id: FLOW_RUN_ID,
    task_key: 'x',
    dynamic_key: '0',
    cache_key: null,
    cache_expiration: null,
    task_version: null,
    empirical_policy: {},
    tags: [],
    labels: {},
    task_inputs: {},
    flow_run_run_count: 0,
    states: [],
    run_count: 0,
    expected_start_time: null,
    next_scheduled_start_time: null,
    start_time: null,
    end_time: null,
    total_run_micros: 0,
  })
})

test('[SM82] a run that is held from the start has epoch 1; what is given is kept, tags are a set', () => {
  expect(flowRun({ session_id: SESSION_ID, created: T0 - 5, tags: ['b', 'a', 'b'], parameters: { x: 1 } })).toMatchObject({
    epoch: 1,
    session_id: SESSION_ID,
    created: T0 - 5,
    updated: T0,
    tags: ['b', 'a'],
    parameters: { x: 1 },
  })
  expect(flowRun({ session_id: SESSION_ID, epoch: 7 }).epoch).toBe(7)
})

test('[SM83] run names are an adjective and an animal out of at least 40,000', () => {
  expect(RUN_NAME_COUNT).toBeGreaterThanOrEqual(40_000)
  const random = seeded(3)
  const names = Array.from({ length: 20_000 }, () => generateRunName(random))
  expect(names.filter((name) => !/^[a-z]{3,14}-[a-z]{2,16}$/.test(name))).toEqual([])
  expect(new Set(names.map((name) => name.split('-')[0])).size).toBeGreaterThanOrEqual(200)
  expect(new Set(names.map((name) => name.split('-')[1])).size).toBeGreaterThanOrEqual(200)
  expect([generateRunName(always(0)), generateRunName(always(1 - 2 ** -32))]).toEqual(['able-aardvark', 'zippy-zebra'])
})

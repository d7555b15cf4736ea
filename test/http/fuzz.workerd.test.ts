import { reset } from 'cloudflare:test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PROBLEM_STATUS } from '#sdk/protocol/errors.ts'
import type { OpenApiDocument } from '../../worker/http/openapi.ts'
import { createWorkspace, type Client } from './client.workerd.ts'
import { Fuzz } from './fuzz.workerd.ts'

const SEEDS = [1, 2, 3, 4]
const REQUESTS_PER_SEED = 500
const STATUSES: readonly number[] = Object.values(PROBLEM_STATUS).filter((status) => status < 500)

let workspace: Client
let document: OpenApiDocument
let known: string[]

beforeAll(async () => {
  workspace = await createWorkspace()
  document = await (await workspace.api('/openapi.json')).json()
  const made = async (path: string, json: unknown) => (await (await workspace.api(path, { json })).json<{ id: string }>()).id
  const flow = await made('/flows/', { name: 'pipeline' })
  const run = await made('/flow_runs/', { flow_id: flow, state: { type: 'PENDING' } })
  const task = await made('/task_runs/', { flow_run_id: run, task_key: 'load', dynamic_key: '0', state: { type: 'PENDING' } })
  known = [flow, run, task, run.toUpperCase()]
})
afterAll(() => reset())

test.each(SEEDS)(
  '[HT21] 500 random requests of seed %i get answers of the API: no 5xx, no stack, a problem for every refusal',
  { timeout: 60_000 },
  async (seed) => {
    const fuzz = new Fuzz(document, known, seed)
    const faults: string[] = []
    let accepted = 0
    for (let count = 0; count < REQUESTS_PER_SEED; count++) {
      const { operation, path, ...request } = fuzz.next()
      const response = await workspace.api(path, request)
      const text = await response.text()
      if (response.ok || response.status === 101) accepted++
      else if (
        !STATUSES.includes(response.status) ||
        response.headers.get('content-type') !== 'application/problem+json' ||
        /\n\s+at |SQLITE|Error:/.test(text)
      ) {
        faults.push(`${operation}: ${JSON.stringify({ path, ...request }).slice(0, 600)} → ${response.status} ${text.slice(0, 300)}`)
      }
    }
    expect(faults).toEqual([])
    // A fuzz that is always turned away at the door tests the door only.
    expect(accepted).toBeGreaterThan(REQUESTS_PER_SEED / 4)
  },
)

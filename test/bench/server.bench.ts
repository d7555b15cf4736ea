/** What a workspace takes through the local server, from another process on the same machine. */
import { Agent, request } from 'node:http'
import { runScript } from '../hosts/scripts.ts'
import { createEngine } from '#sdk/engine/engine.ts'
import { nodeHost } from '#sdk/hosts/node.ts'
import type { Item } from '#sdk/protocol/frames.ts'
import { PROTOCOL_VERSION } from '#sdk/protocol/wire.ts'
import { mintFlowRunId, mintTransitionId } from '#sdk/protocol/mint.ts'
import { freshFolder, launch } from '../support/server.ts'
import { median, type Bench, type Row } from './row.ts'

const SOCKET_RUNS = 10_000
const RUNS_PER_FRAME = 100
const FRAMES_IN_FLIGHT = 8
const HTTP_RUNS = 600
const HTTP_SENDERS = 16
const RUNS_ALONE = 200
const MAPPED_TASKS = 10_000

interface Target {
  readonly api_url: string
  readonly token: string
}

export const bench: Bench = {
  title: 'runs through the local server',
  run: async () => {
    using folder = freshFolder()
    const server = await launch(folder.path)
    try {
      const target = server.note
      const health = await perSecond(HTTP_RUNS * 3, HTTP_SENDERS, (agent) => ask(target, agent, 'GET', '/health'))
      await overSocket(target, RUNS_PER_FRAME * FRAMES_IN_FLIGHT)
      const socket = await overSocket(target, SOCKET_RUNS)
      const http = await overHttp(target)
      const alone = await runsAlone(target)
      const megabytes = await memoryOfMappedTasks(target)
      const rows: readonly Row[] = [
        {
          what: 'runs a second, created to completed, one socket',
          ours: socket,
          beside: 'limit',
          reference: 2_000,
          unit: '/s',
          better: 'more',
        },
        { what: 'runs a second, three calls each', ours: http, beside: 'limit', reference: 300, unit: '/s', better: 'more' },
        {
          what: 'calls of these a second',
          ours: http * 3,
          beside: 'GET /health, which wakes nothing',
          reference: health,
          unit: '/s',
          better: 'more',
        },
        {
          what: 'one whole run of the engine, alone (p50)',
          ours: median(alone),
          beside: 'limit',
          reference: 10,
          unit: 'ms',
          better: 'less',
        },
        {
          what: `resident memory of a script that maps ${MAPPED_TASKS} tasks, from source`,
          ours: megabytes,
          beside: 'limit',
          reference: 200,
          unit: 'MB',
          better: 'less',
        },
      ]
      return rows
    } finally {
      await server.stop()
    }
  },
}

const now = () => Math.round((performance.timeOrigin + performance.now()) * 1_000)

function itemsOfRun(): Item[] {
  const at = now()
  const id = mintFlowRunId(at, Math.random)
  const propose = (type: 'RUNNING' | 'COMPLETED'): Item => ({
    type: 'run.propose',
    run: id,
    epoch: 1,
    transition_id: mintTransitionId(at, Math.random),
    state: { type },
  })
  return [
    { type: 'run.create', id, created: at, flow: { name: 'bench' }, name: 'bench-run', parameters: {} },
    propose('RUNNING'),
    propose('COMPLETED'),
  ]
}

/** Runs a second: frames of 100 whole runs, each frame acked when it is durable. */
async function overSocket({ api_url, token }: Target, runs: number): Promise<number> {
  const socket = new WebSocket(`${api_url.replace('http', 'ws')}/live`, ['flowcell', `token.${token}`])
  const done = Promise.withResolvers<void>()
  let sent = 0
  let acked = 0
  const send = () => {
    const items = Array.from({ length: RUNS_PER_FRAME }, itemsOfRun).flat()
    sent += RUNS_PER_FRAME
    socket.send(JSON.stringify({ type: 'frame', n: sent / RUNS_PER_FRAME, items }))
  }
  let began = 0
  socket.addEventListener('open', () =>
    socket.send(JSON.stringify({ type: 'hello', protocol: PROTOCOL_VERSION, kind: 'script', name: 'bench' })),
  )
  socket.addEventListener('close', ({ code, reason }) => done.reject(new Error(`the socket was closed: ${code} ${reason}`)))
  socket.addEventListener('message', ({ data }) => {
    const frame: { type: string; answers?: readonly { type: string; status?: string }[] } = JSON.parse(String(data))
    if (frame.type === 'welcome') {
      began = performance.now()
      for (let i = 0; i < FRAMES_IN_FLIGHT; i++) send()
    } else if (frame.type === 'ack') {
      const refused = frame.answers?.find(
        (answer) => answer.type === 'refused' || (answer.type === 'verdict' && answer.status !== 'ACCEPT'),
      )
      if (refused !== undefined) return done.reject(new Error(`not accepted: ${JSON.stringify(refused)}`))
      acked += RUNS_PER_FRAME
      if (acked >= runs) done.resolve()
      else if (sent < runs) send()
    }
  })
  await done.promise
  const took = performance.now() - began
  socket.close()
  return (runs * 1_000) / took
}

/** Runs a second: three calls each, one after the other, by 16 senders. */
async function overHttp(target: Target): Promise<number> {
  const flow: { id: string } = JSON.parse(await ask(target, undefined, 'POST', '/flows/', { name: 'bench-http' }))
  return perSecond(HTTP_RUNS, HTTP_SENDERS, async (agent) => {
    const run: { id: string } = JSON.parse(
      await ask(target, agent, 'POST', '/flow_runs/', { flow_id: flow.id, state: { type: 'PENDING' } }),
    )
    for (const type of ['RUNNING', 'COMPLETED']) {
      const { status }: { status: string } = JSON.parse(
        await ask(target, agent, 'POST', `/flow_runs/${run.id}/set_state`, { state: { type } }),
      )
      if (status !== 'ACCEPT') throw new Error(`${type} was not accepted: ${status}`)
    }
  })
}

async function perSecond(times: number, senders: number, once: (agent: Agent) => Promise<unknown>): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: senders })
  let left = times
  const began = performance.now()
  await Promise.all(
    Array.from({ length: senders }, async () => {
      while (left-- > 0) await once(agent)
    }),
  )
  const took = performance.now() - began
  agent.destroy()
  return (times * 1_000) / took
}

/** Milliseconds of each run of a flow with one task, from the call to the value, nothing else going on. */
async function runsAlone({ api_url, token }: Target): Promise<number[]> {
  const environment = { FLOWCELL_API_URL: api_url, FLOWCELL_API_KEY: token, FLOWCELL_LOGGING_LEVEL: 'CRITICAL' }
  const { flow, task } = createEngine(nodeHost({ environment }))
  const one = task(async (x: number) => x, { name: 'one' })
  const whole = flow((x: number) => one(x), { name: 'alone' })
  await whole(0)
  const times: number[] = []
  for (let i = 0; i < RUNS_ALONE; i++) {
    const began = performance.now()
    await whole(i)
    times.push(performance.now() - began)
  }
  return times
}

/** The most that a script of its own process ever held. */
async function memoryOfMappedTasks({ api_url, token }: Target): Promise<number> {
  const script = `const id = task(async function id(x: number) { return x })
const numbers = Array.from({ length: ${MAPPED_TASKS} }, (_, n) => n)
await flow(async function mapped() { return (await id.map(numbers).result()).length })()
console.log(process.resourceUsage().maxRSS)`
  const environment = { FLOWCELL_API_URL: api_url, FLOWCELL_API_KEY: token, FLOWCELL_LOGGING_LEVEL: 'WARNING' }
  const { code, stdout } = await runScript(script, environment).ended
  if (code !== 0) throw new Error(`the script with mapped tasks ended with ${code}`)
  return Number(stdout) / 1_024
}

function ask({ api_url, token }: Target, agent: Agent | undefined, method: string, path: string, body?: unknown): Promise<string> {
  return new Promise((settle, fail) => {
    const headers = { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }
    const call = request(`${api_url}${path}`, { method, headers, agent }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => (text += part))
      response.on('error', fail).on('end', () => {
        if ((response.statusCode ?? 500) < 300) settle(text)
        else fail(new Error(`${method} ${path}: ${response.statusCode} ${text}`))
      })
    })
    call.on('error', fail).end(body === undefined ? undefined : JSON.stringify(body))
  })
}

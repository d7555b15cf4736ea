/**
 * Makes flow runs in a workspace, for tests and benches of pages: real ones by the engine, and large ones by the frames that an engine would send.
 */
import { createEngine } from '#sdk/engine/engine.ts'
import { nodeHost } from '#sdk/hosts/node.ts'
import type { Ack, Item, Welcome } from '#sdk/protocol/frames.ts'
import type { FlowRunId, TaskRunId } from '#sdk/protocol/ids.ts'
import { mintFlowRunId, mintTaskRunId, mintTransitionId, stateIdOf } from '#sdk/protocol/mint.ts'
import { firstLineOf } from '#sdk/protocol/log-levels.ts'
import type { State, StateType } from '#sdk/protocol/states.ts'
import { PROTOCOL_VERSION } from '#sdk/protocol/wire.ts'

export interface Target {
  readonly api_url: string
  readonly token: string
}

/** An engine of this process that runs over the workspace. */
export function engineOver({ api_url, token }: Target) {
  return createEngine(nodeHost({ environment: { FLOWCELL_API_URL: api_url, FLOWCELL_API_KEY: token, FLOWCELL_LOGGING_LEVEL: 'INFO' } }))
}

/** A socket that sends frames and waits for each. */
export class Speaker {
  readonly #socket: WebSocket
  readonly #waiting = new Map<number, (ack: Ack) => void>()
  #frame = 0

  private constructor(socket: WebSocket) {
    this.#socket = socket
  }

  static async open({ api_url, token }: Target): Promise<Speaker> {
    const socket = new WebSocket(`${api_url.replace('http', 'ws')}/live`, ['flowcell', `token.${token}`])
    const speaker = new Speaker(socket)
    const welcomed = Promise.withResolvers<Welcome>()
    socket.addEventListener('message', ({ data }) => {
      const frame: { readonly type: string } = JSON.parse(String(data))
      if (frame.type === 'welcome') welcomed.resolve(frame as Welcome)
      if (frame.type === 'ack') speaker.#waiting.get((frame as Ack).n)?.(frame as Ack)
    })
    socket.addEventListener('close', ({ code, reason }) => welcomed.reject(new Error(`the socket was closed: ${code} ${reason}`)))
    socket.addEventListener('open', () =>
      socket.send(JSON.stringify({ type: 'hello', protocol: PROTOCOL_VERSION, kind: 'script', name: 'test' })),
    )
    await welcomed.promise
    return speaker
  }

  async send(...items: readonly Item[]): Promise<void> {
    const n = ++this.#frame
    const answered = new Promise<Ack>((settle) => this.#waiting.set(n, settle))
    this.#socket.send(JSON.stringify({ type: 'frame', n, items }))
    const { answers } = await answered
    const refused = answers.find(({ type }) => type === 'refused')
    if (refused !== undefined) throw new Error(`refused: ${JSON.stringify(refused)}`)
  }

  close(): void {
    this.#socket.close()
  }
}

const MICROS = 1_000_000
const TASKS_PER_FRAME = 1_000
const LINES_PER_FRAME = 2_000

interface Large {
  readonly flow?: string
  readonly name?: string
  readonly tasks: number
  readonly lines: number
  /** Microseconds. */
  readonly began?: number
}

/** A completed flow run with many task runs, a tenth of them failed once, and many lines. */
export async function makeLargeRun(
  target: Target,
  { flow = 'large', name = 'enormous-elephant', tasks, lines, began = Date.now() * 1_000 - 60 * MICROS }: Large,
): Promise<FlowRunId> {
  const speaker = await Speaker.open(target)
  const run = mintFlowRunId(began, Math.random)
  await speaker.send({ type: 'run.create', id: run, created: began, flow: { name: flow }, name, parameters: {} }, proposal(run, 'RUNNING'))
  const ids: TaskRunId[] = []
  for (let from = 0; from < tasks; from += TASKS_PER_FRAME) {
    const part = Array.from({ length: Math.min(TASKS_PER_FRAME, tasks - from) }, (_, at) =>
      taskItem(run, from + at, began + (from + at) * 5_000),
    )
    ids.push(...part.map(({ id }) => id))
    await speaker.send(...part)
  }
  for (let from = 0; from < lines; from += LINES_PER_FRAME) {
    const part = Array.from({ length: Math.min(LINES_PER_FRAME, lines - from) }, (_, at) =>
      logLine(from + at, began + (from + at) * 500, ids),
    )
    await speaker.send({ type: 'log', run, epoch: 1, first: firstLineOf(1) + from, lines: part })
  }
  await speaker.send(proposal(run, 'COMPLETED'))
  speaker.close()
  return run
}

const FLOWS_PER_FRAME = 200

/** So many flows, each with one completed run: `flow-0` and so on, the later ones ran later. */
export async function makeManyFlows(target: Target, count: number): Promise<void> {
  const speaker = await Speaker.open(target)
  const began = Date.now() * 1_000 - count * 1_000
  for (let from = 0; from < count; from += FLOWS_PER_FRAME) {
    const items = Array.from({ length: Math.min(FLOWS_PER_FRAME, count - from) }, (_, at): readonly Item[] => {
      const created = began + (from + at) * 1_000
      const id = mintFlowRunId(created, Math.random)
      const create: Item = {
        type: 'run.create',
        id,
        created,
        flow: { name: `flow-${from + at}` },
        name: `run-${from + at}`,
        parameters: {},
      }
      return [create, proposal(id, 'RUNNING'), proposal(id, 'COMPLETED')]
    })
    await speaker.send(...items.flat())
  }
  speaker.close()
}

const proposal = (run: FlowRunId, type: StateType): Item => ({
  type: 'run.propose',
  run,
  epoch: 1,
  transition_id: mintTransitionId(Date.now() * 1_000, Math.random),
  state: { type },
})

function taskItem(run: FlowRunId, index: number, at: number): Extract<Item, { type: 'task' }> {
  const id = mintTaskRunId(at, Math.random)
  const isRetried = index % 10 === 3
  const life: readonly (readonly [StateType, string, number])[] = isRetried
    ? [
        ['PENDING', 'Pending', 0],
        ['RUNNING', 'Running', 1_000],
        ['SCHEDULED', 'AwaitingRetry', 30_000],
        ['RUNNING', 'Retrying', 80_000],
        ['COMPLETED', 'Completed', 120_000],
      ]
    : [
        ['PENDING', 'Pending', 0],
        ['RUNNING', 'Running', 1_000],
        ['COMPLETED', 'Completed', 60_000],
      ]
  const states: readonly State[] = life.map(([type, name, after], n) => ({
    id: stateIdOf(id, n + 1, at, Math.random),
    type,
    name,
    timestamp: at + after,
    message: name === 'AwaitingRetry' ? 'Error: GitHub answered 502' : null,
    state_details: {},
  }))
  const key = index % 2 === 0 ? 'fetchStats' : 'getStars'
  return {
    type: 'task',
    run,
    epoch: 1,
    id,
    from: 0,
    states,
    create: { created: at, name: `${key}-${index}`, task_key: key, dynamic_key: String(index) },
  }
}

function logLine(index: number, t: number, tasks: readonly TaskRunId[]) {
  const k = tasks[index % (tasks.length + 1)]
  const l = index % 100 === 99 ? 40 : index % 20 === 19 ? 30 : 20
  return {
    t,
    l,
    m: `Row ${index}: fetched ${(index * 37) % 1_000} stars of a repository with a name`,
    n: 'flowcell.task_runs',
    ...(k !== undefined && { k }),
  }
}

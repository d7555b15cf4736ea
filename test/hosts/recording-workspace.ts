/** A workspace over a real socket that accepts everything and remembers it. */
import type { Item, ItemAnswer } from '#sdk/protocol/frames.ts'
import { PROTOCOL_VERSION } from '#sdk/protocol/wire.ts'
import { FlowId, StateId } from '#sdk/protocol/ids.ts'
import type { State, StateProposal } from '#sdk/protocol/states.ts'
import { SESSION, welcome } from '../client/fake-workspace.ts'
import { socketServer, type Peer, type SocketServer } from '../support/websocket-server.ts'

export interface RecordingWorkspace {
  readonly apiUrl: string
  readonly items: Item[]
  readonly frames: (readonly Item[])[]
  readonly peers: Peer[]
  readonly pings: number[]
  /** Resolves at the first item for which this holds. */
  until(holds: (item: Item) => boolean): Promise<Item>
  /** Resolves when so many greetings have been answered. */
  connected(count: number): Promise<void>
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

const stateOf = (state: StateProposal): State => ({
  id: StateId.parse('0198c0de-0000-7000-8000-000000010001'),
  type: state.type,
  name: state.name ?? state.type,
  timestamp: 1,
  message: state.message ?? null,
  state_details: {},
})

function answerTo(item: Item): ItemAnswer {
  if (item.type === 'run.propose') return { type: 'verdict', status: 'ACCEPT', state: stateOf(item.state), run_count: 1 }
  if (item.type !== 'run.create') return { type: 'done' }
  const flow_id = FlowId.parse('0198c0de-0000-7000-8000-0000000f0000')
  return { type: 'created', epoch: 1, flow_id, name: item.name, state: stateOf({ type: 'PENDING' }) }
}

export async function recordingWorkspace({ pingSeconds = 10, port = 0 } = {}): Promise<RecordingWorkspace> {
  const items: Item[] = []
  const frames: (readonly Item[])[] = []
  const peers: Peer[] = []
  const pings: number[] = []
  const greetings: Peer[] = []
  const expected: { readonly count: number; met(): void }[] = []
  const connected = (count: number): Promise<void> =>
    count <= greetings.length ? Promise.resolve() : new Promise((met) => expected.push({ count, met }))
  const waiting: { holds(item: Item): boolean; found(item: Item): void }[] = []
  const server: SocketServer = await socketServer((peer) => {
    peers.push(peer)
    return {
      text: (text) => {
        if (text === 'ping') {
          pings.push(performance.now())
          return peer.send('pong')
        }
        const up: { type: 'hello' } | { type: 'frame'; n: number; items: Item[] } = JSON.parse(text)
        if (up.type === 'hello') {
          greetings.push(peer)
          for (const waiter of expected) if (waiter.count <= greetings.length) waiter.met()
          return peer.send(JSON.stringify({ ...welcome(SESSION), protocol: PROTOCOL_VERSION, ping_seconds: pingSeconds }))
        }
        items.push(...up.items)
        frames.push(up.items)
        for (const item of up.items) for (const waiter of waiting) if (waiter.holds(item)) waiter.found(item)
        peer.send(JSON.stringify({ type: 'ack', n: up.n, answers: up.items.map(answerTo) }))
      },
    }
  }, port)
  const until = (holds: (item: Item) => boolean): Promise<Item> => {
    const already = items.find(holds)
    return already === undefined ? new Promise((found) => waiting.push({ holds, found })) : Promise.resolve(already)
  }
  return {
    apiUrl: `http://127.0.0.1:${server.port}/w/abc/api`,
    items,
    frames,
    peers,
    pings,
    until,
    connected,
    [Symbol.asyncDispose]: server[Symbol.asyncDispose],
  }
}

/** A workspace inside workerd, asked at the object's own level: operations by RPC, frames over its socket. */
import { env } from 'cloudflare:workers'
import { runInDurableObject } from 'cloudflare:test'
import type { Ack, DownFrame, Hello, Item, ItemAnswer, Welcome } from '#sdk/protocol/frames.ts'
import { PROTOCOL_VERSION } from '#sdk/protocol/wire.ts'
import type { Operation } from '#sdk/protocol/operation.ts'
import { OPERATIONS, type OperationId, type OperationRequest } from '#sdk/protocol/operations.ts'
import { CALLER_HEADER, type Caller, type Outcome } from '../../worker/workspace/contract.ts'
import type { Workspace } from '../../worker/workspace/workspace.ts'

export type Stub = DurableObjectStub<Workspace>

export const OWNER: Caller = { kind: 'token', hash: 'a'.repeat(64) }
export const OWNER_LINK: Caller = { kind: 'link', hash: 'b'.repeat(64) }
export const NOBODY: Caller = { kind: 'none', hash: '' }

export interface TestWorkspace {
  readonly id: string
  readonly stub: Stub
  call<Id extends OperationId>(operation: Id, request?: Partial<OperationRequest<Id>>, options?: CallOptions): Promise<Outcome>
  /** As {@link call}, for what must go well: answers the output. */
  ok<T = unknown>(operation: OperationId, request?: Partial<OperationRequest<OperationId>>, options?: CallOptions): Promise<T>
  connect(options?: ConnectOptions): Promise<TestSocket>
  /** Runs SQL in the object's database. */
  sql(query: string, ...bindings: (string | number | null)[]): Promise<Record<string, unknown>[]>
}

export interface CallOptions {
  readonly caller?: Caller
  readonly idempotencyKey?: string
}

/** The object of that name, created or not. */
export function stubOf(id: string): Stub {
  return env.WORKSPACE.getByName(id)
}

let count = 0

export async function newWorkspace(): Promise<TestWorkspace> {
  count += 1
  const id = `test${String(count).padStart(16, 'a')}`
  await stubOf(id).create({ id, name: 'Test', ownerTokenHash: OWNER.hash, ownerLinkHash: OWNER_LINK.hash })
  return attach(id)
}

export function attach(id: string): TestWorkspace {
  const stub = stubOf(id)
  const call: TestWorkspace['call'] = async (operation, request = {}, { caller = OWNER, idempotencyKey } = {}) => {
    const input = decode(OPERATIONS[operation], request)
    const key = idempotencyKey === undefined ? {} : { idempotencyKey }
    return (await stub.perform({ operation, caller, ...input, ...key })) as Outcome // plain data over RPC
  }
  return {
    id,
    stub,
    call,
    async ok<T>(operation: OperationId, request?: Partial<OperationRequest<OperationId>>, options?: CallOptions) {
      const outcome = await call(operation, request, options)
      if (!outcome.ok) throw new Error(`${operation}: ${outcome.problem.code}: ${outcome.problem.detail}`)
      return outcome.output as T // the caller names what the operation answers
    },
    connect: (options) => connect(stub, options),
    sql: (query, ...bindings) => runInDurableObject(stub, (_, state) => state.storage.sql.exec(query, ...bindings).toArray()),
  }
}

/** As the Worker does: by the operation's schemas, so that defaults are there. */
function decode(operation: Operation, request: { readonly params?: unknown; readonly query?: unknown; readonly body?: unknown }) {
  return {
    params: operation.params?.parse(request.params ?? {}),
    query: operation.query?.parse(request.query ?? {}),
    body: operation.body?.parse(request.body ?? {}),
  }
}

export interface ConnectOptions {
  readonly caller?: Caller
  readonly hello?: Partial<Hello>
}

export interface RawSocket {
  readonly socket: WebSocket
  /** Everything that came, oldest first. */
  readonly received: readonly DownFrame[]
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>
  raw(text: string | ArrayBuffer): void
  /** Sends items as the next frame; answers its ack. */
  send(...items: readonly Item[]): Promise<readonly ItemAnswer[]>
  /** The next frame of that type that was not taken yet. */
  next<T extends DownFrame['type']>(type: T): Promise<Extract<DownFrame, { type: T }>>
  /** Sends `ping` and waits for `pong`. */
  ping(): Promise<void>
  close(): void
}
export interface TestSocket extends RawSocket {
  readonly welcome: Welcome
}

/** The upgrade's answer, whatever it is. */
export function upgrade(stub: Stub, caller: Caller): Promise<Response> {
  return stub.fetch('http://workspace/live', { headers: { upgrade: 'websocket', [CALLER_HEADER]: JSON.stringify(caller) } })
}

/** A socket that has not said hello. */
export async function openSocket(stub: Stub, caller: Caller = OWNER): Promise<RawSocket> {
  const response = await upgrade(stub, caller)
  const { webSocket: socket } = response
  if (!socket) throw new Error(`no socket: ${response.status} ${await response.text()}`)
  const received: DownFrame[] = []
  const taken = new Set<DownFrame>()
  const waiting = new Set<() => void>()
  const pongs: (() => void)[] = []
  socket.addEventListener('message', ({ data }) => {
    if (data === 'pong') return pongs.shift()?.()
    received.push(JSON.parse(String(data)) as DownFrame) // what the object says is judged by the tests
    for (const look of waiting) look()
  })
  const closed = new Promise<{ code: number; reason: string }>((settle) => {
    socket.addEventListener('close', ({ code, reason }) => settle({ code, reason }))
  })
  socket.accept()
  const nextWhere = <T extends DownFrame>(is: (frame: DownFrame) => frame is T): Promise<T> =>
    new Promise((settle) => {
      const look = (): void => {
        const found = received.find((frame): frame is T => !taken.has(frame) && is(frame))
        if (found === undefined) return
        taken.add(found)
        waiting.delete(look)
        settle(found)
      }
      waiting.add(look)
      look()
    })
  let n = 0
  return {
    socket,
    received,
    closed,
    raw: (text) => socket.send(text),
    next: <T extends DownFrame['type']>(type: T) => nextWhere((frame): frame is Extract<DownFrame, { type: T }> => frame.type === type),
    async send(...items) {
      n += 1
      const frame = n
      socket.send(JSON.stringify({ type: 'frame', n: frame, items }))
      const ack = await nextWhere((down): down is Ack => down.type === 'ack' && down.n === frame)
      return ack.answers
    },
    ping: () =>
      new Promise((settle) => {
        pongs.push(settle)
        socket.send('ping')
      }),
    close: () => socket.close(1000, 'done'),
  }
}

async function connect(stub: Stub, { caller = OWNER, hello = {} }: ConnectOptions = {}): Promise<TestSocket> {
  const socket = await openSocket(stub, caller)
  socket.raw(JSON.stringify({ type: 'hello', protocol: PROTOCOL_VERSION, kind: 'script', name: 'test', ...hello }))
  return { ...socket, welcome: await socket.next('welcome') }
}

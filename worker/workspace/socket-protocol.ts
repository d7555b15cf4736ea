/**
 * The live socket: hello, frames of items, acks.
 *
 * 1. One frame is one commit; its items are judged one by one, so a bad one is refused and does not take the others with it.
 * 2. Nothing that comes over the socket throws: what cannot be understood is answered `problem`.
 * 3. A frame that skips a number is refused whole; one that was seen before is performed again, which changes nothing.
 */
import { problem, ProblemError, type Problem } from '#sdk/protocol/errors.ts'
import {
  FrameEnvelope,
  Hello,
  Item,
  type Ack,
  type DownFrame,
  type ItemAnswer,
  type SubscribeItem,
  type Topic,
  type UnsubscribeItem,
  type Welcome,
} from '#sdk/protocol/frames.ts'
import { CLOSE_CODES, PROTOCOL_VERSION } from '#sdk/protocol/wire.ts'
import { mintSessionId } from '#sdk/protocol/mint.ts'
import type { Instant } from '#sdk/protocol/instants.ts'
import { isDeeperThan } from '#sdk/protocol/json-depth.ts'
import {
  MAX_FRAME_BYTES,
  MAX_FRAME_ITEMS,
  MAX_FRAMES_IN_FLIGHT,
  MAX_JSON_DEPTH,
  MAX_TOPICS_PER_SOCKET,
  PING_SECONDS,
} from '#sdk/protocol/limits.ts'
import type { Role } from '#sdk/protocol/roles.ts'
import { OPERATION_OF_ITEM, performItem, type Executor } from '../operations/items.ts'
import { takeLost } from '../operations/leases.ts'
import { textBytes } from '../operations/sizes.ts'
import { Changes, type Unit } from '../operations/unit.ts'
import { requireRole } from './access.ts'
import { send, type Connection, type Connections } from './connections.ts'
import type { Caller } from './contract.ts'
import { problemOf } from './problems.ts'
import type { Topics } from './topics.ts'

export interface SocketContext {
  readonly boot: string
  readonly leaseSeconds: number
  readonly connections: Connections
  readonly topics: Topics
  readonly commit: <T>(caller: Caller, body: (unit: Unit) => T) => T
  readonly transaction: <T>(body: () => T) => T
  readonly now: () => Instant
}

/** Held runs that are looked through for ones that are being cancelled. */
const MAX_CANCELS = 10_000

type WatchItem = SubscribeItem | UnsubscribeItem

export class SocketProtocol {
  readonly #context: SocketContext
  constructor(context: SocketContext) {
    this.#context = context
  }

  /** Takes one message. Never throws. */
  receive(socket: WebSocket, message: string | ArrayBuffer): void {
    try {
      const { connections, now } = this.#context
      const connection = connections.get(socket)
      if (connection === undefined) return socket.close(CLOSE_CODES.malformed_hello, 'Say hello again.')
      connections.set(socket, { ...connection, seenAt: now() })
      const frame = parseFrame(message)
      if ('code' in frame) return this.#refuseFrame(socket, connection, numberInText(message), frame)
      if (connection.executor === undefined) return this.#greet(socket, connection, frame.value)
      this.#receiveFrame(socket, { ...connection, executor: connection.executor }, frame.value)
    } catch (error) {
      reply(socket, complaint(null, problemOf(error)))
    }
  }

  #greet(socket: WebSocket, connection: Connection, value: unknown): void {
    const hello = Hello.safeParse(value)
    if (!hello.success) {
      const detail = `The first frame must be a hello: ${hello.error.issues[0]?.message ?? 'not valid'}.`
      return this.#complain(socket, connection, null, problem('malformed_frame', detail))
    }
    if (hello.data.protocol !== PROTOCOL_VERSION) {
      const detail = `This workspace speaks version ${PROTOCOL_VERSION} of the protocol, the client ${hello.data.protocol}. Update the older one.`
      reply(socket, complaint(null, problem('protocol_mismatch', detail)))
      return socket.close(CLOSE_CODES.protocol_mismatch, detail.slice(0, 120))
    }
    this.#welcome(socket, connection, hello.data)
  }

  #welcome(socket: WebSocket, connection: Connection, hello: Hello): void {
    const { boot, leaseSeconds, connections } = this.#context
    const { caller } = connection
    const greeting = this.#attempt(socket, connection, () =>
      this.#context.commit(caller, (unit) => {
        requireRole(unit.actor, 'live.connect')
        const id = hello.session ?? mintSessionId(unit.now, unit.random)
        const executor: Executor = { id, name: hello.name, kind: hello.kind, credential: caller.hash }
        this.#requireOwnSession(unit, executor)
        const held = unit.store.flowRuns.heldBy(id, MAX_CANCELS)
        const olderSockets = connections.ofSession(id)
        const lost = takeLost(unit, id)
        const isNews = !olderSockets.some((older) => connections.hasHeardOfLoss(older))
        return { executor, role: unit.actor.role, now: unit.now, lost: isNews ? lost : [], held, olderSockets }
      }),
    )
    if (greeting === undefined) return
    const { executor, role, now, lost, held, olderSockets } = greeting
    for (const older of olderSockets) {
      connections.drop(older)
      older.close(1000, 'The session goes on over a newer connection.')
    }
    connections.set(socket, { ...connection, executor, seenAt: now })
    reply(socket, welcomeFrame(executor, role ?? 'viewer', { boot, now, leaseSeconds }))
    for (const { run, epoch, reason } of lost) reply(socket, { type: 'lost', run, epoch, reason })
    for (const { id, epoch, stateType } of held) if (stateType === 'CANCELLING') reply(socket, { type: 'cancel', run: id, epoch })
  }

  /** A session goes on only with the credential that opened it. */
  #requireOwnSession({ store }: Unit, { id, credential }: Executor): void {
    const { connections } = this.#context
    const known = store.sessions.find(id)?.credential
    const open = connections.ofSession(id).map((socket) => connections.get(socket)?.executor?.credential)
    if ([known, ...open].some((owner) => owner !== undefined && owner !== credential)) {
      throw new ProblemError('forbidden', 'This session was opened with another credential. Begin a new one.')
    }
  }

  /** Runs `act`; a problem is told and closes the socket, because without a welcome nothing can follow. */
  #attempt<T>(socket: WebSocket, { caller }: Connection, act: () => T): T | undefined {
    try {
      return act()
    } catch (error) {
      const found = problemOf(error)
      reply(socket, complaint(null, found))
      socket.close(closeCodeOf(found, caller), found.detail.slice(0, 120))
      return undefined
    }
  }

  #receiveFrame(socket: WebSocket, connection: Connection & { readonly executor: Executor }, value: unknown): void {
    const envelope = FrameEnvelope.safeParse(value)
    if (!envelope.success) {
      const detail = `Not a frame: ${envelope.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`
      return this.#refuseFrame(socket, connection, numberOf(value), problem('malformed_frame', detail))
    }
    const { n, items } = envelope.data
    const skipped = gapBefore(n, connection)
    if (skipped !== undefined) return this.#complain(socket, connection, n, skipped)
    const watches: WatchItem[] = []
    const answers = this.#attemptFrame(socket, n, () =>
      this.#context.commit(connection.caller, (unit) => {
        requireRole(unit.actor, 'live.connect')
        return items.map((item) => this.#judge(unit, connection, item, watches))
      }),
    )
    if (answers === undefined) return
    const topics = topicsAfter(connection.topics, watches)
    this.#context.connections.set(socket, { ...connection, seenAt: this.#context.now(), n: Math.max(n, connection.n), topics })
    reply(socket, { type: 'ack', n, answers } satisfies Ack)
    for (const watch of watches) {
      if (watch.type === 'subscribe' && topics.includes(watch.topic))
        this.#context.topics.subscribe(socket, watch.topic, watch.boot, watch.seq)
    }
  }

  /** A frame that nobody can read is refused for good: its number is used up, so the next one is taken. */
  #refuseFrame(socket: WebSocket, connection: Connection, n: number | null, found: Problem): void {
    const { connections } = this.#context
    if (n === null || connection.executor === undefined) return this.#complain(socket, connection, null, found)
    const skipped = gapBefore(n, connection)
    if (skipped === undefined) connections.set(socket, { ...connection, seenAt: this.#context.now(), n: Math.max(n, connection.n) })
    this.#complain(socket, connection, n, skipped ?? found)
  }

  /** A credential that is gone takes the socket with it. */
  #attemptFrame<T>(socket: WebSocket, n: number, act: () => T): T | undefined {
    try {
      return act()
    } catch (error) {
      const found = problemOf(error)
      reply(socket, complaint(n, found))
      if (found.code === 'unauthenticated') socket.close(CLOSE_CODES.revoked, found.detail.slice(0, 120))
      return undefined
    }
  }

  /** One item in a transaction of its own inside the frame's. */
  #judge(unit: Unit, { executor, topics }: Connection & { readonly executor: Executor }, value: unknown, watches: WatchItem[]): ItemAnswer {
    const parsed = Item.safeParse(value)
    if (!parsed.success) {
      const [issue] = parsed.error.issues
      return { type: 'refused', code: 'malformed_frame', detail: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}` }
    }
    const item = parsed.data
    const changes = new Changes()
    try {
      requireRole(unit.actor, OPERATION_OF_ITEM[item.type])
      if (item.type === 'subscribe' || item.type === 'unsubscribe') {
        if (topicsAfter(topics, [...watches, item]).length > MAX_TOPICS_PER_SOCKET) {
          throw new ProblemError('too_many', `A socket watches at most ${MAX_TOPICS_PER_SOCKET} topics.`)
        }
        watches.push(item)
        return { type: 'done' }
      }
      const answer = this.#context.transaction(() => performItem({ ...unit, changes }, executor, item))
      unit.changes.add(changes)
      return answer
    } catch (error) {
      const { code, detail } = problemOf(error)
      return { type: 'refused', code, detail }
    }
  }

  /** What cannot be understood is said; before the hello it ends the connection. */
  #complain(socket: WebSocket, { executor, caller }: Connection, n: number | null, found: Problem): void {
    reply(socket, complaint(n, found))
    if (executor === undefined) socket.close(closeCodeOf(found, caller), found.detail.slice(0, 120))
  }
}

function parseFrame(message: string | ArrayBuffer): { readonly value: unknown } | Problem {
  if (typeof message !== 'string') return problem('malformed_frame', 'Frames are text, not binary.')
  if (textBytes(message, MAX_FRAME_BYTES) > MAX_FRAME_BYTES) {
    return problem(
      'too_large',
      `A frame may have ${MAX_FRAME_BYTES} bytes; this one has ${textBytes(message, 0)}. Send larger things by HTTP.`,
    )
  }
  if (isDeeperThan(message, MAX_JSON_DEPTH)) return problem('malformed_frame', `A frame may nest ${MAX_JSON_DEPTH} levels.`)
  try {
    return { value: JSON.parse(message) }
  } catch (error) {
    return problem('malformed_json', `The frame is not JSON: ${error instanceof Error ? error.message : 'unreadable'}.`)
  }
}

function welcomeFrame(
  { id }: Executor,
  role: Role,
  { boot, now, leaseSeconds }: { readonly boot: string; readonly now: Instant; readonly leaseSeconds: number },
): Welcome {
  return {
    type: 'welcome',
    protocol: PROTOCOL_VERSION,
    session: id,
    role,
    boot,
    now,
    ping_seconds: Math.min(PING_SECONDS, leaseSeconds / 3),
    lease_seconds: leaseSeconds,
    limits: { frame_bytes: MAX_FRAME_BYTES, frames_in_flight: MAX_FRAMES_IN_FLIGHT, frame_items: MAX_FRAME_ITEMS },
  }
}

function topicsAfter(topics: readonly Topic[], watches: readonly WatchItem[]): readonly Topic[] {
  const after = new Set(topics)
  for (const { type, topic } of watches) {
    if (type === 'subscribe') after.add(topic)
    else after.delete(topic)
  }
  return [...after]
}

const reply = (socket: WebSocket, frame: DownFrame): void => send(socket, JSON.stringify(frame))

const complaint = (n: number | null, { code, detail }: Problem): DownFrame => ({ type: 'problem', n, code, detail })

/** The number of a frame that is wrong in other ways, so that its sender knows which. */
function numberOf(value: unknown): number | null {
  const n = typeof value === 'object' && value !== null && 'n' in value ? value.n : undefined
  return typeof n === 'number' && Number.isInteger(n) && n >= 1 ? n : null
}

/** Frames follow one another; the first of a connection may have any number. */
function gapBefore(n: number, connection: Connection): Problem | undefined {
  if (connection.n === 0 || n <= connection.n + 1) return undefined
  return problem('frame_out_of_order', `Frame ${n} came after frame ${connection.n}. Send frame ${connection.n + 1}.`)
}

/** The number of a frame that is no JSON or too much of it: our clients write it first. */
function numberInText(message: string | ArrayBuffer): number | null {
  if (typeof message !== 'string') return null
  const [, digits] = /^\s*\{\s*"type"\s*:\s*"frame"\s*,\s*"n"\s*:\s*([1-9]\d{0,14})\s*[,}]/.exec(message.slice(0, 200)) ?? []
  return digits === undefined ? null : Number(digits)
}

/** Codes of RFC 6455 for what passes: clients come back after them. */
const PASSING: Partial<Record<Problem['code'], number>> = {
  unexpected: 1011,
  storage_full: 1013,
  overloaded: 1013,
  rate_limited: 1013,
}

function closeCodeOf({ code }: Problem, { kind }: Caller): number {
  const passing = PASSING[code]
  if (passing !== undefined) return passing
  if (code === 'unauthenticated') return kind === 'none' ? CLOSE_CODES.unauthenticated : CLOSE_CODES.revoked
  return code === 'forbidden' ? CLOSE_CODES.forbidden : CLOSE_CODES.malformed_hello
}

/**
 * The open sockets and what each has said of itself. Everything stands in the sockets' attachments too, because the object may be put to
 * sleep at any time; the maps here are rebuilt from them on waking.
 */
import type { Topic } from '#sdk/protocol/frames.ts'
import type { SessionId } from '#sdk/protocol/ids.ts'
import { MICROS_PER_MS, type Instant } from '#sdk/protocol/instants.ts'
import type { Executor } from '../operations/items.ts'
import type { Caller } from './contract.ts'

/** At most 16 KB as an attachment: 32 topics of 46 characters and three names are far from it. */
export interface Connection {
  readonly caller: Caller
  /** Undefined until its hello. */
  readonly executor?: Executor
  /** When its last frame came. */
  readonly seenAt: Instant
  /** Number of the last frame; 0 before the first. */
  readonly n: number
  readonly topics: readonly Topic[]
  /** When it was told that a run is lost; a sign of life after that means that it heard so. */
  readonly toldLostAt?: Instant
}

export class Connections {
  readonly #ctx: DurableObjectState
  readonly #connections = new Map<WebSocket, Connection>()

  constructor(ctx: DurableObjectState) {
    this.#ctx = ctx
    for (const socket of ctx.getWebSockets()) {
      const attachment: Connection | null = socket.deserializeAttachment()
      if (attachment !== null) this.#connections.set(socket, attachment)
    }
  }

  get size(): number {
    return this.#connections.size
  }

  accept(socket: WebSocket, caller: Caller, now: Instant): void {
    this.#ctx.acceptWebSocket(socket)
    this.set(socket, { caller, seenAt: now, n: 0, topics: [] })
  }

  get(socket: WebSocket): Connection | undefined {
    const known = this.#connections.get(socket)
    if (known !== undefined) return known
    const attachment: Connection | null = socket.deserializeAttachment()
    return attachment ?? undefined
  }

  set(socket: WebSocket, connection: Connection): void {
    this.#connections.set(socket, connection)
    socket.serializeAttachment(connection)
  }

  toldLost(socket: WebSocket, at: Instant): void {
    const connection = this.get(socket)
    if (connection !== undefined) this.set(socket, { ...connection, toldLostAt: at })
  }

  drop(socket: WebSocket): void {
    this.#connections.delete(socket)
  }

  ofSession(session: SessionId): readonly WebSocket[] {
    return this.#matching(({ executor }) => executor?.id === session)
  }

  ofTopic(topic: Topic): readonly WebSocket[] {
    return this.#matching(({ topics }) => topics.includes(topic))
  }

  topics(): ReadonlySet<Topic> {
    return new Set([...this.#connections.values()].flatMap(({ topics }) => topics))
  }

  /** Those that have said no hello since `before`. */
  ungreetedSince(before: Instant): readonly WebSocket[] {
    return this.#matching(({ executor, seenAt }) => executor === undefined && seenAt < before)
  }

  /** When a session was last heard. Null without a socket. */
  lastSignOf(session: SessionId): Instant | null {
    const signs = this.ofSession(session).map((socket) => this.#signOf(socket))
    return signs.length === 0 ? null : Math.max(...signs)
  }

  /** True when it was told that a run is lost and showed a sign of life after that. */
  hasHeardOfLoss(socket: WebSocket): boolean {
    const toldAt = this.get(socket)?.toldLostAt
    return toldAt !== undefined && this.#signOf(socket) > toldAt
  }

  /** By a frame, or by a `ping` that the runtime answered without waking the object. */
  #signOf(socket: WebSocket): Instant {
    const pinged = this.#ctx.getWebSocketAutoResponseTimestamp(socket)
    return Math.max(this.get(socket)?.seenAt ?? 0, pinged === null ? 0 : pinged.getTime() * MICROS_PER_MS)
  }

  #matching(is: (connection: Connection) => boolean): readonly WebSocket[] {
    return [...this.#connections].filter(([, connection]) => is(connection)).map(([socket]) => socket)
  }
}

/** A socket may have closed in the same moment; then there is nobody to tell. */
export function send(socket: WebSocket, text: string): void {
  if (socket.readyState === WebSocket.OPEN) socket.send(text)
}

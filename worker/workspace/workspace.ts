/**
 * One workspace: a Durable Object that decides and records everything. A shell without opinions: it opens commits, checks roles, announces
 * what changed, keeps the one alarm and the sockets. What operations do is in `worker/operations`, what is decided in `machine`.
 *
 * 1. Every change is one `#commit`: the clock is read once, then all or nothing, then it is announced, then the alarm is set if it must be
 *    earlier. Nothing is awaited inside.
 * 2. Before `create` there is no table; every other question is answered `no_such_workspace` and writes nothing.
 * 3. A role is looked up in the commit that acts on it; nothing about it is kept.
 * 4. The alarm works in bounded steps, survives every error and is armed again in every path; the constructor heals a lost one.
 * 5. It may be put to sleep at any time: what is needed afterwards is in the attachments of the sockets or in the database.
 */
import { DurableObject } from 'cloudflare:workers'
import { nextWake } from '#sdk/machine/next-wake.ts'
import { ProblemError, type Problem } from '#sdk/protocol/errors.ts'
import { CLOSE_CODES } from '#sdk/protocol/wire.ts'
import { MICROS_PER_MS, MICROS_PER_SECOND, type Instant } from '#sdk/protocol/instants.ts'
import { HELLO_SECONDS, LEASE_SECONDS, MAX_SOCKETS, MAX_WORKSPACE_BYTES } from '#sdk/protocol/limits.ts'
import { OPERATIONS, type OperationId, type OperationInput } from '#sdk/protocol/operations.ts'
import { ALARM_STEPS, type AlarmStep } from '../operations/alarm.ts'
import { isPerformed, performOperation } from '../operations/handlers.ts'
import { takeLost } from '../operations/leases.ts'
import { Changes, type Reply, type Unit } from '../operations/unit.ts'
import { addWelcomeNotebook } from '../operations/welcome.ts'
import { isCreated, migrate } from '../storage/migrations.ts'
import { ObjectDatabase } from '../storage/object-database.ts'
import { openStore, type Store } from '../storage/store.ts'
import { actorOf, requireRole } from './access.ts'
import { Connections, send } from './connections.ts'
import { CALLER_HEADER, type Call, type Caller, type NewWorkspace, type Outcome } from './contract.ts'
import { answerKept, fingerprintOf, type Keyed } from './prepare.ts'
import { problemOf } from './problems.ts'
import { SocketProtocol } from './socket-protocol.ts'
import { patchOf, snapshotOf } from './topic-source.ts'
import { Topics } from './topics.ts'
import { Turns } from './turns.ts'

/** Settings of the deployment; each has a default. */
export interface WorkspaceEnv {
  /** Seconds without a sign of life after which an executor is dead. */
  readonly FLOWCELL_LEASE_SECONDS?: string | null
  /** Bytes at which new runs are refused. */
  readonly FLOWCELL_MAX_WORKSPACE_BYTES?: string | null
}

/** Who acts when the workspace does by itself. */
const ITSELF: Caller = { kind: 'none', hash: '' }
/** After an alarm that failed. */
const ALARM_RETRY_MS = 5_000
const HELLO_MICROS = HELLO_SECONDS * MICROS_PER_SECOND
/** Bounded steps of one kind in one alarm; then others may come first. */
const MAX_STEPS = 20

export class Workspace extends DurableObject<WorkspaceEnv> {
  readonly #database: ObjectDatabase
  readonly #store: Store
  readonly #connections: Connections
  readonly #turns = new Turns()
  readonly #topics: Topics
  readonly #sockets: SocketProtocol
  readonly #leaseSeconds: number
  readonly #maxBytes: number
  #isCreated: boolean
  /** When the alarm rings, in milliseconds; null when it does not. */
  #armedAt: number | null = null
  #lastNow: Instant = 0

  constructor(ctx: DurableObjectState, env: WorkspaceEnv) {
    super(ctx, env)
    this.#leaseSeconds = numberSetting(env.FLOWCELL_LEASE_SECONDS) ?? LEASE_SECONDS
    this.#maxBytes = numberSetting(env.FLOWCELL_MAX_WORKSPACE_BYTES) ?? MAX_WORKSPACE_BYTES
    this.#database = new ObjectDatabase(ctx.storage)
    this.#store = openStore(this.#database)
    this.#connections = new Connections(ctx)
    const boot = crypto.randomUUID()
    this.#topics = new Topics(boot, {
      snapshot: (topic, isReturning) => snapshotOf(this.#store, topic, this.#now(), isReturning),
      patch: (gathered) => patchOf(this.#store, gathered, this.#now()),
      listeners: (topic) => this.#connections.ofTopic(topic),
      send,
    })
    this.#sockets = new SocketProtocol({
      boot,
      leaseSeconds: this.#leaseSeconds,
      connections: this.#connections,
      topics: this.#topics,
      commit: (caller, body) => this.#commit(caller, body),
      transaction: (body) => this.#database.transaction(body),
      now: () => this.#now(),
    })
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'))
    this.#isCreated = isCreated(this.#database)
    if (this.#isCreated) void ctx.blockConcurrencyWhile(() => this.#wake())
  }

  /** Makes the workspace: tables, name, its owner's two credentials, and the welcome notebook. Done again, it changes nothing. */
  async create({ id, name, ownerLinkHash, ownerTokenHash }: NewWorkspace): Promise<{ readonly created: boolean }> {
    if (this.#isCreated) return { created: false }
    const now = this.#now()
    this.#database.transaction(() => {
      migrate(this.#database, now)
      this.#store.meta.set('id', id)
      this.#store.meta.set('name', name)
      const owner = { role: 'owner', created: now, expires: null } as const
      this.#store.credentials.insert({ ...owner, kind: 'link', hash: ownerLinkHash, name: 'Owner link' })
      this.#store.credentials.insert({ ...owner, kind: 'token', hash: ownerTokenHash, name: 'Owner token' })
      addWelcomeNotebook({ now, random: Math.random, store: this.#store, changes: new Changes() })
    })
    this.#isCreated = true
    return { created: true }
  }

  /** One more owner link, for who lost the first; who asks was checked by the deployment's own key. */
  async createOwnerLink(link: { readonly hash: string; readonly name: string }): Promise<Outcome> {
    return this.#addOwner('link', link)
  }

  /** One more owner token, on the same ground. */
  async createOwnerToken(token: { readonly hash: string; readonly name: string }): Promise<Outcome> {
    return this.#addOwner('token', token)
  }

  #addOwner(kind: 'link' | 'token', { hash, name }: { readonly hash: string; readonly name: string }): Outcome {
    return this.#answer(() => {
      this.#commit(ITSELF, ({ store, now }) => store.credentials.insert({ hash, kind, role: 'owner', name, created: now, expires: null }))
      return { ok: true, status: 201, output: null }
    })
  }

  /** Performs one operation of the table. Never throws for what a caller did. */
  async perform(call: Call): Promise<Outcome> {
    const { idempotencyKey: key } = call
    const keyed = key === undefined ? undefined : { key, fingerprint: await fingerprintOf(call) }
    await this.#turns.take()
    return this.#answer(() => this.#perform(call, keyed))
  }

  #perform({ operation, caller, params, query, body }: Call, keyed?: Keyed): Outcome {
    if (!isPerformed(operation)) throw new ProblemError('no_such_route', `The workspace does not perform ${String(operation)}.`)
    const input = { params, query, body } as OperationInput<OperationId> // decoded by the schemas of this very operation
    const reply = this.#commit(caller, (unit) => {
      requireRole(unit.actor, operation)
      return answerKept(unit, operation, keyed, () => performOperation(unit, operation, input))
    })
    return outcomeOf(operation, reply)
  }

  /** Upgrades only: the Worker has checked where it comes from and hands over who it is. */
  override async fetch(request: Request): Promise<Response> {
    const refused = this.#refuseUpgrade(request)
    if (refused !== undefined) {
      return new Response(JSON.stringify(refused), { status: refused.status, headers: { 'content-type': 'application/problem+json' } })
    }
    const { 0: client, 1: server } = new WebSocketPair()
    const now = this.#now()
    for (const socket of this.#connections.ungreetedSince(now - HELLO_MICROS)) this.#turnOut(socket)
    this.#connections.accept(server, callerOf(request), now)
    return new Response(null, { status: 101, webSocket: client })
  }

  #turnOut(socket: WebSocket): void {
    this.#connections.drop(socket)
    socket.close(CLOSE_CODES.malformed_hello, `There was no hello for ${HELLO_SECONDS} s.`)
  }

  #refuseUpgrade(request: Request): Problem | undefined {
    const outcome = this.#answer(() => {
      if (request.headers.get('upgrade')?.toLowerCase() !== 'websocket')
        throw new ProblemError('upgrade_required', 'This address speaks WebSocket.')
      this.#commit(callerOf(request), ({ actor }) => requireRole(actor, 'live.connect'))
      if (this.#connections.size - this.#connections.ungreetedSince(this.#lastNow - HELLO_MICROS).length >= MAX_SOCKETS)
        throw new ProblemError('rate_limited', `The workspace has ${MAX_SOCKETS} sockets open, which is the most.`)
      return { ok: true, status: 101, output: null }
    })
    return outcome.ok ? undefined : outcome.problem
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    this.#sockets.receive(socket, message)
  }

  /** Its runs are not ended here: it may come back; the lease decides. */
  override webSocketClose(socket: WebSocket): void {
    this.#forgetLoss(socket)
    socket.close(1000) // workerd does not answer a close by itself here, and a client waits 10 seconds for it (measured with Node)
    this.#connections.drop(socket)
  }

  override webSocketError(socket: WebSocket): void {
    this.#forgetLoss(socket)
    this.#connections.drop(socket)
  }

  /** What an executor has heard of is not told again when it comes back. */
  #forgetLoss(socket: WebSocket): void {
    const session = this.#connections.get(socket)?.executor?.id
    if (session === undefined || !this.#connections.hasHeardOfLoss(socket)) return
    try {
      this.#commit(ITSELF, (unit) => takeLost(unit, session))
    } catch (error) {
      problemOf(error)
    }
  }

  override async alarm(): Promise<void> {
    this.#armedAt = null
    const isWell = ALARM_STEPS.map((step) => this.#work(step)).every(Boolean)
    try {
      this.#arm(isWell ? 0 : ALARM_RETRY_MS)
    } catch (error) {
      problemOf(error)
      await this.ctx.storage.setAlarm(Date.now() + ALARM_RETRY_MS)
    }
  }

  /** Works on one kind of what is due, in bounded commits. Answers false when it failed; then it is tried again a little later. */
  #work(step: AlarmStep): boolean {
    try {
      for (let count = 0; count < MAX_STEPS; count++) {
        if (this.#commit(ITSELF, (unit) => step(unit, (session) => this.#connections.lastSignOf(session)))) break
      }
      return true
    } catch (error) {
      problemOf(error)
      return false
    }
  }

  /** After sleep or a move: schema up to date, a lost alarm armed again, watchers told the truth. */
  async #wake(): Promise<void> {
    this.#armedAt = await this.ctx.storage.getAlarm()
    migrate(this.#database, this.#now())
    this.#arm()
    this.#topics.resume(this.#connections.topics())
  }

  #answer(act: () => Outcome): Outcome {
    try {
      if (!this.#isCreated) throw new ProblemError('no_such_workspace', 'There is no such workspace on this server.')
      return act()
    } catch (error) {
      return { ok: false, problem: problemOf(error) }
    }
  }

  #commit<T>(caller: Caller, body: (unit: Unit) => T): T {
    const now = this.#now()
    const changes = new Changes()
    const store = this.#store
    const result = this.#database.transaction(() =>
      body({
        now,
        random: Math.random,
        store,
        changes,
        actor: actorOf(store, caller, now),
        leaseSeconds: this.#leaseSeconds,
        maxBytes: this.#maxBytes,
        sizeBytes: () => this.#database.sizeBytes(),
      }),
    )
    this.#announce(changes)
    if (changes.isWakeChanged) this.#arm()
    return result
  }

  #announce(changes: Changes): void {
    this.#topics.note(changes)
    for (const { session, frame } of changes.told) {
      const text = JSON.stringify(frame)
      for (const socket of this.#connections.ofSession(session)) {
        send(socket, text)
        if (frame.type === 'lost') this.#connections.toldLost(socket, this.#lastNow)
      }
    }
  }

  /** Sets the alarm to the next thing that is due, if it does not ring before. A setAlarm is a written row. */
  #arm(notBeforeMs = 0): void {
    const { chores, flowRuns, sessions } = this.#store
    const hasChores = !chores.isEmpty()
    const wake = hasChores ? this.#now() : nextWake({ lease: sessions.nextDueAt(), cancelDeadline: flowRuns.nextDueAt() })
    if (wake === null) return
    const at = Math.max(Math.ceil(wake / MICROS_PER_MS), Date.now() + notBeforeMs)
    if (this.#armedAt !== null && this.#armedAt <= at) return
    this.#armedAt = at
    this.ctx.waitUntil(this.ctx.storage.setAlarm(at))
  }

  /** Microseconds, each commit later than the one before. */
  #now(): Instant {
    this.#lastNow = Math.max(Date.now() * MICROS_PER_MS, this.#lastNow + 1)
    return this.#lastNow
  }
}

function callerOf(request: Request): Caller {
  const header = request.headers.get(CALLER_HEADER)
  if (header === null) return ITSELF
  const caller: Caller = JSON.parse(header) // written by the Worker, which takes it from nobody
  return caller
}

function outcomeOf(operation: OperationId, { output = null, status, headers }: Reply): Outcome {
  return { ok: true, status: status ?? OPERATIONS[operation].status, output, ...(headers !== undefined && { headers }) }
}

function numberSetting(text: string | null | undefined): number | undefined {
  const value = text === null || text === undefined || text.trim() === '' ? Number.NaN : Number(text)
  return Number.isFinite(value) && value > 0 ? value : undefined
}

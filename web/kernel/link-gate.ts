/**
 * A kernel's link to the workspace, on the page's side: the gate through which its frames pass.
 *
 * 1. Everything from the kernel is read as untrusted (kernel-items.ts). What is refused is refused per item, with a sentence; nothing that it
 *    says throws here.
 * 2. It goes over the page's one socket. At most {@link MAX_AHEAD} of its frames are there unanswered, so that a flow that logs in a loop never
 *    holds up the page's own words; of what waits here, no more than {@link MAX_WAITING_BYTES}.
 * 3. It hears of its own runs only.
 * 4. Once it is dead, what it said before still goes out; behind that, every run of it that has not ended is said to have crashed.
 */
import type { Link, OpenLink } from '#sdk/client/link.ts'
import type { LinkEvent } from '#sdk/client/remote-link.ts'
import type { SessionId } from '#sdk/protocol/ids.ts'
import { LOG_LEVELS } from '#sdk/protocol/log-levels.ts'
import { MAX_FRAME_BYTES, MAX_FRAME_ITEMS } from '#sdk/protocol/limits.ts'
import type { ItemAnswer } from '#sdk/protocol/frames.ts'
import { utf8Length } from '#sdk/protocol/utf8-length.ts'
import { KernelItems, refused, type KernelPrincipal, type KernelRun, type Refused } from './kernel-items.ts'

export interface LinkGateOptions {
  /** Over the page's socket. */
  readonly openLink: OpenLink
  readonly principal: KernelPrincipal
  readonly tell: (event: LinkEvent) => void
}

const MAX_AHEAD = 4
/** Names none. */
const NO_SESSION = '' as SessionId
const MAX_WAITING_BYTES = 64 * 1024 * 1024
const TERMINAL: ReadonlySet<string> = new Set(['COMPLETED', 'CANCELLED', 'FAILED', 'CRASHED'])

interface Sent {
  /** The kernel's number; undefined for what the gate says itself. */
  readonly frame: number | undefined
  readonly items: string
  /** One per item of the kernel's frame: the refusal of the gate, or what the item that passed was about. */
  readonly slots: readonly (Refused | { readonly type: unknown; readonly run: KernelRun | undefined })[]
}

/** Runs that kernels of one page have created, by the socket that holds them. */
const claims = new WeakMap<OpenLink, Set<string>>()

export class LinkGate {
  readonly #options: LinkGateOptions
  readonly #items: KernelItems
  readonly #link: Link
  readonly #sent = new Map<number, Sent>()
  #waiting: Sent[] = []
  #waitingBytes = 0
  #lastNumber = 0
  #lastFrame = 0
  #isDead = false
  #isOver = false

  constructor(options: LinkGateOptions) {
    this.#options = options
    const claimed = claims.get(options.openLink) ?? new Set<string>()
    claims.set(options.openLink, claimed)
    this.#items = new KernelItems(options.principal, claimed)
    this.#link = options.openLink({
      // The session is the page's: the kernel learns nothing that it could open one with.
      welcome: (welcome, resumed) => this.#tell({ type: 'welcome', welcome: { ...welcome, session: NO_SESSION }, resumed }),
      acked: (number, answers) => this.#acked(number, answers),
      refused: (number, failure) => this.#acked(number, undefined, failure),
      down: (frame) => {
        const isMine = (frame.type === 'cancel' || frame.type === 'lost') && this.#items.run(frame.run) !== undefined
        if (isMine) this.#tell({ type: 'down', frame })
      },
      lost: ({ code, detail }) => this.#tell({ type: 'lost', failure: { code, detail } }),
      trouble: () => undefined, // the page's own client tells it
      closed: ({ code, detail }) => {
        this.#isOver = true
        this.#tell({ type: 'closed', failure: { code, detail } })
      },
    })
  }

  /** Runs that have not ended. */
  get openRuns(): number {
    return [...this.#items.runs].filter(({ hasEnded }) => !hasEnded).length
  }

  /** A frame of the kernel. */
  send(frame: number, items: string): void {
    if (this.#isDead || this.#isOver || frame <= this.#lastFrame) return
    this.#lastFrame = frame
    const read = this.#read(items)
    if ('code' in read) return this.#tell({ type: 'refused', frame, failure: { code: read.code, detail: read.detail } })
    const passed: unknown[] = []
    const slots = read.items.map((item): Sent['slots'][number] => {
      const judged = this.#items.judge(item)
      if ('code' in judged) return judged
      passed.push(judged.pass)
      return { type: judged.pass['type'], run: judged.run }
    })
    const sent: Sent = { frame, items: JSON.stringify(passed), slots }
    if (passed.length === 0) return this.#answer(sent, [])
    this.#push(sent)
  }

  /** The kernel is gone. Each of its runs that has not ended ends Crashed, and its log says why. */
  died(reason: string): void {
    if (this.#isDead) return
    this.#isDead = true
    const at = Math.round(this.#options.principal.now() * 1_000)
    for (const run of this.#items.runs) {
      if (run.hasEnded) continue
      const { id, epoch } = run
      const line = { t: at, l: LOG_LEVELS.ERROR, m: `Crash detected! ${reason}`, n: 'flowcell.flow_runs' }
      const state = { type: 'CRASHED', name: 'Crashed', message: reason }
      const items = [
        { type: 'log', run: id, epoch, first: run.nextLine, lines: [line] },
        { type: 'run.propose', run: id, epoch, transition_id: crypto.randomUUID(), state },
      ]
      this.#push({ frame: undefined, items: JSON.stringify(items), slots: items.map(({ type }) => ({ type, run })) })
    }
    this.#closeWhenDone()
  }

  #read(items: string): { readonly items: readonly unknown[] } | Refused {
    if (items.length > MAX_FRAME_BYTES || utf8Length(items) > MAX_FRAME_BYTES)
      return refused('too_large', `A frame of a kernel may have ${MAX_FRAME_BYTES} bytes (MAX_FRAME_BYTES).`)
    if (this.#waitingBytes > MAX_WAITING_BYTES) return refused('rate_limited', 'The kernel says more than the workspace takes.')
    let read: unknown
    try {
      read = JSON.parse(items)
    } catch {
      return refused('malformed_json', 'A frame of a kernel is no JSON.')
    }
    if (!Array.isArray(read) || read.length === 0 || read.length > MAX_FRAME_ITEMS)
      return refused('malformed_frame', `A frame has 1 to ${MAX_FRAME_ITEMS} items (MAX_FRAME_ITEMS).`)
    return { items: read }
  }

  #push(sent: Sent): void {
    this.#waiting.push(sent)
    this.#waitingBytes += sent.items.length
    this.#pump()
  }

  #pump(): void {
    while (this.#sent.size < MAX_AHEAD && !this.#isOver) {
      const next = this.#waiting.shift()
      if (next === undefined) return
      this.#waitingBytes -= next.items.length
      this.#sent.set(++this.#lastNumber, next)
      this.#link.send(this.#lastNumber, next.items)
    }
  }

  #acked(number: number, answers: readonly ItemAnswer[] | undefined, failure?: { readonly code: string; readonly detail: string }): void {
    const sent = this.#sent.get(number)
    if (sent === undefined) return
    this.#sent.delete(number)
    this.#pump()
    if (answers !== undefined) this.#answer(sent, answers)
    else if (failure !== undefined) this.#refusedWhole(sent, failure)
    this.#closeWhenDone()
  }

  /** Puts the answers of the workspace beside the gate's own. */
  #answer({ frame, slots }: Sent, answers: readonly ItemAnswer[]): void {
    let index = 0
    const all = slots.map((slot): ItemAnswer => {
      if ('code' in slot) return slot
      const answer = answers[index++] ?? refused('unexpected_answer', 'The workspace answered fewer items than it was sent.')
      if (slot.run !== undefined) this.#note(slot.type, slot.run, answer)
      return answer
    })
    if (frame !== undefined) this.#tell({ type: 'acked', frame, answers: all })
  }

  #refusedWhole({ frame, slots }: Sent, { code, detail }: { readonly code: string; readonly detail: string }): void {
    for (const slot of slots) if (!('code' in slot) && slot.run !== undefined) this.#note(slot.type, slot.run, refused(code, detail))
    if (frame !== undefined) this.#tell({ type: 'refused', frame, failure: { code, detail } })
  }

  #note(type: unknown, run: KernelRun, answer: ItemAnswer): void {
    if (answer.type === 'created') {
      run.epoch = answer.epoch
      run.name = answer.name
    } else if (answer.type === 'verdict') run.hasEnded ||= TERMINAL.has(answer.state.type)
    else if (answer.type === 'refused' && answer.code === 'stale_lease') run.hasEnded = true
    else if (answer.type === 'refused' && type === 'run.create') this.#items.forget(run)
  }

  #tell(event: LinkEvent): void {
    if (!this.#isDead) this.#options.tell(event)
  }

  #closeWhenDone(): void {
    if (!this.#isDead || this.#isOver || this.#sent.size > 0 || this.#waiting.length > 0) return
    this.#isOver = true
    this.#link.close()
  }
}

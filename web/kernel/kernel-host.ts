/**
 * The page's side of a kernel: owns the frame, starts and ends the Worker in it, and carries messages.
 *
 * It decides nothing about cells: what runs next, what is stale and what is shown is the page's. It runs one cell at a time; the caller queues.
 * 1. Nothing runs, and no frame is there, before the first `run` or `start`.
 * 2. What comes from the kernel is taken apart by `readKernelMessage` before anybody hears of it; what is no message is dropped.
 * 3. A kernel that died, was ended by force, or says more than a page can take is followed by a new one; `onReset` tells that its values are
 *    gone, and each run that it held ends Crashed.
 * 4. The frame stays as long as its policy is right; the Worker in it is what is replaced (about 30 ms).
 */
import type { OpenLink } from '#sdk/client/link.ts'
import { MAX_KERNEL_MESSAGES_PER_SECOND } from '#sdk/protocol/limits.ts'
import { mayActAs } from '#sdk/protocol/role-order.ts'
import type { Role } from '#sdk/protocol/roles.ts'
import { Signal, type ReadonlySignal } from '../ui/signal.ts'
import { KernelFrame } from './kernel-frame.ts'
import { LinkGate } from './link-gate.ts'
import type { TablePage, TableQuery, ValueNode } from './media.ts'
import type { FromKernel, KernelSetup, RunCell, ToKernel } from './messages.ts'
import { Questions } from './questions.ts'
import { readKernelMessage } from './read-kernel-message.ts'
import { kernelScript, shelfScript } from './scripts.ts'
import { messageOf } from '../ui/message-of.ts'

export type KernelState = 'off' | 'starting' | 'ready' | 'busy' | 'stopping' | 'dead'

/** What of the workspace's session a kernel needs. */
export interface KernelSession {
  readonly id: string
  readonly apiUrl: string
  readonly role: ReadonlySignal<Role>
  /** A further link over the page's socket. */
  readonly openLink: OpenLink
}

export interface KernelHostOptions {
  readonly session: KernelSession
  readonly notebook: { readonly id: string; readonly title: string }
  /** The header's `network`, such as `https:`; undefined where the notebook says nothing. */
  readonly network?: string | undefined
  /** Where the frame is put; the document's body by default. It is not shown. */
  readonly parent?: Element
}

export type KernelFiles = Extract<FromKernel, { readonly type: 'files' }>['files']
type Answer = Extract<FromKernel, { readonly type: 'answer' }>
/** A question of the page, without its number. */
type Asked = Extract<ToKernel, { readonly request: number }> extends infer T ? (T extends unknown ? Omit<T, 'request'> : never) : never

const SETTINGS: KernelSetup['settings'] = { loggingLevel: 'INFO', logPrints: false, persistResults: true }
const GONE = 'The kernel has ended: run the cell again.'

/** One Worker. */
interface Kernel {
  readonly id: string
  readonly gate: LinkGate | undefined
  /** Messages that came before the Worker was there. */
  waiting: ToKernel[]
  port: MessagePort | undefined
  isReady: boolean
}

export class KernelHost {
  readonly #state = new Signal<KernelState>('off')
  readonly #kernelId = new Signal('')
  readonly #files = new Signal<KernelFiles>([])
  readonly #moduleHost = new Signal<string | null | undefined>(undefined)
  readonly #session: KernelSession
  readonly #parent: Element | undefined
  #notebook: KernelHostOptions['notebook']
  #network: string | undefined
  #frame: KernelFrame | undefined
  #kernel: Kernel | undefined
  #running: RunCell | undefined
  readonly #codes = new Map<string, string>()
  readonly #listeners = new Set<(message: FromKernel) => void>()
  readonly #resetListeners = new Set<(reason: string | undefined) => void>()
  readonly #questions = new Questions<Answer>()
  #heard = { second: 0, messages: 0 }

  constructor({ session, notebook, network, parent }: KernelHostOptions) {
    this.#session = session
    this.#notebook = notebook
    this.#network = network
    this.#parent = parent
  }

  get state(): ReadonlySignal<KernelState> {
    return this.#state
  }
  /** The id of the present Worker (`CellRun.kernel`); another one after each restart. */
  get kernel(): ReadonlySignal<string> {
    return this.#kernelId
  }
  /** Files that cells have written to memory. */
  get files(): ReadonlySignal<KernelFiles> {
    return this.#files
  }
  /** Prefix of `npm:` modules; null when they are turned off, undefined before a frame has said so. */
  get moduleHost(): ReadonlySignal<string | null | undefined> {
    return this.#moduleHost
  }

  /** Starts the kernel before it is needed. */
  start(): void {
    if (this.#kernel === undefined) this.#boot()
  }

  /** Runs a cell. One at a time: the caller waits for `ended` before the next. */
  run(cell: RunCell): void {
    this.start()
    this.#running = cell
    this.#codes.set(cell.cell, cell.slice)
    this.#post(cell)
    if (this.#state.value === 'ready') this.#state.value = 'busy'
  }

  /** Asks the running cell, and the flow runs that it has begun, to stop. */
  stop(): void {
    const { cell } = this.#running ?? {}
    if (cell === undefined) return
    this.#post({ type: 'stop', cell })
    if (this.#state.value === 'busy') this.#state.value = 'stopping'
  }

  /** Ends the Worker; a new one starts at once. Runs that it held end Crashed, with the reason. */
  forceStop(reason = 'It was stopped by force.'): void {
    if (this.#kernel === undefined) return
    this.#end(reason)
    this.#boot()
  }

  /** A new kernel, with other settings or without the old values. */
  restart({ network, title }: { readonly network?: string | undefined; readonly title?: string } = {}): void {
    if (network !== undefined) this.#network = network
    if (title !== undefined) this.#notebook = { ...this.#notebook, title }
    if (this.#kernel === undefined) return
    this.#end(undefined)
    this.#boot()
  }

  /** Ends it for good. */
  close(): void {
    this.#end('The notebook was closed.')
    this.#frame?.remove()
    this.#frame = undefined
    this.#state.value = 'off'
  }

  /** A cell is gone: its values are forgotten. */
  forget(cell: string): void {
    this.#codes.delete(cell)
    if (this.#kernel !== undefined) this.#post({ type: 'forget', cell })
  }

  on(listener: (message: FromKernel) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  /** All values are gone: every cell that ran is stale. `reason` is a sentence, undefined for a restart that was asked for. */
  onReset(listener: (reason: string | undefined) => void): () => void {
    this.#resetListeners.add(listener)
    return () => this.#resetListeners.delete(listener)
  }

  async expand(handle: string, from: number, count: number): Promise<readonly ValueNode[]> {
    const { value } = await this.#ask({ type: 'expand', handle, from, count })
    return Array.isArray(value) ? value : []
  }
  async table(handle: string, query: TableQuery): Promise<TablePage> {
    const { value } = await this.#ask({ type: 'table', handle, query })
    if (value === null || Array.isArray(value) || value instanceof Uint8Array || !Array.isArray(value.rows)) throw new Error(GONE)
    return value
  }
  setInput(id: string, value: unknown): void {
    if (this.#kernel !== undefined) this.#post({ type: 'input', id, value })
  }
  /** Runs a flow that a cell has defined, with parameters from its form by name. The run shows under the cell; resolves when it has ended. */
  async callFlow(cell: string, name: string, parameters: unknown): Promise<void> {
    await this.#ask({ type: 'call', cell, name, parameters })
  }
  /** The bytes of a file that cells have written. */
  async file(path: string): Promise<Uint8Array> {
    const { value } = await this.#ask({ type: 'file', path })
    if (value instanceof Uint8Array) return value
    throw new Error(GONE)
  }

  #boot(): void {
    const id = crypto.randomUUID()
    const { openLink, role } = this.#session
    const isRecorded = mayActAs(role.value, 'editor')
    const kernel: Kernel = { id, gate: isRecorded ? this.#gate(openLink) : undefined, waiting: [], port: undefined, isReady: false }
    this.#kernel = kernel
    this.#kernelId.value = id
    this.#state.value = 'starting'
    this.#start(kernel, isRecorded).catch((error: unknown) => {
      if (this.#kernel === kernel) this.#died(messageOf(error))
    })
  }

  async #start(kernel: Kernel, isRecorded: boolean): Promise<void> {
    const [frame, script] = await Promise.all([this.#framed(), kernelScript()])
    if (this.#kernel !== kernel) return
    this.#moduleHost.value = frame.moduleHost
    const port = frame.boot(script, {
      message: (data) => this.#kernel === kernel && this.#hear(kernel, data),
      died: (message) => this.#kernel === kernel && !kernel.isReady && this.#died(`The kernel could not start: ${message}.`),
    })
    const { id, waiting } = kernel
    const { apiUrl } = this.#session
    const setup: KernelSetup = {
      type: 'setup',
      kernel: id,
      notebook: this.#notebook,
      apiUrl,
      moduleHost: frame.moduleHost,
      isRecorded,
      settings: SETTINGS,
    }
    kernel.port = port
    for (const message of [setup, ...waiting]) port.postMessage(message)
    kernel.waiting = []
  }

  /** The frame with the right policy. */
  async #framed(): Promise<KernelFrame> {
    const network = this.#network ?? 'https:'
    if (this.#frame !== undefined && this.#frame.network !== network) {
      this.#frame.remove()
      this.#frame = undefined
    }
    this.#frame ??= new KernelFrame(`/w/${this.#session.id}/kernel`, network, this.#parent ?? document.body)
    return this.#frame.ready()
  }

  #gate(openLink: OpenLink): LinkGate {
    return new LinkGate({
      openLink,
      principal: { notebook: this.#notebook.id, codeOf: (cell) => this.#codes.get(cell), now: () => Date.now() },
      tell: (event) => this.#post({ type: 'link', event }),
    })
  }

  #post(message: ToKernel): void {
    const kernel = this.#kernel
    if (kernel?.port === undefined) kernel?.waiting.push(message)
    else kernel.port.postMessage(message)
  }

  #hear(kernel: Kernel, data: unknown): void {
    if (this.#isTooMuch()) return this.#flooded()
    const message = readKernelMessage(data)
    if (message === undefined) return // no message of a kernel of ours
    switch (message.type) {
      case 'send':
        return kernel.gate?.send(message.frame, message.items)
      case 'module':
        return void this.#giveModule(kernel, message.name)
      case 'answer':
        return this.#questions.answered(message.request, message)
      case 'ready':
        kernel.isReady = true
        this.#state.value = this.#running === undefined ? 'ready' : 'busy'
        break
      case 'files':
        this.#files.value = message.files
        break
      case 'ended':
        if (message.cell === this.#running?.cell && message.run === this.#running.run) {
          this.#running = undefined
          this.#state.value = 'ready'
        }
        break
      default:
    }
    for (const listener of this.#listeners) listener(message)
  }

  /** Counts by seconds: a cell in a loop that floods the page is ended before the page is. */
  #isTooMuch(): boolean {
    const second = Math.floor(performance.now() / 1_000)
    if (this.#heard.second !== second) this.#heard = { second, messages: 0 }
    return ++this.#heard.messages > MAX_KERNEL_MESSAGES_PER_SECOND
  }

  #flooded(): void {
    this.#heard = { second: 0, messages: 0 }
    this.forceStop(`It sent more than ${MAX_KERNEL_MESSAGES_PER_SECOND} messages in a second.`)
  }

  async #giveModule(kernel: Kernel, name: string): Promise<void> {
    let script: string | null = null
    try {
      script = (await shelfScript(name)) ?? null
    } catch {
      // The server is away; the cell is told that there is no such module now.
    }
    if (this.#kernel === kernel) this.#post({ type: 'module', name, script })
  }

  async #ask(question: Asked): Promise<Answer> {
    if (this.#kernel === undefined) throw new Error(GONE)
    const answer = await this.#questions.ask((request) => this.#post({ ...question, request }))
    if (answer.error !== undefined) throw new Error(answer.error)
    return answer
  }

  /** It will not come back by itself: the next run starts another. */
  #died(reason: string): void {
    this.#end(reason)
    this.#frame?.remove()
    this.#frame = undefined
    this.#state.value = 'dead'
  }

  #end(reason: string | undefined): void {
    const kernel = this.#kernel
    if (kernel === undefined) return
    this.#kernel = undefined
    this.#running = undefined
    this.#codes.clear()
    kernel.port?.close()
    this.#frame?.end()
    kernel.gate?.died(`The kernel of its notebook is gone. ${reason ?? 'It was restarted.'}`)
    this.#questions.failAll(GONE)
    this.#files.value = []
    for (const listener of this.#resetListeners) listener(reason)
  }
}

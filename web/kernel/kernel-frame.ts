/**
 * The frame of a kernel, as its page sees it: an opaque origin that starts, ends and replaces one Worker.
 *
 * It knows nothing of what page and Worker say. A frame speaks for itself only: origins are "null" here, so the window that speaks is compared.
 */
import type { FrameBoot, FrameSays } from './messages.ts'

export interface BootEvents {
  message(data: unknown): void
  /** The Worker's script could not start, or threw outside of everything. */
  died(message: string): void
}

const READY_MS = 15_000
/** A frame that has loaded and says nothing is no frame of ours: the server has answered something else. */
const SILENT_MS = 1_000

export class KernelFrame {
  readonly network: string
  moduleHost: string | null = null
  readonly #element: HTMLIFrameElement
  readonly #ready = Promise.withResolvers<this>()
  readonly #hear = (event: MessageEvent): void => this.#heard(event)
  #events: BootEvents | undefined
  readonly #timers: ReturnType<typeof setTimeout>[] = []

  constructor(path: string, network: string, parent: Element) {
    this.network = network
    this.#ready.promise.catch(() => undefined) // whoever boots is told
    const frame = document.createElement('iframe')
    frame.sandbox.add('allow-scripts')
    frame.hidden = true
    frame.title = 'Kernel'
    frame.referrerPolicy = 'no-referrer'
    frame.src = `${path}?network=${encodeURIComponent(network)}`
    this.#element = frame
    addEventListener('message', this.#hear)
    this.#fails(READY_MS, 'The server did not answer with the frame of the kernel.')
    frame.addEventListener('load', () => this.#fails(SILENT_MS, `The server gave no frame for the network “${network}”.`), { once: true })
    parent.append(frame)
  }

  /** @throws Error with a sentence, when the frame does not come. */
  ready(): Promise<this> {
    return this.#ready.promise
  }

  /** Starts a Worker in the place of the one before. Answers the page's end of the line to it. */
  boot(script: string, events: BootEvents): MessagePort {
    const { port1, port2 } = new MessageChannel()
    this.#events = events
    port1.addEventListener('message', ({ data }: MessageEvent) => events.message(data))
    port1.start()
    const boot: FrameBoot = { type: 'boot', script }
    this.#element.contentWindow?.postMessage(boot, '*', [port2])
    return port1
  }

  /** Ends the Worker. */
  end(): void {
    this.#events = undefined
    this.#element.contentWindow?.postMessage({ type: 'end' }, '*')
  }

  remove(): void {
    removeEventListener('message', this.#hear)
    for (const timer of this.#timers) clearTimeout(timer)
    this.#ready.reject(new Error('The kernel was ended before it began.'))
    this.#element.remove()
  }

  #fails(ms: number, sentence: string): void {
    this.#timers.push(setTimeout(() => this.#ready.reject(new Error(sentence)), ms))
  }

  #heard({ source, data }: MessageEvent): void {
    if (source !== this.#element.contentWindow || source === null) return
    const said = readSaid(data)
    if (said?.type === 'died') return this.#events?.died(said.message)
    if (said === undefined) return
    this.moduleHost = said.moduleHost === '' ? null : said.moduleHost
    for (const timer of this.#timers) clearTimeout(timer)
    this.#ready.resolve(this)
  }
}

function readSaid(data: unknown): FrameSays | undefined {
  if (typeof data !== 'object' || data === null || !('type' in data)) return undefined
  if (data.type === 'framed' && 'moduleHost' in data && typeof data.moduleHost === 'string') {
    return { type: 'framed', moduleHost: data.moduleHost }
  }
  return data.type === 'died' && 'message' in data ? { type: 'died', message: String(data.message) } : undefined
}

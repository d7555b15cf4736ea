/** The kernel's link to the workspace: frames go over the port to its page, which lets through what a kernel may say. */
import type { Link, LinkEvents, OpenLink } from '#sdk/client/link.ts'
import { hearEvent, type LinkEvent } from '#sdk/client/remote-link.ts'
import type { FromKernel } from './messages.ts'

export class PortLink {
  readonly #send: (message: FromKernel) => void
  #events: LinkEvents | undefined
  /** What came before anybody listened. */
  #early: LinkEvent[] = []

  constructor(send: (message: FromKernel) => void) {
    this.#send = send
  }

  readonly open: OpenLink = (events): Link => {
    this.#events = events
    const early = this.#early
    this.#early = []
    queueMicrotask(() => {
      for (const event of early) this.hear(event)
    })
    return {
      send: (frame, items) => this.#send({ type: 'send', frame, items }),
      close: () => (this.#events = undefined),
    }
  }

  /** The page has typed what it says; it is our own. */
  hear(event: LinkEvent): void {
    const events = this.#events
    if (events === undefined) return void this.#early.push(event)
    hearEvent(events, event)
  }
}

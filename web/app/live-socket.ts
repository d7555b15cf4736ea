/** The page's side of the socket that lives in a Worker: a link like any other. A Worker that cannot start or dies ends it with a sentence. */
import type { Link, LinkEvents, OpenLink } from '#sdk/client/link.ts'
import address from 'bundle:./live-worker.ts'
import type { FromLiveWorker, LiveSetup, ToLiveWorker } from './live-messages.ts'
import { startWorker } from './trusted.ts'

export const workerLink =
  (setup: Omit<LiveSetup, 'type'>): OpenLink =>
  (events) =>
    new WorkerLink(setup, events)

class WorkerLink implements Link {
  readonly #worker: Worker
  readonly #events: LinkEvents
  #isOver = false

  constructor(setup: Omit<LiveSetup, 'type'>, events: LinkEvents) {
    this.#events = events
    this.#worker = startWorker(address, 'flowcell live')
    this.#worker.addEventListener('message', ({ data }: MessageEvent<FromLiveWorker>) => this.#hear(data))
    this.#worker.addEventListener('error', ({ message }) => this.#died(message || 'its script did not load'))
    this.#post({ type: 'open', ...setup })
  }

  send(frame: number, items: string): void {
    if (!this.#isOver) this.#post({ type: 'send', frame, items })
  }

  hurry(): void {
    if (!this.#isOver) this.#post({ type: 'hurry' })
  }

  close(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#post({ type: 'close' })
  }

  #post(message: ToLiveWorker): void {
    this.#worker.postMessage(message)
  }

  #hear(message: FromLiveWorker): void {
    if (this.#isOver) return
    switch (message.type) {
      case 'welcome':
        return this.#events.welcome(message.welcome, message.resumed)
      case 'acked':
        return this.#events.acked(message.frame, message.answers)
      case 'refused':
        return this.#events.refused(message.frame, message.failure)
      case 'down':
        return this.#events.down(message.frame)
      case 'lost':
        return this.#events.lost(message.failure)
      case 'trouble':
        return this.#events.trouble(message.failure)
      case 'closed':
        this.#isOver = true
        this.#worker.terminate()
        return this.#events.closed(message.failure)
    }
  }

  #died(why: string): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#worker.terminate()
    this.#events.closed({ code: 'unexpected', detail: `The connection to the workspace ended inside this page: ${why}. Reload the page.` })
  }
}

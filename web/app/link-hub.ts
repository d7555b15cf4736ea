/**
 * One socket for several who speak: the page's own live client, and one per kernel. Each has a link of its own and counts its own frames.
 *
 * 1. Frames of all go over the one link in the order in which they came; an answer goes to whose frame it was.
 * 2. What comes down unasked goes to all: whoever does not hold the run or listen to the topic lets it pass.
 * 3. Closing one link closes only that; the socket lives until the hub is closed.
 */
import type { Failure } from '#sdk/client/failures.ts'
import type { Link, LinkEvents, OpenLink } from '#sdk/client/link.ts'
import type { Welcome } from '#sdk/protocol/frames.ts'

interface Speaker {
  readonly events: LinkEvents
}

export class LinkHub {
  readonly #link: Link
  readonly #speakers = new Set<Speaker>()
  readonly #frames = new Map<number, { readonly speaker: Speaker; readonly frame: number }>()
  #lastFrame = 0
  #welcome: Welcome | undefined
  #ending: Failure | undefined

  constructor(open: OpenLink) {
    this.#link = open({
      welcome: (welcome, resumed) => {
        this.#welcome = welcome
        this.#tell(({ events }) => events.welcome(welcome, resumed))
      },
      acked: (frame, answers) => this.#answered(frame, (events, own) => events.acked(own, answers)),
      refused: (frame, failure) => this.#answered(frame, (events, own) => events.refused(own, failure)),
      down: (frame) => this.#tell(({ events }) => events.down(frame)),
      lost: (failure) => {
        this.#welcome = undefined
        this.#tell(({ events }) => events.lost(failure))
      },
      trouble: (failure) => this.#tell(({ events }) => events.trouble(failure)),
      closed: (failure) => {
        this.#ending = failure
        this.#tell(({ events }) => events.closed(failure))
        this.#speakers.clear()
      },
    })
  }

  /** A link over the shared socket. */
  readonly open: OpenLink = (events) => {
    const speaker: Speaker = { events }
    this.#speakers.add(speaker)
    // Like any link, it says nothing before its opener has it.
    queueMicrotask(() => {
      if (!this.#speakers.has(speaker) && this.#ending === undefined) return
      if (this.#ending !== undefined) events.closed(this.#ending)
      else if (this.#welcome !== undefined) events.welcome(this.#welcome, false)
    })
    return {
      send: (frame, items) => {
        if (!this.#speakers.has(speaker)) return
        const number = ++this.#lastFrame
        this.#frames.set(number, { speaker, frame })
        this.#link.send(number, items)
      },
      close: () => void this.#speakers.delete(speaker),
    }
  }

  hurry(): void {
    this.#link.hurry?.()
  }

  close(): void {
    this.#speakers.clear()
    this.#link.close()
  }

  #answered(number: number, tell: (events: LinkEvents, frame: number) => void): void {
    const sent = this.#frames.get(number)
    this.#frames.delete(number)
    if (sent !== undefined && this.#speakers.has(sent.speaker)) tell(sent.speaker.events, sent.frame)
  }

  #tell(tell: (speaker: Speaker) => void): void {
    for (const speaker of this.#speakers) tell(speaker)
  }
}

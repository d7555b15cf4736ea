/** Asks for more whenever the element of class `more` comes into the sight of its host's reader. */
import type { LitElement, ReactiveController } from 'lit'

export class MoreInSight implements ReactiveController {
  readonly #host: LitElement
  readonly #observer: IntersectionObserver

  constructor(host: LitElement, more: () => void) {
    this.#host = host
    this.#observer = new IntersectionObserver((entries) => entries.some(({ isIntersecting }) => isIntersecting) && more())
    host.addController(this)
  }

  /** Observed anew, it tells again where it is: what is still in sight after more has come asks for more. */
  hostUpdated(): void {
    this.#observer.disconnect()
    const end = this.#host.renderRoot.querySelector('.more')
    if (end !== null) this.#observer.observe(end)
  }

  hostDisconnected(): void {
    this.#observer.disconnect()
  }
}

/** A value that tells who listens when it changes; and the Lit side of it. */
import type { ReactiveController, ReactiveControllerHost } from 'lit'

export interface ReadonlySignal<T> {
  readonly value: T
  /** Answers how to stop. The listener is not called at once. */
  subscribe(listener: () => void): () => void
}

export class Signal<T> implements ReadonlySignal<T> {
  #value: T
  readonly #listeners = new Set<() => void>()

  constructor(value: T) {
    this.#value = value
  }

  get value(): T {
    return this.#value
  }

  set value(value: T) {
    if (Object.is(value, this.#value)) return
    this.#value = value
    for (const listener of this.#listeners) listener()
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

/** Of those that may be left out, the ones that are looked at now. */
export type Watched = readonly (ReadonlySignal<unknown> | undefined)[]

/** Renders its element again whenever one of the signals changes, while the element is connected. */
export class Watch implements ReactiveController {
  readonly #host: ReactiveControllerHost
  readonly #signals: () => Watched
  #watched: Watched = []
  #stops: (() => void)[] = []

  /** @param signals Asked when the element is connected and after {@link Watch.again}. */
  constructor(host: ReactiveControllerHost, signals: () => Watched) {
    this.#host = host
    this.#signals = signals
    host.addController(this)
  }

  hostConnected(): void {
    this.again()
  }

  hostDisconnected(): void {
    for (const stop of this.#stops) stop()
    this.#stops = []
    this.#watched = []
  }

  /** The signals may be others now. */
  again(): void {
    const signals = this.#signals()
    const before = this.#watched
    if (signals.length === before.length && signals.every((signal, at) => signal === before[at])) return
    this.hostDisconnected()
    this.#watched = signals
    this.#stops = signals.flatMap((signal) => (signal === undefined ? [] : [signal.subscribe(() => this.#host.requestUpdate())]))
  }
}

/**
 * What this side of the socket listens to.
 *
 * 1. A topic's changes arrive in order, none twice, none missing; where one was missed, or another boot speaks, it is asked for again.
 * 2. A listener that joins a topic later makes the whole truth come again, for everybody.
 */
import type { Event, ItemAnswer, Reset, SubscribeItem, Topic, TopicPatch, UnsubscribeItem } from '../protocol/frames.ts'
import { ApiError } from './errors.ts'
import type { Failure } from './failures.ts'

export type TopicChange =
  /** The truth now; forget what was before. */
  | { readonly type: 'reset'; readonly snapshot: TopicPatch }
  | { readonly type: 'event'; readonly patch: TopicPatch }
  /** The workspace does not tell about this topic, or the session is over. */
  | { readonly type: 'refused'; readonly failure: Failure }
type Listener = (change: TopicChange) => void

interface TopicState {
  readonly listeners: Set<Listener>
  boot: string | undefined
  seq: number | undefined
  /** A question is on its way; a gap needs no second one. */
  isAsking: boolean
  isOver: boolean
}

export class Topics {
  readonly #topics = new Map<Topic, TopicState>()
  readonly #request: (item: SubscribeItem | UnsubscribeItem) => Promise<ItemAnswer>
  readonly #onTrouble: (failure: Failure) => void

  constructor(request: (item: SubscribeItem | UnsubscribeItem) => Promise<ItemAnswer>, onTrouble: (failure: Failure) => void) {
    this.#request = request
    this.#onTrouble = onTrouble
  }

  subscribe(topic: Topic, listener: Listener): () => void {
    const state = this.#topics.get(topic) ?? { listeners: new Set(), boot: undefined, seq: undefined, isAsking: false, isOver: false }
    state.listeners.add(listener)
    state.boot = state.seq = undefined
    this.#topics.set(topic, state)
    this.#ask(topic, state)
    return () => {
      if (!state.listeners.delete(listener) || state.listeners.size > 0) return
      this.#topics.delete(topic)
      this.#request({ type: 'unsubscribe', topic }).then(
        (told) => told.type === 'refused' && this.#onTrouble(told),
        () => undefined, // the session is over, and with it every subscription
      )
    }
  }

  hear(frame: Event | Reset): void {
    const state = this.#topics.get(frame.topic)
    if (state === undefined) return
    if (frame.type === 'reset') {
      state.boot = frame.boot
      state.seq = frame.seq
      return tell(state, { type: 'reset', snapshot: frame.snapshot })
    }
    if (state.seq === undefined || (state.boot === frame.boot && frame.seq <= state.seq)) return // the reset is on its way, or it was told
    if (state.boot === frame.boot && frame.seq === state.seq + 1) {
      state.seq = frame.seq
      return tell(state, { type: 'event', patch: frame.patch })
    }
    if (!state.isAsking) this.#ask(frame.topic, state)
  }

  /** A new connection knows of no topic. */
  askAgain(): void {
    for (const [topic, state] of this.#topics) this.#ask(topic, state)
  }

  end(error: ApiError): void {
    for (const state of this.#topics.values()) tellOver(state, error)
  }

  #ask(topic: Topic, state: TopicState): void {
    const { boot, seq } = state
    const known = boot === undefined || seq === undefined ? {} : { boot, seq }
    state.isAsking = true
    this.#request({ type: 'subscribe', topic, ...known }).then(
      (told) => {
        state.isAsking = false
        if (told.type === 'refused') tell(state, { type: 'refused', failure: told })
      },
      (error: unknown) => error instanceof ApiError && tellOver(state, error),
    )
  }
}

function tellOver(state: TopicState, error: ApiError): void {
  if (state.isOver || error.code === 'closed') return
  state.isOver = true
  tell(state, { type: 'refused', failure: error })
}

function tell(state: TopicState, change: TopicChange): void {
  for (const listener of state.listeners) listener(change)
}

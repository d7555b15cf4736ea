/** What a page and the Worker that holds its socket say to each other. */
import type { Failure } from '#sdk/client/failures.ts'
import type { Ack, Cancel, Event, Hello, Lost, Reset, Welcome } from '#sdk/protocol/frames.ts'

export interface LiveSetup {
  readonly type: 'open'
  readonly apiUrl: string
  readonly hello: Omit<Hello, 'type' | 'session'>
}
export type ToLiveWorker =
  | LiveSetup
  | { readonly type: 'send'; readonly frame: number; readonly items: string }
  | { readonly type: 'hurry' }
  | { readonly type: 'close' }
export type FromLiveWorker =
  | { readonly type: 'welcome'; readonly welcome: Welcome; readonly resumed: boolean }
  | { readonly type: 'acked'; readonly frame: number; readonly answers: Ack['answers'] }
  | { readonly type: 'refused'; readonly frame: number; readonly failure: Failure }
  | { readonly type: 'down'; readonly frame: Cancel | Lost | Event | Reset }
  | { readonly type: 'lost' | 'trouble' | 'closed'; readonly failure: Failure }

/** The page's side of the socket that lives in a Worker: a link like any other. A Worker that cannot start or dies ends it with a sentence. */
import type { OpenLink } from '#sdk/client/link.ts'
import { RemoteLink, type LinkEvent, type LinkOrder } from '#sdk/client/remote-link.ts'
import type { Hello } from '#sdk/protocol/frames.ts'
import address from 'bundle:./live-worker.ts'
import { startWorker } from './trusted.ts'

export interface LiveSetup {
  readonly apiUrl: string
  readonly hello: Omit<Hello, 'type' | 'session'>
}
export type ToLiveWorker = ({ readonly type: 'open' } & LiveSetup) | LinkOrder

export const workerLink =
  (setup: LiveSetup): OpenLink =>
  (events) => {
    const worker = startWorker(address, 'flowcell live')
    const post = (message: ToLiveWorker): void => worker.postMessage(message)
    const link = new RemoteLink({ post, leave: () => worker.terminate() }, events)
    const died = (why: string): void =>
      link.end({ code: 'unexpected', detail: `The connection to the workspace ended inside this page: ${why}. Reload the page.` })
    worker.addEventListener('message', ({ data }: MessageEvent<LinkEvent>) => link.hear(data))
    worker.addEventListener('error', ({ message }) => died(message || 'its script did not load'))
    post({ type: 'open', ...setup })
    return link
  }

/**
 * The Worker that holds a page's socket and its ping: timers of a hidden page are slowed down to one a minute, and user code or a long paint
 * must neither end a lease nor delay a frame that was handed over. The cookie of the page goes with it.
 */
import { probe } from '#sdk/client/failures.ts'
import { openLink, type Link } from '#sdk/client/link.ts'
import { obeyOrder, sayEvents } from '#sdk/client/remote-link.ts'
import type { ToLiveWorker } from './live-socket.ts'

let link: Link | undefined

// Only the page that started this Worker can post to it, and live-socket.ts types what it says.
addEventListener('message', ({ data }: MessageEvent<ToLiveWorker>) => {
  if (data.type === 'open') {
    const { apiUrl, hello } = data
    link = openLink(
      { apiUrl, hello, probe: () => probe(apiUrl, undefined) },
      sayEvents((event) => postMessage(event)),
    )
    return
  }
  if (link !== undefined) obeyOrder(link, data)
  if (data.type === 'close') close()
})

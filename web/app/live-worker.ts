/**
 * The Worker that holds a page's socket and its ping: timers of a hidden page are slowed down to one a minute, and user code or a long paint
 * must neither end a lease nor delay a frame that was handed over. The cookie of the page goes with it.
 */
import { probe } from '#sdk/client/failures.ts'
import { openLink, type Link } from '#sdk/client/link.ts'
import type { FromLiveWorker, ToLiveWorker } from './live-messages.ts'

const say = (message: FromLiveWorker): void => postMessage(message)
let link: Link | undefined

// Only the page that started this Worker can post to it, and live-socket.ts types what it says.
addEventListener('message', ({ data }: MessageEvent<ToLiveWorker>) => {
  switch (data.type) {
    case 'open':
      link = openLink(
        { apiUrl: data.apiUrl, hello: data.hello, probe: () => probe(data.apiUrl, undefined) },
        {
          welcome: (welcome, resumed) => say({ type: 'welcome', welcome, resumed }),
          acked: (frame, answers) => say({ type: 'acked', frame, answers }),
          refused: (frame, failure) => say({ type: 'refused', frame, failure }),
          down: (frame) => say({ type: 'down', frame }),
          lost: (failure) => say({ type: 'lost', failure }),
          trouble: (failure) => say({ type: 'trouble', failure }),
          closed: (failure) => say({ type: 'closed', failure }),
        },
      )
      return
    case 'send':
      return link?.send(data.frame, data.items)
    case 'hurry':
      return link?.hurry?.()
    case 'close':
      link?.close()
      return close()
  }
})

/**
 * The thread that holds the live socket of a Node process: user code that blocks the main thread neither ends the lease nor delays a frame
 * that was handed over.
 *
 * `settled` in the shared memory counts the frames that need no more care, so that a main thread that is about to end can wait for them
 * without its event loop.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { probe } from '../client/failures.ts'
import { openLink } from '../client/link.ts'
import type { ThreadSetup, ToMain, ToThread } from './node-live.ts'

const port = parentPort
if (port === null) throw new Error('node-live-worker.ts runs as a thread of a Flowcell process only.')
// Its only caller is node-live.ts, which types what it gives.
const { apiUrl, token, hello, settled } = workerData as ThreadSetup
const counter = new Int32Array(settled)

const say = (message: ToMain): void => port.postMessage(message)
const settle = (count: number): void => {
  Atomics.add(counter, 0, count)
  Atomics.notify(counter, 0)
}
const link = openLink(
  { apiUrl, token, hello, probe: () => probe(apiUrl, token) },
  {
    welcome: (welcome, resumed) => say({ type: 'welcome', welcome, resumed }),
    acked: (frame, answers) => {
      say({ type: 'acked', frame, answers })
      settle(1)
    },
    refused: (frame, failure) => {
      say({ type: 'refused', frame, failure })
      settle(1)
    },
    down: (frame) => say({ type: 'down', frame }),
    lost: (failure) => say({ type: 'lost', failure }),
    trouble: (failure) => say({ type: 'trouble', failure }),
    closed: (failure) => {
      say({ type: 'closed', failure })
      settle(2 ** 30) // whatever was handed over will not go any more
    },
  },
)
port.on('message', (message: ToThread) => {
  if (message.type === 'send') return link.send(message.frame, message.items)
  link.close()
  port.close()
})

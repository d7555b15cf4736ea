/**
 * The thread that holds the live socket of a Node process: user code that blocks the main thread neither ends the lease nor delays a frame
 * that was handed over.
 *
 * The shared memory counts the frames that need no more care and says whether there is a connection, so that a main thread that is busy or
 * about to end knows both without its event loop.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { probe } from '../client/failures.ts'
import { openLink } from '../client/link.ts'
import { obeyOrder, sayEvents, type LinkEvent, type LinkOrder } from '../client/remote-link.ts'
import { SETTLED, UP, type ThreadSetup } from './shared-progress.ts'

const port = parentPort
if (port === null) throw new Error('node-live-worker.ts runs as a thread of a Flowcell process only.')
// Its only caller is node-live.ts, which types what it gives.
const { apiUrl, token, hello, shared } = workerData as ThreadSetup
const progress = new Int32Array(shared)

const settle = (count: number): void => {
  Atomics.add(progress, SETTLED, count)
  Atomics.notify(progress, SETTLED)
}
const setUp = (isUp: boolean): void => {
  Atomics.store(progress, UP, isUp ? 1 : 0)
  Atomics.notify(progress, SETTLED) // whoever waits for room looks again
}
const say = (event: LinkEvent): void => {
  const { type } = event
  if (type === 'welcome') setUp(true)
  if (type === 'lost' || type === 'closed') setUp(false)
  port.postMessage(event)
  if (type === 'acked' || type === 'refused') settle(1)
  if (type === 'closed') settle(2 ** 30) // whatever was handed over will not go any more
}
const link = openLink({ apiUrl, token, hello, probe: () => probe(apiUrl, token) }, sayEvents(say))
port.on('message', (order: LinkOrder) => {
  obeyOrder(link, order)
  if (order.type === 'close') port.close()
})

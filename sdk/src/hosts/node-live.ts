/**
 * The main thread's side of the live socket: a link whose socket lives in a thread of its own.
 *
 * 1. The thread keeps the process alive until the first greeting and while something waits or is on its way, and not a moment longer.
 * 2. A thread that cannot start or dies ends the link with a sentence.
 */
import { Worker } from 'node:worker_threads'
import type { Link, LinkEvents, OpenLink } from '../client/link.ts'
import { RemoteLink, type LinkEvent, type LinkOrder } from '../client/remote-link.ts'
import { SharedProgress, type ThreadSetup } from './shared-progress.ts'

export interface ThreadLink {
  readonly open: OpenLink
  /** Blocks this thread until everything that was handed over is durable, or the time is up. Answers which. */
  waitSettled(timeoutMs: number): boolean
}

/** The compiled package has `.js` where the source has `.ts`. */
const SCRIPT = new URL(`./node-live-worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)

export function threadLink(setup: Omit<ThreadSetup, 'shared'>): ThreadLink {
  const progress = new SharedProgress()
  return {
    open: (events) => openThread({ ...setup, shared: progress.memory }, events, progress),
    waitSettled: (timeoutMs) => progress.waitSettled(timeoutMs),
  }
}

function openThread(workerData: ThreadSetup, events: LinkEvents, progress: SharedProgress): Link {
  // Without the process's own flags: a loader or a watcher of the user is no business of this thread.
  const worker = new Worker(SCRIPT, { name: 'flowcell-live', workerData, execArgv: [], stdout: false, stderr: false })
  const post = (order: LinkOrder): void => {
    if (order.type === 'close') worker.unref()
    worker.postMessage(order)
  }
  const link = new RemoteLink({ post, leave: () => post({ type: 'close' }) }, events)
  let isGreeted = false
  let isHeld = false
  const hold = (isNeeded: boolean): void => {
    isHeld = isNeeded
    if (isNeeded || !isGreeted) worker.ref()
    else worker.unref()
  }
  const died = (why: string): void =>
    link.end({ code: 'unexpected', detail: `The thread that holds the connection to the workspace ended: ${why}` })
  worker.on('message', (event: LinkEvent) => {
    if (event.type === 'welcome' && !link.isOver) {
      isGreeted = true
      hold(isHeld)
    }
    link.hear(event)
  })
  worker.on('error', (error) => died(String(error)))
  worker.on('exit', (code) => died(`it exited with ${code}`))
  return {
    send: (frame, items) => {
      if (!link.isOver) progress.handOver()
      link.send(frame, items)
    },
    hold,
    isUp: () => progress.isUp,
    hasRoom: () => !link.isOver && progress.waitForRoom(),
    close: () => link.close(),
  }
}

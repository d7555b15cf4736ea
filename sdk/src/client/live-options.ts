/** What a live socket is opened with, and whom it tells what. */
import type { Cancel, Hello, Lost, Welcome } from '../protocol/frames.ts'
import type { LiveClock } from './clock.ts'
import type { Failure } from './failures.ts'
import type { OpenLink } from './link.ts'
import type { SocketConstructor } from './socket.ts'

/** What the workspace did not take of what was reported; nobody waits for it, so it is told here. */
export interface ReportRefused {
  readonly run: string | null
  readonly what: 'task' | 'log'
  readonly failure: Failure
}

export interface LiveOptions {
  /** Such as `http://127.0.0.1:8787/w/…/api`. */
  readonly apiUrl: string
  readonly token?: string | undefined
  readonly kind: Hello['kind']
  /** Shown to people: "script on laptop (process 4711)". */
  readonly name: string
  readonly labels?: Hello['labels']
  readonly socket?: SocketConstructor
  readonly clock?: LiveClock
  /** Asks why a socket does not open; by default over HTTP. */
  readonly probe?: () => Promise<Failure | undefined>
  /** Carries the frames instead of a link in this thread. */
  readonly link?: OpenLink
  readonly onReportRefused?: (refused: ReportRefused) => void
  readonly onStop?: (stop: Cancel | Lost) => void
  /** Greeted, first or again; `resumed` is false when the workspace began a new session. */
  readonly onWelcome?: (welcome: Welcome, resumed: boolean) => void
  /** The connection was lost, or did not come about; another is tried. */
  readonly onLost?: (failure: Failure) => void
  /** The workspace said something that nobody asked. */
  readonly onTrouble?: (failure: Failure) => void
}

/** The one alarm: the earliest of all that is due. */
import type { Instant } from '../protocol/instants.ts'

/** The earliest due time of each kind of thing that waits; null where nothing waits. A new kind is a new field, so nobody forgets it. */
export interface Dues {
  /** The earliest `leaseUntil` of a session that holds runs. */
  readonly lease: Instant | null
  /** The earliest end of a grace period of a run that is being cancelled, see `cancelDeadline`. */
  readonly cancelDeadline: Instant | null
}

/** When the workspace must look again; null for not before somebody asks. */
export function nextWake(dues: Dues): Instant | null {
  const waiting = [dues.lease, dues.cancelDeadline].filter((due) => due !== null)
  return waiting.length === 0 ? null : Math.min(...waiting)
}

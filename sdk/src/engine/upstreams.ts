/** What a task run waits for before it can start. */
import { FutureList } from './future-list.ts'
import { TaskFuture } from './futures.ts'
import type { Upstream } from './inputs.ts'
import type { TaskFrame } from './task-frame.ts'

/** Waits for what the run depends on; answers the first that did not complete. */
export async function upstreamsReady(
  frame: TaskFrame,
  upstreams: readonly Upstream[],
): Promise<TaskFrame | { readonly error: unknown } | undefined> {
  for (const { future } of upstreams) dependOn(frame, future)
  frame.report()
  for (const { future, mayFail } of upstreams) {
    if (future instanceof FutureList && !FutureList.isKnown(future)) {
      await future.expanded()
      dependOn(frame, future)
    }
    const expansion = future instanceof FutureList ? FutureList.failureOf(future) : undefined
    if (expansion?.ok === false && !mayFail) return { error: expansion.error }
    for (const one of future instanceof TaskFuture ? [future] : future) {
      await TaskFuture.settledOf(one)
      if (!mayFail && !TaskFuture.outcomeOf(one).ok) return TaskFuture.frameOf(one)
    }
  }
  return undefined
}

/** What becomes of an upstream shows in this run, so whoever looks at this one looks at that. */
function dependOn(frame: TaskFrame, future: TaskFuture<unknown> | FutureList<unknown>): void {
  if (future instanceof FutureList && !FutureList.isKnown(future)) return
  const frames = (future instanceof TaskFuture ? [future] : [...future]).map((one) => TaskFuture.frameOf(one))
  frame.upstream = frame.upstream.length === 0 ? frames : [...frame.upstream, ...frames]
  if (frame.isObserved) for (const one of frames) one.observe()
}

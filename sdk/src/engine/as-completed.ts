/** Many futures at once, as they end. */
import { settledAll } from './future-list.ts'
import { TaskFuture } from './futures.ts'
import { lateError, waitFor, type WaitOptions } from './waiting.ts'

/** Yields the futures in the order in which they end. */
export async function* asCompleted<T>(
  futures: Iterable<TaskFuture<T>>,
  { timeoutSeconds }: WaitOptions = {},
): AsyncGenerator<TaskFuture<T>, void, void> {
  const open = new Set(futures)
  const [first] = open
  if (first === undefined) return
  const ready: TaskFuture<T>[] = []
  let wake: (() => void) | undefined
  for (const future of open) {
    TaskFuture.frameOf(future).observe()
    TaskFuture.onSettled(future, () => {
      ready.push(future)
      wake?.()
    })
  }
  const { core } = TaskFuture.frameOf(first)
  const deadline = timeoutSeconds === undefined ? undefined : core.host.now() + timeoutSeconds * 1e6
  while (open.size > 0) {
    const next = ready.shift()
    if (next !== undefined) {
      open.delete(next)
      yield next
      continue
    }
    const woken = new Promise<void>((done) => (wake = done))
    const left = deadline === undefined ? undefined : Math.max(0, deadline - core.host.now()) / 1e6
    if (!(await waitFor(TaskFuture.frameOf(first), woken, left))) throw lateError(`${open.size} of the task runs`, timeoutSeconds)
  }
}

export interface DoneAndNotDone<T> {
  readonly done: ReadonlySet<TaskFuture<T>>
  readonly notDone: ReadonlySet<TaskFuture<T>>
}

/** Waits until all have ended, or for `timeoutSeconds`, and tells which have. */
export async function wait<T>(futures: Iterable<TaskFuture<T>>, { timeoutSeconds }: WaitOptions = {}): Promise<DoneAndNotDone<T>> {
  const all = new Set(futures)
  const [first] = all
  for (const future of all) TaskFuture.frameOf(future).observe()
  if (first !== undefined) await waitFor(TaskFuture.frameOf(first), settledAll([...all], false), timeoutSeconds)
  const done = new Set([...all].filter((future) => TaskFuture.isSettled(future)))
  return { done, notDone: new Set([...all].filter((future) => !done.has(future))) }
}

/** What the workspace is told of a task run: what it does not know yet, in pieces that fit a frame. */
import type { TaskItem } from '../protocol/frames.ts'
import { MAX_REPORT_BYTES } from '../protocol/limits.ts'
import type { State } from '../protocol/states.ts'
import type { TaskRun } from '../protocol/task-run.ts'
import { utf8Length } from '../protocol/utf8-length.ts'

/** So few states fit one item, whatever they say. */
const FEW = 4

export interface News {
  readonly epoch: number
  /** How many of the states are known. */
  readonly from: number
  readonly isNew: boolean
  readonly isRenamed: boolean
  readonly isInFlow: boolean
}

export function reportsOf(run: TaskRun, { from, ...news }: News): readonly Omit<TaskItem, 'type'>[] {
  const fresh = from === 0 ? run.states : run.states.slice(from)
  if (fresh.length <= FEW) return [itemOf(run, { from, ...news }, fresh)]
  const items: Omit<TaskItem, 'type'>[] = []
  let first = from
  for (const states of pieces(fresh)) {
    items.push(itemOf(run, items.length === 0 ? { from, ...news } : { ...news, from: first, isNew: false, isRenamed: false }, states))
    first += states.length
  }
  return items
}

function* pieces(states: readonly State[]): Generator<readonly State[]> {
  let piece: State[] = []
  let bytes = 0
  for (const state of states) {
    const more = utf8Length(JSON.stringify(state))
    if (piece.length > 0 && bytes + more > MAX_REPORT_BYTES) {
      yield piece
      piece = []
      bytes = 0
    }
    piece.push(state)
    bytes += more
  }
  yield piece
}

function itemOf(run: TaskRun, { epoch, from, isNew, isRenamed, isInFlow }: News, states: readonly State[]): Omit<TaskItem, 'type'> {
  return {
    run: run.flow_run_id,
    epoch,
    id: run.id,
    from,
    states,
    ...(isNew && { create: creationOf(run) }),
    ...(isRenamed && !isNew && { name: run.name }),
    ...(isInFlow && { flow_run_run_count: run.flow_run_run_count }),
  }
}

function creationOf(run: TaskRun) {
  const { task_version, empirical_policy, tags, labels, task_inputs } = run
  return {
    created: run.created,
    name: run.name,
    task_key: run.task_key,
    dynamic_key: run.dynamic_key,
    ...(task_version !== null && { task_version }),
    ...(hasAny(empirical_policy) && { empirical_policy }),
    ...(tags.length > 0 && { tags }),
    ...(hasAny(labels) && { labels }),
    ...(hasAny(task_inputs) && { task_inputs }),
  }
}

function hasAny(record: object): boolean {
  for (const _ in record) return true
  return false
}

/** Logs in short lines: whole segments, from the newest to the oldest. */
import { ProblemError } from '#sdk/protocol/errors.ts'
import type { TaskRunId } from '#sdk/protocol/ids.ts'
import { MAX_LOG_PAGE_CHARACTERS, MAX_LOG_PAGE_LINES, MAX_LOG_SCAN_BYTES } from '#sdk/protocol/limits.ts'
import type { LogLine } from '#sdk/protocol/log.ts'
import type { LogPage } from '#sdk/protocol/overviews.ts'
import type { Logs } from '../storage/logs.ts'
import { flowRunOrProblem } from './flow-runs.ts'
import type { Handler } from './unit.ts'

type Segment = LogPage['segments'][number]

export const logOfFlowRun: Handler<'flow_runs.log'> = (unit, { params, query }) => {
  const run = flowRunOrProblem(unit, params.id)
  const { logs } = unit.store
  return { output: { ...pageOf(logs, run.id, query.before, () => true), total: logs.countOf(run.id) } }
}

/** A task run's lines stand in the log of its flow run; outside flows it has a log of its own. */
export const logOfTaskRun: Handler<'task_runs.log'> = ({ store }, { params, query }) => {
  const task = store.taskRuns.find(params.id)
  if (task === undefined) throw new ProblemError('not_found', `There is no task run ${params.id}.`)
  const isOwn = task.flow_run_id === null
  const page = pageOf(store.logs, task.flow_run_id ?? task.id, query.before, ({ k }) => isOwn || k === task.id)
  return { output: { ...page, total: isOwn ? store.logs.countOf(task.id) : null } }
}

function pageOf(logs: Logs, stream: string, before: number | undefined, isWanted: (line: LogLine) => boolean): Omit<LogPage, 'total'> {
  const packer = new Packer(isWanted)
  let number = (before ?? Number.MAX_SAFE_INTEGER) - 1
  let scanned = 0
  while (number >= 0) {
    const segment = logs.segmentBack(stream, number)
    if (segment === undefined) break
    packer.add(segment.first, segment.lines.slice(0, number - segment.first + 1))
    scanned += segment.size
    number = segment.first - 1
    if (packer.lines >= MAX_LOG_PAGE_LINES || packer.characters >= MAX_LOG_PAGE_CHARACTERS || scanned >= MAX_LOG_SCAN_BYTES) {
      return { ...packer.page(), next: number < 0 || logs.segmentBack(stream, number) === undefined ? null : number + 1 }
    }
  }
  return { ...packer.page(), next: null }
}

class Packer {
  lines = 0
  characters = 0
  readonly #isWanted: (line: LogLine) => boolean
  readonly #names = new Map<string, number>()
  readonly #tasks = new Map<TaskRunId, number>()
  readonly #segments: Segment[] = []

  constructor(isWanted: (line: LogLine) => boolean) {
    this.#isWanted = isWanted
  }

  /** Lines that follow one another; a line that is not wanted ends what stands together. */
  add(first: number, lines: readonly LogLine[]): void {
    const found: Segment[] = []
    let open: Segment | undefined
    for (const [index, line] of lines.entries()) {
      if (!this.#isWanted(line)) {
        open = undefined
        continue
      }
      if (open === undefined) found.push((open = { first: first + index, base: line.t, lines: [] }))
      open.lines.push(this.#pack(line, open.base))
      this.lines += 1
      this.characters += line.m.length
    }
    this.#segments.push(...found.toReversed())
  }

  #pack({ t, l, m, n, k, o }: LogLine, base: number): Segment['lines'][number] {
    const name = placeOf(this.#names, n)
    const task = k === undefined ? -1 : placeOf(this.#tasks, k)
    return o === true ? [t - base, l, m, name, task, 1] : [t - base, l, m, name, task]
  }

  page(): Omit<LogPage, 'total' | 'next'> {
    return { names: [...this.#names.keys()], tasks: [...this.#tasks.keys()], segments: this.#segments.toReversed() }
  }
}

function placeOf<T>(places: Map<T, number>, value: T): number {
  const known = places.get(value)
  if (known !== undefined) return known
  places.set(value, places.size)
  return places.size - 1
}

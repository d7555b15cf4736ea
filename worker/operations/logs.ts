/** Log lines as REST clients send and read them. */
import { ProblemError } from '#sdk/protocol/errors.ts'
import type { LogFilter } from '#sdk/protocol/filters.ts'
import { formatInstant } from '#sdk/protocol/instants.ts'
import { MAX_LOG_MESSAGE_LENGTH } from '#sdk/protocol/limits.ts'
import type { LogCreate, LogLine } from '#sdk/protocol/log.ts'
import { NO_RUN_STREAM, type Place } from '../storage/logs.ts'
import type { Store } from '../storage/store.ts'
import { appendLines, nextLineNumber, type Stream } from './append-lines.ts'
import { flowRunOrProblem } from './flow-runs.ts'
import { lineMatcher } from './match-line.ts'
import { presentLine } from './present.ts'
import { readLines } from './read-lines.ts'
import type { Handler, Unit } from './unit.ts'

const CUT = '… [truncated]'

export const createLogs: Handler<'logs.create'> = (unit, { body }) => {
  const streams = new Map<string, { readonly stream: Stream; readonly lines: LogLine[] }>()
  for (const log of body) {
    const stream = streamOf(unit, log)
    const entry = streams.get(stream.stream) ?? { stream, lines: [] }
    entry.lines.push(lineOf(log))
    streams.set(stream.stream, entry)
  }
  for (const { stream, lines } of streams.values()) {
    appendLines(unit, { ...stream, first: nextLineNumber(unit, stream.stream), lines }, 0)
  }
  return {}
}

/** A task run's lines stand in the log of its flow run. */
function streamOf({ store }: Unit, { flow_run_id, task_run_id }: LogCreate): Stream {
  const task = task_run_id == null ? undefined : store.taskRuns.find(task_run_id)
  const run = flow_run_id ?? task?.flow_run_id ?? null
  if (run !== null) {
    if (!store.flowRuns.has(run)) throw new ProblemError('not_found', `There is no flow run ${run}.`)
    return { stream: run, kind: 'flow_run' }
  }
  if (task_run_id == null) return { stream: NO_RUN_STREAM, kind: 'none' }
  if (task === undefined) throw new ProblemError('not_found', `There is no task run ${task_run_id}.`)
  return { stream: task_run_id, kind: 'task_run' }
}

function lineOf({ name, level, message, timestamp, task_run_id }: LogCreate): LogLine {
  const m = message.length <= MAX_LOG_MESSAGE_LENGTH ? message : message.slice(0, MAX_LOG_MESSAGE_LENGTH - CUT.length) + CUT
  return { t: timestamp, l: level, m, n: name, ...(task_run_id != null && { k: task_run_id }) }
}

export const filterLogs: Handler<'logs.filter'> = ({ store }, { body }) => {
  const { logs: filter, sort, limit, offset, cursor } = body
  const { lines, next } = readLines(store.logs, {
    streams: streamsOf(store, filter),
    isBackwards: sort === 'TIMESTAMP_DESC',
    after: cursor == null ? undefined : placeOf(cursor),
    matches: lineMatcher(filter),
    offset,
    limit,
  })
  const output = lines.map(({ line, stream, kind, number }) => presentLine(line, stream, kind, number))
  return next === undefined ? { output } : { output, headers: { [NEXT_CURSOR]: `${next.stream}:${next.number}` } }
}

const NEXT_CURSOR = 'x-flowcell-next-cursor'

function placeOf(cursor: string): Place {
  const [stream = '', number = ''] = cursor.split(':')
  if (/^[0-9a-f-]{36}$/.test(stream) && /^\d{1,16}$/.test(number)) return { stream, number: Number(number) }
  throw new ProblemError('invalid_request', `cursor: expected what the header ${NEXT_CURSOR} of the page before said.`)
}

/** The streams in which a line that matches can be; undefined for any. */
function streamsOf(store: Store, filter: LogFilter | null | undefined): readonly string[] | undefined {
  if (filter == null || filter.operator === 'or_') return undefined
  const { flow_run_id, task_run_id } = filter
  if (flow_run_id?.any_ != null) return [...new Set(flow_run_id.any_)]
  if (task_run_id?.any_ != null) return [...new Set(task_run_id.any_.map((id) => store.taskRuns.find(id)?.flow_run_id ?? id))]
  return undefined
}

export const downloadLogs: Handler<'flow_runs.download_logs'> = (unit, { params }) => {
  const run = flowRunOrProblem(unit, params.id)
  const file = `${run.name.replaceAll(/[^\w.-]+/g, '-')}-logs.csv`
  return { output: csvOf(unit.store, run.id), headers: { 'content-disposition': `attachment; filename="${file}"` } }
}

/** Read segment by segment as fast as it is taken, so that a million lines never stand in memory. */
function csvOf({ logs }: Store, stream: string): ReadableStream {
  const encoder = new TextEncoder()
  let number = 0
  return new ReadableStream({
    type: 'bytes',
    start(controller) {
      controller.enqueue(encoder.encode('timestamp,level,flow_run_id,task_run_id,message\r\n'))
    },
    pull(controller) {
      const segment = logs.segmentFrom(stream, number)
      if (segment === undefined) return controller.close()
      number = segment.first + segment.lines.length
      const rows = segment.lines.map(({ t, l, m, k }) => [formatInstant(t), String(l), stream, k ?? '', m].map(csvCell).join(',') + '\r\n')
      controller.enqueue(encoder.encode(rows.join('')))
    },
  })
}

const csvCell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

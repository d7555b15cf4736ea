/** What `flowcell flow-run logs` and `flowcell task-run logs` do. */
import { MAX_PAGE } from '../../protocol/limits.ts'
import type { LogOutput } from '../../protocol/log.ts'
import { LOG_LEVELS } from '../../protocol/log-levels.ts'
import type { LogOptions } from '../commands/logs.ts'
import type { Context } from '../context.ts'
import { logLine } from '../output/log.ts'
import { connect, type Workspace } from '../workspace.ts'
import { findFlowRun, findTaskRun } from './find.ts'
import { followLog } from './follow-log.ts'
import { lastLines, logPages, type LogOwner, type LogQuestion } from './log-pages.ts'

export async function flowRunLogs(context: Context, text: string, options: LogOptions): Promise<void> {
  const workspace = await connect(context)
  const { id, name } = await findFlowRun(workspace, context.terminal, text, 'newest')
  await showLog(context, workspace, { flowRun: { id, name }, taskRun: undefined }, options)
}

export async function taskRunLogs(context: Context, text: string, options: LogOptions): Promise<void> {
  const workspace = await connect(context)
  const { id, name, flow_run_id } = await findTaskRun(workspace, context.terminal, text)
  // Its lines all have its own name, so the flow run's is not needed.
  const flowRun = flow_run_id === null ? undefined : { id: flow_run_id, name: '' }
  await showLog(context, workspace, { flowRun, taskRun: { id, name } }, options)
}

async function showLog(context: Context, workspace: Workspace, owner: LogOwner, options: LogOptions): Promise<void> {
  const write = options.output === 'json' ? jsonWriter(context, options) : textWriter(context, workspace, owner)
  const question = questionOf(owner, options)
  if (options.follow === true) await followLog(context, workspace, owner, question, options.tail, write.lines)
  else for await (const page of pagesOf(workspace, question, options)) await write.lines(page)
  await write.end()
}

/** Names the run, so that only its lines are read, and the task run where one is meant. */
function questionOf({ flowRun, taskRun }: LogOwner, { level }: LogOptions): LogQuestion {
  return {
    ...(flowRun === undefined ? {} : { flow_run_id: { any_: [flowRun.id] } }),
    ...(taskRun === undefined ? {} : { task_run_id: { any_: [taskRun.id] } }),
    ...(level === undefined ? {} : { level: { ge_: LOG_LEVELS[level] } }),
  }
}

async function* pagesOf(workspace: Workspace, question: LogQuestion, { tail, reverse }: LogOptions): AsyncGenerator<readonly LogOutput[]> {
  if (reverse === true) yield* logPages(workspace, question, { backwards: true, ...(tail === undefined ? {} : { count: tail }) })
  else if (tail === undefined) yield* logPages(workspace, question, { backwards: false })
  else yield await lastLines(workspace, question, tail)
}

interface Writer {
  readonly lines: (lines: readonly LogOutput[]) => Promise<void>
  readonly end: () => Promise<void>
}

/** One array that is written page by page; with --follow, which has no end to wait for, one object a line. */
function jsonWriter({ terminal }: Context, { follow }: LogOptions): Writer {
  let opening = '[\n'
  return {
    lines: async (lines) => {
      if (lines.length === 0) return
      const texts = lines.map((line) => JSON.stringify(line))
      if (follow === true) return terminal.print(texts.join('\n'))
      await terminal.write(`${opening}${texts.map((text) => `  ${text}`).join(',\n')}`)
      opening = ',\n'
    },
    end: async () => {
      if (follow !== true) await terminal.print(opening === '[\n' ? '[]' : '\n]')
    },
  }
}

function textWriter({ terminal }: Context, workspace: Workspace, { flowRun, taskRun }: LogOwner): Writer {
  const names = new Map<string, string>(taskRun === undefined ? [] : [[taskRun.id, taskRun.name]])
  return {
    lines: async (lines) => {
      await learnNames(workspace, names, lines)
      const whoOf = ({ task_run_id: task }: LogOutput): string =>
        task === null ? `Flow run '${flowRun?.name ?? ''}'` : `Task run '${names.get(task) ?? task}'`
      if (lines.length > 0) await terminal.print(lines.map((line) => logLine(terminal, line, whoOf(line))).join('\n'))
    },
    end: () => Promise.resolve(),
  }
}

/** Adds the names of task runs that these lines name first. */
async function learnNames(workspace: Workspace, names: Map<string, string>, lines: readonly LogOutput[]): Promise<void> {
  const unknown = [...new Set(lines.flatMap(({ task_run_id: id }) => (id === null || names.has(id) ? [] : [id])))]
  for (let at = 0; at < unknown.length; at += MAX_PAGE) {
    const any_ = unknown.slice(at, at + MAX_PAGE)
    const runs = await workspace.call('task_runs.filter', { body: { task_runs: { id: { any_ } }, limit: MAX_PAGE } })
    for (const { id, name } of runs) names.set(id, name)
  }
}

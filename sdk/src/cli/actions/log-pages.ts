/** The lines of a log, page after page, by the server's own cursor: fast at any depth. */
import { createClient } from '../../client/http.ts'
import type { FlowRunId, TaskRunId } from '../../protocol/ids.ts'
import type { LogOutput } from '../../protocol/log.ts'
import { MAX_PAGE } from '../../protocol/limits.ts'
import type { OperationRequest } from '../../protocol/operations.ts'
import type { Workspace } from '../workspace.ts'

export type LogQuestion = NonNullable<NonNullable<OperationRequest<'logs.filter'>['body']>['logs']>
/** Whose log it is. */
export interface LogOwner {
  readonly flowRun: { readonly id: FlowRunId; readonly name: string } | undefined
  readonly taskRun: { readonly id: TaskRunId; readonly name: string } | undefined
}

const NEXT_CURSOR = 'x-flowcell-next-cursor'

/** Up to `count` lines, oldest first, or newest first when `backwards`. */
export async function* logPages(
  { apiUrl, token }: Workspace,
  logs: LogQuestion,
  { backwards, count = Number.POSITIVE_INFINITY }: { readonly backwards: boolean; readonly count?: number },
): AsyncGenerator<readonly LogOutput[]> {
  let cursor: string | null = null
  const client = createClient({
    apiUrl,
    token,
    fetch: async (...request) => {
      const answer = await fetch(...request)
      cursor = answer.headers.get(NEXT_CURSOR)
      return answer
    },
  })
  for (let left = count; left > 0;) {
    const body = { logs, limit: Math.min(MAX_PAGE, left), sort: backwards ? 'TIMESTAMP_DESC' : 'TIMESTAMP_ASC', cursor } as const
    const page = await client.call('logs.filter', { body })
    left -= page.length
    if (page.length > 0) yield page
    if (cursor === null) return
  }
}

/** The last lines, oldest first. */
export async function lastLines(workspace: Workspace, question: LogQuestion, count: number): Promise<readonly LogOutput[]> {
  const lines: LogOutput[] = []
  for await (const page of logPages(workspace, question, { backwards: true, count })) lines.push(...page)
  return lines.toReversed()
}

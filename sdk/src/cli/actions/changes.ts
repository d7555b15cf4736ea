/** What happens to a topic, one change after another, over the live socket. */
import { hostname } from 'node:os'
import { ApiError } from '../../client/errors.ts'
import { Live } from '../../client/live.ts'
import type { TopicChange } from '../../client/topics.ts'
import type { FlowRunId } from '../../protocol/ids.ts'
import type { Context } from '../context.ts'
import type { Workspace } from '../workspace.ts'

export type Change = Exclude<TopicChange, { type: 'refused' }>

export interface Changes {
  /** Waits for the next change; undefined when none came within so many milliseconds. The first one is a reset: the truth now. */
  readonly next: (withinMs?: number) => Promise<Change | undefined>
  readonly close: () => void
}

/**
 * @throws ApiError when the workspace refuses, or does not answer at first. A connection that is lost later comes back by itself.
 */
export async function changesOf({ terminal }: Context, { apiUrl, token }: Workspace, run: FlowRunId): Promise<Changes> {
  let isLost = false
  let isReady = false
  const live = new Live({
    apiUrl,
    token,
    kind: 'script',
    name: `command line on ${hostname()} (process ${process.pid})`,
    onLost: ({ detail }) => {
      if (!isLost && isReady) terminal.note(terminal.style('dim', `${detail} Trying again…`))
      isLost = true
    },
    onWelcome: () => {
      if (isLost && isReady) terminal.note(terminal.style('dim', 'The connection is back.'))
      isLost = false
    },
  })
  const waiting: TopicChange[] = []
  let wake = (): void => undefined
  await live.ready()
  isReady = true
  live.subscribe(`flow_run:${run}`, (change) => {
    waiting.push(change)
    wake()
  })
  return {
    close: () => live.close(),
    next: async (withinMs) => {
      if (waiting.length === 0) {
        const news = Promise.withResolvers<void>()
        wake = news.resolve
        const timer = withinMs === undefined ? undefined : setTimeout(news.resolve, withinMs)
        await news.promise
        clearTimeout(timer)
      }
      const change = waiting.shift()
      if (change?.type === 'refused') throw new ApiError({ ...change.failure, status: 0 })
      return change
    },
  }
}

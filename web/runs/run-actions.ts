/** What is done to flow runs from a page, one or many, and what is said about it. */
import { workspace } from '../app/current.ts'
import { confirmDialog } from '../ui/dialog.ts'
import { toast } from '../ui/toasts.ts'
import { MAX_BULK } from '#sdk/protocol/limits.ts'

interface Named {
  readonly id: string
  readonly name: string
}

const CANCELLING = { type: 'CANCELLING', name: 'Cancelling', message: 'Cancelled from a page.' } as const
const runs = (count: number): string => (count === 1 ? '1 flow run' : `${count} flow runs`)

export async function cancelRun({ id, name }: Named): Promise<void> {
  const { status, state, details } = await workspace().call('flow_runs.set_state', { params: { id }, body: { state: CANCELLING } })
  if (status === 'ACCEPT' || state?.type === 'CANCELLED' || state?.type === 'CANCELLING')
    toast({ text: `${name} is ${state?.type === 'CANCELLED' ? 'cancelled' : 'being cancelled'}.` })
  else toast({ kind: 'error', text: `${name} was not cancelled: ${details.reason ?? 'it has ended'}.` })
}

/** Answers whether it is gone. */
export async function deleteRun({ id, name }: Named): Promise<boolean> {
  const text = 'Its task runs and its log go with it. This cannot be undone.'
  if (!(await confirmDialog({ heading: `Delete ${name}?`, text, action: 'Delete flow run', isDanger: true }))) return false
  await workspace().call('flow_runs.delete', { params: { id } })
  toast({ text: `${name} was deleted.` })
  return true
}

/** What happened to each run that was chosen. */
export interface BulkOutcome {
  readonly id: string
  readonly name: string
  readonly isDone: boolean
  readonly words: string
}

export async function cancelRuns(chosen: readonly Named[]): Promise<readonly BulkOutcome[]> {
  const outcomes: BulkOutcome[] = []
  for (const part of parts(chosen)) {
    const body = { flow_runs: { id: { any_: part.map(({ id }) => id) } }, state: CANCELLING, limit: MAX_BULK }
    const { results } = await workspace().call('flow_runs.bulk_set_state', { body })
    const answers = new Map<string, (typeof results)[number]>(results.map((result) => [result.flow_run_id, result]))
    for (const { id, name } of part) {
      const answer = answers.get(id)
      const isDone = answer?.status === 'ACCEPT' || answer?.state?.type === 'CANCELLED' || answer?.state?.type === 'CANCELLING'
      const words =
        answer === undefined
          ? 'is no longer there'
          : isDone
            ? answer.state?.type === 'CANCELLED'
              ? 'is cancelled'
              : 'is being cancelled'
            : (answer.details.reason ?? 'had ended already')
      outcomes.push({ id, name, isDone, words })
    }
  }
  return outcomes
}

/** Undefined: somebody thought better of it. */
export async function deleteRuns(chosen: readonly Named[]): Promise<readonly BulkOutcome[] | undefined> {
  const text = 'Their task runs and logs go with them. This cannot be undone.'
  if (!(await confirmDialog({ heading: `Delete ${runs(chosen.length)}?`, text, action: `Delete ${runs(chosen.length)}`, isDanger: true })))
    return undefined
  const outcomes: BulkOutcome[] = []
  for (const part of parts(chosen)) {
    const body = { flow_runs: { id: { any_: part.map(({ id }) => id) } }, limit: MAX_BULK }
    const { deleted } = await workspace().call('flow_runs.bulk_delete', { body })
    const gone: ReadonlySet<string> = new Set(deleted)
    for (const { id, name } of part) {
      outcomes.push({ id, name, isDone: gone.has(id), words: gone.has(id) ? 'was deleted' : 'is no longer there' })
    }
  }
  return outcomes
}

function parts<T>(all: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / MAX_BULK) }, (_, index) => all.slice(index * MAX_BULK, (index + 1) * MAX_BULK))
}

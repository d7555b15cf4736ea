/** What can go wrong between a program and its workspace, in words that say what to do. */
import type { ProblemIssue } from '../protocol/errors.ts'

/** The workspace refused, or did not answer. `code` is a problem code of the protocol, `unreachable`, or `unexpected_answer`. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: string
  /** The HTTP status; 0 when there was no answer. */
  readonly status: number
  /** What, where and what to do. */
  readonly detail: string
  /** The fields that were not accepted. */
  readonly issues: readonly ProblemIssue[]

  constructor(failure: { code: string; status: number; detail: string; issues?: readonly ProblemIssue[] }, options?: ErrorOptions) {
    super(failure.detail, options)
    this.code = failure.code
    this.status = failure.status
    this.detail = failure.detail
    this.issues = failure.issues ?? []
  }
}

/** The sentence for a workspace that does not answer. */
export function unreachable(apiUrl: string, why?: string): string {
  const reason = why === undefined ? '' : ` (${why})`
  return `The workspace at ${apiUrl} does not answer${reason}. Start the local server with "flowcell server start", or set FLOWCELL_API_URL to one that runs.`
}

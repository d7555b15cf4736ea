/** Errors on the wire: RFC 9457 problem details with a stable `code`, plus the field that Prefect's client reads. */
import * as z from 'zod'

export const PROBLEM_STATUS = {
  malformed_json: 400,
  malformed_request: 400,
  malformed_frame: 400,
  unauthenticated: 401,
  forbidden: 403,
  foreign_origin: 403,
  not_found: 404,
  no_such_route: 404,
  no_such_workspace: 404,
  method_not_allowed: 405,
  conflict: 409,
  stale_lease: 409,
  frame_out_of_order: 409,
  idempotency_conflict: 409,
  too_old: 409,
  too_large: 413,
  unsupported_media_type: 415,
  misdirected_request: 421,
  invalid_request: 422,
  too_many: 422,
  upgrade_required: 426,
  protocol_mismatch: 426,
  rate_limited: 429,
  unexpected: 500,
  overloaded: 503,
  storage_full: 507,
} as const satisfies Record<string, number>
export type ProblemCode = keyof typeof PROBLEM_STATUS

export const ProblemIssue = z.object({ loc: z.array(z.union([z.string(), z.number()])).readonly(), msg: z.string(), type: z.string() })
export type ProblemIssue = Readonly<z.infer<typeof ProblemIssue>>

/** `detail` says what, where and what to do. `errors` names each bad field. `exception_message` repeats `detail` for Prefect's client. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  exception_message: z.string(),
  errors: z.array(ProblemIssue).readonly().optional(),
})
export type Problem = Readonly<z.infer<typeof Problem>>

/** `code` → "Stale lease" */
const title = (code: string) => (code.charAt(0).toUpperCase() + code.slice(1)).replaceAll('_', ' ')

export function problem(code: ProblemCode, detail: string, errors?: readonly ProblemIssue[]): Problem {
  return {
    type: `urn:flowcell:problem:${code}`,
    title: title(code),
    status: PROBLEM_STATUS[code],
    code,
    detail,
    exception_message: detail,
    ...(errors === undefined ? {} : { errors }),
  }
}

/** Carries a {@link Problem} out of nested code inside one operation; the edge turns it into the answer. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly problem: Problem
  constructor(code: ProblemCode, detail: string, errors?: readonly ProblemIssue[]) {
    super(detail)
    this.problem = problem(code, detail, errors)
  }
}

/** The issues of a zod error in the shape that Prefect's clients know from FastAPI. */
export function issuesOf(error: z.ZodError, where: string): ProblemIssue[] {
  return error.issues.map((issue) => ({
    loc: [where, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))],
    msg: issue.message,
    type: issue.code,
  }))
}

/** One sentence out of several issues: "body.limit: Too big: expected number to be <=200". */
export function describeProblemIssues(issues: readonly ProblemIssue[]): string {
  const shown = issues.slice(0, 5).map(({ loc, msg }) => `${loc.join('.')}: ${msg}`)
  return shown.join('; ') + (issues.length > shown.length ? `; and ${issues.length - shown.length} more` : '')
}

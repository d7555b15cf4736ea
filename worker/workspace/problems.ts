/** What went wrong, as a problem that may be told. Nobody outside hears more of an unexpected error than that there was one. */
import { problem, ProblemError, type Problem } from '#sdk/protocol/errors.ts'
import { DISK_FULL, isDiskFull } from '../disk-full.ts'

/** @returns the problem, and for what nobody expected it notes the error in the log of the platform. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem
  const text = error instanceof Error ? error.message : String(error)
  if (isDiskFull(error)) return problem('storage_full', DISK_FULL)
  if (/SQLITE_TOOBIG|too big/i.test(text))
    return problem('too_large', 'A value is larger than a row may be (2 MB). Keep large things elsewhere and store where.')
  if (error instanceof RangeError && /call stack/i.test(text)) return problem('invalid_request', 'The value is nested too deeply.')
  console.error(JSON.stringify({ at: 'workspace', error: text, stack: error instanceof Error ? error.stack : undefined }))
  return problem('unexpected', 'Something went wrong in the workspace; nothing was changed. Try again; if it stays, report it.')
}

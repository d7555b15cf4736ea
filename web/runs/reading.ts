/** A record as a page reads it: on its way, here, gone, or why it could not be read. */
import { ApiError } from '#sdk/client/errors.ts'
import { messageOf } from '../ui/message-of.ts'

export type Reading<T> =
  | { readonly is: 'loading' }
  | { readonly is: 'here'; readonly record: T }
  | { readonly is: 'gone' }
  | { readonly is: 'failed'; readonly detail: string }
export type NoRecord = Exclude<Reading<unknown>, { readonly is: 'here' }>

export const LOADING: NoRecord = { is: 'loading' }

/** An address that cannot be of any record is of none. */
const NOT_HERE: readonly string[] = ['not_found', 'invalid_request']

export async function read<T>(ask: () => Promise<T>): Promise<Reading<T>> {
  try {
    return { is: 'here', record: await ask() }
  } catch (error) {
    return error instanceof ApiError && NOT_HERE.includes(error.code) ? { is: 'gone' } : { is: 'failed', detail: messageOf(error) }
  }
}

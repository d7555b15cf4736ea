/** What the Worker says to a workspace's object and hears from it. Plain data: it crosses an RPC. */
import type { OperationId } from '#sdk/protocol/operations.ts'
import type { Problem } from '#sdk/protocol/errors.ts'

/** Who asks. The Worker hashes the secret; the workspace finds the hash, and with it the role, in the same commit that acts. */
export interface Caller {
  /** `token`: a program's; `link`: a link's secret, in the session cookie; `none`: no credential. */
  readonly kind: 'token' | 'link' | 'none'
  /** SHA-256 of the secret in hex; empty for `none`. */
  readonly hash: string
}

export interface Call {
  readonly operation: OperationId
  readonly caller: Caller
  /** Decoded by the operation's schemas. */
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
  readonly idempotencyKey?: string
}

export type Outcome =
  | { readonly ok: true; readonly status: number; readonly output: unknown; readonly headers?: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly problem: Problem; readonly headers?: Readonly<Record<string, string>> }

export interface NewWorkspace {
  readonly id: string
  readonly name: string
  readonly ownerLinkHash: string
  readonly ownerTokenHash: string
}

/** The header in which the Worker hands the {@link Caller} of an upgrade over; never taken from outside. */
export const CALLER_HEADER = 'x-flowcell-caller'

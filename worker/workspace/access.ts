/** Who may do what: the role stands in the credential's row and is compared in the very commit that acts. Denied unless allowed. */
import { ProblemError } from '#sdk/protocol/errors.ts'
import type { Instant } from '#sdk/protocol/instants.ts'
import { OPERATIONS, type OperationId } from '#sdk/protocol/operations.ts'
import { mayActAs } from '#sdk/protocol/role-order.ts'
import type { Actor } from '../operations/unit.ts'
import type { Store } from '../storage/store.ts'
import type { Caller } from './contract.ts'

const NOBODY: Actor = { role: undefined, hash: '' }

/** The caller with the role of its credential; no role when it has none, or none any more. */
export function actorOf(store: Store, { kind, hash }: Caller, now: Instant): Actor {
  if (kind === 'none') return NOBODY
  const credential = store.credentials.find(hash)
  const isValid = credential !== undefined && credential.kind === kind && (credential.expires === null || credential.expires > now)
  return isValid ? { role: credential.role, hash } : { role: undefined, hash }
}

/** @throws ProblemError unless the actor may perform the operation. */
export function requireRole({ role }: Actor, operation: OperationId): void {
  const required = OPERATIONS[operation].role
  if (mayActAs(role, required)) return
  if (role === undefined) throw new ProblemError('unauthenticated', 'This needs a link or a token of this workspace that is still valid.')
  throw new ProblemError('forbidden', `This needs the role ${required}; yours is ${role}.`)
}

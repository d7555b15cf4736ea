/** What needs an await before the commit, and its use inside. */
import { ProblemError } from '#sdk/protocol/errors.ts'
import type { Operation } from '#sdk/protocol/operation.ts'
import { OPERATIONS, type OperationId } from '#sdk/protocol/operations.ts'
import type { Reply, Unit } from '../operations/unit.ts'
import type { Call } from './contract.ts'

/** An `Idempotency-Key` and what it was used for. */
export interface Keyed {
  readonly key: string
  readonly fingerprint: string
}

/** SHA-256 of who asks for what: the same key may not mean two things. */
export async function fingerprintOf({ operation, params, query, body }: Call): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify([operation, params, query, body]))
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The first answer to a key is kept with what it made, in the same commit; the same request again gets it again and makes nothing. */
export function answerKept(unit: Unit, id: OperationId, keyed: Keyed | undefined, perform: () => Reply): Reply {
  const operation: Operation = OPERATIONS[id]
  if (keyed === undefined || operation.creates !== true) return perform()
  const { store, now, actor } = unit
  const key = `${actor.hash}:${keyed.key}`
  const kept = store.idempotency.find(key, now)
  if (kept === undefined) {
    const reply = perform()
    const { output = null, status = operation.status } = reply
    store.idempotency.insert(key, { fingerprint: keyed.fingerprint, status, output: JSON.stringify(output) }, now)
    return reply
  }
  if (kept.fingerprint !== keyed.fingerprint) {
    throw new ProblemError('idempotency_conflict', 'This Idempotency-Key was used for another request. Use a new key for a new thing.')
  }
  return { output: JSON.parse(kept.output), status: kept.status }
}

import { readResultReference } from '../protocol/results.ts'
import type { StateProposal } from '../protocol/states.ts'

/**
 * True when a state's `data` leads to a result that can be read again, and that must not be lost. What a foreign client put there counts as
 * kept, unless it says itself that it is not (Prefect's `{ type: 'unpersisted' }`).
 */
export function keepsResult({ data }: Pick<StateProposal, 'data'>): boolean {
  if (data === undefined || data === null) return false
  const reference = readResultReference(data)
  if (reference !== undefined) return reference.kind === 'inline'
  return !(typeof data === 'object' && 'type' in data && data.type === 'unpersisted')
}

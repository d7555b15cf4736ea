/** When edits are sent, and what the header says of them. Pure. */

/** Typing is sent together with what is typed within this time; everything else at once. */
const TEXT_COALESCE_MS = 300

export type Connection = 'connecting' | 'open' | 'away' | 'over'

export interface SyncFacts {
  readonly hasUnsent: boolean
  readonly connection: Connection
  /** The workspace takes no more edits of this page, and why. */
  readonly refusal?: string | undefined
  /** This browser cannot keep edits that are not sent. */
  readonly isKept: boolean
}

export interface SavedState {
  readonly kind: 'saved' | 'saving' | 'away' | 'refused'
  readonly sentence: string
}

export function savedStateOf({ hasUnsent, connection, refusal, isKept }: SyncFacts): SavedState {
  if (refusal !== undefined) return { kind: 'refused', sentence: refusal }
  if (connection === 'over') return { kind: 'refused', sentence: 'Not saved: this session has ended. Open the link again.' }
  if (!hasUnsent) return { kind: 'saved', sentence: 'Saved' }
  if (connection === 'open') return { kind: 'saving', sentence: 'Saving…' }
  return {
    kind: 'away',
    sentence: isKept
      ? 'Not saved: the workspace is away, your edits are kept here'
      : 'Not saved: the workspace is away. Keep this page open: this browser stores nothing',
  }
}

/** Milliseconds until an edit is sent. */
export const delayOf = (kind: 'text' | 'structure'): number => (kind === 'text' ? TEXT_COALESCE_MS : 0)

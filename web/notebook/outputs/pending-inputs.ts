/** Inputs whose last change has not been sent yet: whoever runs a cell sends it first, so that the run sees what stands there. */
const pending = new Set<() => void>()

/** Answers how to take it back. */
export function addPending(send: () => void): () => void {
  pending.add(send)
  return () => void pending.delete(send)
}

export function sendPendingInputs(): void {
  // Each takes itself out.
  for (const send of pending) send()
}

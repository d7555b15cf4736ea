/**
 * Runs a text as a script of its own, under a name for stack traces: what a kernel is for. The frame's policy allows it there and nowhere else.
 *
 * @returns The value of its last expression.
 */
export function evaluate(text: string, name: string): unknown {
  // oxlint-disable-next-line no-eval -- in the realm, not in this function's scope
  return (0, eval)(`${text}\n//# sourceURL=${name}`)
}

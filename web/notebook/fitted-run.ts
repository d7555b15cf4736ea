/** What a cell showed, as far as one message to the workspace carries it. Pure. */
import type { CellOutput, CellRun } from '#sdk/protocol/cell-output.ts'
import { withinText } from '#sdk/notebook/outputs.ts'
import { KEPT_TEXT_HEAD_CHARACTERS, MAX_FRAME_BYTES } from '#sdk/protocol/limits.ts'
import { utf8Length } from '#sdk/protocol/utf8-length.ts'

/** A frame has room for other things, too. */
const MAX_RUN_BYTES = Math.floor(MAX_FRAME_BYTES * 0.8)

/** Characters of prints, and of those the beginning that is kept: what is missing is between it and the end. */
const STORED_TEXT = [400_000, KEPT_TEXT_HEAD_CHARACTERS] as const

/** The first outputs that fit, and what is left out counted: the beginning of a story is worth more than its end. */
export function fittedRun(given: CellRun): CellRun {
  const run =
    utf8Length(JSON.stringify(given.outputs)) <= MAX_RUN_BYTES ? given : { ...given, outputs: withinText(given.outputs, ...STORED_TEXT) }
  let bytes = 0
  const kept: CellOutput[] = []
  let outputs = 0
  let left = 0
  for (const output of run.outputs) {
    const size = utf8Length(JSON.stringify(output))
    if (bytes + size <= MAX_RUN_BYTES) {
      bytes += size
      kept.push(output)
    } else {
      outputs++
      left += size
    }
  }
  if (outputs === 0) return run
  return { ...run, outputs: kept, omitted: { outputs: (run.omitted?.outputs ?? 0) + outputs, bytes: (run.omitted?.bytes ?? 0) + left } }
}

/** Browsers send so much for a page that is gone, all requests together (Fetch standard, "keepalive"). */
const KEEPALIVE_BYTES = 64 * 1024

/** The runs that a page that goes away can still send. A larger one was stored seconds ago, and a shortened one would take its place. */
export function lastWords(runs: readonly CellRun[]): readonly CellRun[] {
  let bytes = 0
  return runs.filter((run) => {
    const size = utf8Length(JSON.stringify(run))
    if (bytes + size > KEEPALIVE_BYTES) return false
    bytes += size
    return true
  })
}

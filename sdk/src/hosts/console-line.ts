/** A log line as people read it: `20:48:28.060 | INFO    | Flow run 'thundering-goshawk' - Finished in state Completed()`. */
import type { ConsoleLine } from '../engine/ports.ts'
import type { LogLevelName } from '../protocol/log-levels.ts'
import { MICROS_PER_MS } from '../protocol/instants.ts'

const LEVEL_WIDTH = 7
const RESET = '\u001b[0m'
const COLOURS: Readonly<Record<LogLevelName, string>> = {
  DEBUG: '\u001b[90m',
  INFO: '\u001b[36m',
  WARNING: '\u001b[33m',
  ERROR: '\u001b[31m',
  CRITICAL: '\u001b[1;31m',
}
const SOURCE_COLOUR = '\u001b[35m'

/** Local time; the level in its colour where colours are wanted. */
export function formatLine({ at, level, source, message }: ConsoleLine, colours: boolean): string {
  const time = new Date(Math.floor(at / MICROS_PER_MS))
  const clock = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${String(time.getMilliseconds()).padStart(3, '0')}`
  const name = level.padEnd(LEVEL_WIDTH)
  if (!colours) return `${clock} | ${name} | ${source} - ${message}\n`
  const shown = source.replace(/'[^']*'/, (quoted) => `${SOURCE_COLOUR}${quoted}${RESET}`)
  return `${clock} | ${COLOURS[level]}${name}${RESET} | ${shown} - ${message}\n`
}

const two = (number: number): string => String(number).padStart(2, '0')

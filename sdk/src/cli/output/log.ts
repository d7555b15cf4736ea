/** Log lines for people: `2026-11-22 05:31:27.123 | INFO    | Task run 'augment-0' - Finished in state Completed()`. */
import type { LogOutput } from '../../protocol/log.ts'
import { logLevelName, type LogLevelName } from '../../protocol/log-levels.ts'
import type { Format, Terminal } from '../terminal.ts'
import { onOneLine, printable } from './text.ts'
import { localTime } from './time.ts'

const COLOUR: Readonly<Record<LogLevelName, Format | undefined>> = {
  DEBUG: 'dim',
  INFO: undefined,
  WARNING: 'yellow',
  ERROR: 'red',
  CRITICAL: ['bold', 'red'],
}
const LEVEL_COLUMNS = 7

/** @param who Name of the run that wrote it, such as `Flow run 'thundering-goshawk'`. */
export function logLine(terminal: Terminal, { timestamp, level, message }: LogOutput, who: string): string {
  const name = logLevelName(level)
  const colour = COLOUR[name]
  const word = name.padEnd(LEVEL_COLUMNS)
  return `${terminal.style('dim', localTime(timestamp))} | ${colour === undefined ? word : terminal.style(colour, word)} | ${onOneLine(who)} - ${printable(message)}`
}

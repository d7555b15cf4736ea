/** Options of `flow-run logs` and `task-run logs`. */
import { InvalidArgumentError, Option, type Command } from 'commander'
import type { LogLevelName } from '../../protocol/log-levels.ts'
import { outputOption, wholeNumber, type OutputOptions } from './shared.ts'

const LEVELS = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const satisfies readonly LogLevelName[]

export interface LogOptions extends OutputOptions {
  readonly follow?: true
  readonly tail?: number
  readonly level?: LogLevelName
  readonly reverse?: true
}

export function addLogOptions(command: Command): Command {
  return command
    .option('-f, --follow', 'Go on with new lines until the run has ended; with --output json one line of JSON each')
    .option('--tail <count>', 'Only the last lines', wholeNumber(0))
    .option('--level <name>', `Only lines of this level and above: ${LEVELS.join(', ').toLowerCase()}`, level)
    .addOption(new Option('--reverse', 'Newest line first').conflicts('follow'))
    .addOption(outputOption())
}

function level(text: string): LogLevelName {
  const found = LEVELS.find((name) => name === text.toUpperCase())
  if (found !== undefined) return found
  throw new InvalidArgumentError(`Expected one of ${LEVELS.join(', ').toLowerCase()}.`)
}

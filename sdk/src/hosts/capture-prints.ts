/** Takes what is printed on the console. */
import type { Host } from '../engine/ports.ts'
import type { LogLevelName } from '../protocol/log-levels.ts'

const PRINTS: readonly (readonly ['log' | 'info' | 'debug' | 'warn' | 'error', LogLevelName])[] = [
  ['log', 'INFO'],
  ['info', 'INFO'],
  ['debug', 'DEBUG'],
  ['warn', 'WARNING'],
  ['error', 'ERROR'],
]

/** Offers every print to `onPrint` first, as the text that `format` makes of it. */
export const capturePrintsAs =
  (format: (values: readonly unknown[]) => string): Host['capturePrints'] =>
  (onPrint) => {
    for (const [name, level] of PRINTS) {
      const print = console[name].bind(console)
      console[name] = (...values: unknown[]) => {
        if (!onPrint(level, format(values))) print(...values)
      }
    }
  }

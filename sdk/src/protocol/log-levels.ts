/** Names and numbers of log lines, free of schemas. Levels are Python's numbers, as in Prefect. */

export const LOG_LEVELS = { DEBUG: 10, INFO: 20, WARNING: 30, ERROR: 40, CRITICAL: 50 } as const
export type LogLevelName = keyof typeof LOG_LEVELS

/** `INFO` for 20; numbers between two names get the lower one's. */
export function logLevelName(level: number): LogLevelName {
  if (level >= LOG_LEVELS.CRITICAL) return 'CRITICAL'
  if (level >= LOG_LEVELS.ERROR) return 'ERROR'
  if (level >= LOG_LEVELS.WARNING) return 'WARNING'
  return level >= LOG_LEVELS.INFO ? 'INFO' : 'DEBUG'
}

/** Every epoch numbers its lines in a range of its own, so that two executors of one run never use one number twice. */
const LINES_PER_EPOCH = 2 ** 32
export const firstLineOf = (epoch: number): number => epoch * LINES_PER_EPOCH

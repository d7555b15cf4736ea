/** What a person is told of a live connection: what was not taken, that it was lost, and that it is back. Each once. */
import type { LogLevelName } from '../protocol/log-levels.ts'
import type { LiveOrchestratorOptions } from './orchestrator.ts'

export type Say = (level: LogLevelName, message: string) => void
type Told = Required<Pick<LiveOrchestratorOptions, 'onRefused' | 'onTrouble' | 'onLost' | 'onWelcome'>>

/** @param where Said after "The workspace", such as "at http://…"; empty where there is but one. */
export function connectionWords(say: Say, where = ''): Told {
  let isGreeted = false
  let isAway = false
  return {
    onRefused: (sentence) => say('WARNING', sentence),
    onTrouble: ({ detail }) => say('WARNING', detail),
    onLost: ({ detail }) => {
      if (isGreeted && !isAway) say('WARNING', `${detail} Runs go on; what they report is kept until it is back.`)
      isAway = true
    },
    onWelcome: () => {
      if (isGreeted && isAway) say('INFO', `The workspace${where === '' ? '' : ` ${where}`} is back.`)
      isGreeted = true
      isAway = false
    },
  }
}

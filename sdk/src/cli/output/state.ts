/** A state's colour follows its type, its word is its name: colour never tells anything alone. */
import type { StateType } from '../../protocol/states.ts'
import type { Format, Terminal } from '../terminal.ts'

const COLOUR: Readonly<Record<StateType, Format>> = {
  SCHEDULED: 'yellow',
  PENDING: 'gray',
  RUNNING: 'blue',
  COMPLETED: 'green',
  FAILED: 'red',
  CANCELLED: 'gray',
  CRASHED: ['bold', 'red'],
  PAUSED: 'yellow',
  CANCELLING: 'yellow',
}

interface Stateful {
  readonly state_type: StateType | null
  readonly state_name: string | null
}

export const stateWord = ({ state_name }: Stateful): string => state_name ?? '-'
export const stateFormat = ({ state_type }: Stateful): Format | undefined => (state_type === null ? undefined : COLOUR[state_type])

export function paintState(terminal: Terminal, type: StateType | null, name: string | null): string {
  const word = name ?? '-'
  return type === null ? word : terminal.style(COLOUR[type], word)
}

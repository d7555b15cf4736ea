import { expect, test } from 'vitest'
import { finalStateOf } from '#sdk/machine/final-state.ts'
import type { State, StateType } from '#sdk/protocol/states.ts'
import { inState, taskRun, present } from './fixtures.ts'

const stateOf = (type: StateType): State => present(inState(taskRun(), type).states[0])
const endOf = (...types: readonly StateType[]) => finalStateOf(types.map(stateOf))

test('[FE1] all completed: Completed, "All states completed."', () => {
  expect(endOf('COMPLETED')).toEqual({ type: 'COMPLETED', message: 'All states completed.' })
  expect(endOf('COMPLETED', 'COMPLETED')).toEqual({ type: 'COMPLETED', message: 'All states completed.' })
})

test('[FE2] one of three failed: Failed, "1/3 states failed."; crashed counts as failed', () => {
  expect(endOf('COMPLETED', 'FAILED', 'COMPLETED')).toEqual({ type: 'FAILED', message: '1/3 states failed.' })
  expect(endOf('CRASHED', 'FAILED')).toEqual({ type: 'FAILED', message: '2/2 states failed.' })
})

test('[FE3] a cancelled state outweighs failed ones', () => {
  expect(endOf('COMPLETED', 'FAILED', 'CANCELLED', 'CANCELLED')).toEqual({ type: 'CANCELLED', message: '2/4 states cancelled.' })
})

test('[FE4] what never became ready counts: after failures it is one of the sum, alone it is not final', () => {
  expect(endOf('FAILED', 'PENDING', 'COMPLETED')).toEqual({ type: 'FAILED', message: '1/3 states failed.' })
  expect(endOf('COMPLETED', 'PENDING', 'RUNNING')).toEqual({ type: 'FAILED', message: '2/3 states are not final.' })
  expect(endOf('PAUSED', 'CANCELLING', 'SCHEDULED')).toEqual({ type: 'FAILED', message: '3/3 states are not final.' })
})

test('[FE5] nothing to sum up: Completed without a message', () => {
  expect(finalStateOf([])).toEqual({ type: 'COMPLETED' })
})

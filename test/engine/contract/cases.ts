/** The contract of the engine: what holds on every host. */
import type { Case } from './case.ts'
import { FLOW_CASES } from './flows.ts'
import { FUTURE_CASES } from './futures.ts'
import { LOG_CASES } from './logs.ts'
import { ODD_CASES } from './odd.ts'
import { STOP_CASES } from './stops.ts'
import { TASK_CASES } from './tasks.ts'
import { TROUBLE_CASES } from './trouble.ts'

export const CASES: readonly Case[] = [
  ...FLOW_CASES,
  ...TASK_CASES,
  ...FUTURE_CASES,
  ...STOP_CASES,
  ...LOG_CASES,
  ...TROUBLE_CASES,
  ...ODD_CASES,
]

/** What may be said about flows and tasks, and the rules for it. Everything is checked when it is given. */
import {
  MAX_NAME_LENGTH,
  MAX_RETRIES,
  MAX_RETRY_DELAYS,
  MAX_RETRY_DELAY_SECONDS,
  MAX_RETRY_JITTER_FACTOR,
  MAX_TAGS,
} from '../protocol/limits.ts'
import type { RetryPolicy } from '../protocol/flow-run.ts'
import { OptionError } from './errors.ts'
import type { EngineSettings } from './ports.ts'
import { isStandardSchema, type StandardSchema } from './parameters/standard-schema.ts'
import type { TaskRunner } from './task-runners.ts'

/** Seconds before each retry, made when the number of retries is known. */
export interface Backoff {
  readonly delays: (retries: number) => readonly number[]
}

/**
 * Delays that double: `factor`, twice that, four times that, … seconds.
 *
 * @example
 * task(fn, { retries: 3, retryDelaySeconds: exponentialBackoff({ factor: 2 }) }) // waits 2, 4, 8
 */
export function exponentialBackoff({ factor }: { readonly factor: number }): Backoff {
  if (!(Number.isFinite(factor) && factor >= 0)) fail('factor', 'a number of seconds from 0 on', factor)
  return {
    delays: (retries) =>
      Array.from({ length: Math.max(1, Math.min(retries, MAX_RETRY_DELAYS)) }, (_, i) =>
        Math.min(factor * 2 ** i, MAX_RETRY_DELAY_SECONDS),
      ),
  }
}

/** A run that has just failed and may be tried again. */
export interface FailedAttempt {
  readonly name: string
  /** Attempts made so far. */
  readonly runCount: number
}

interface RunOptions {
  /** How often a failed run is tried again. */
  readonly retries?: number
  /** Seconds before each retry: a number, a list whose last entry repeats, or {@link exponentialBackoff}. */
  readonly retryDelaySeconds?: number | readonly number[] | Backoff
  /** Spreads the delays: 0.3 makes them 75 % to 130 % of what is asked for. */
  readonly retryJitterFactor?: number
  /** Asked before a retry; false ends it. An error in it counts as false. */
  readonly retryCondition?: (error: unknown, attempt: FailedAttempt) => boolean | Promise<boolean>
  /** Longest time of one attempt; then it fails as TimedOut. */
  readonly timeoutSeconds?: number
  /** Keeps results in the workspace. */
  readonly persistResult?: boolean
  /** Print statements become log lines of the run. Inherited by what is called inside. */
  readonly logPrints?: boolean
  /** Shown with every run. */
  readonly version?: string
}

/** A template with `{parameter}` in it, or a function of the parameters by name. */
export type NameTemplate = string | ((parameters: Readonly<Record<string, unknown>>) => string)

export interface FlowOptions extends RunOptions {
  readonly name?: string
  readonly flowRunName?: NameTemplate
  /** {@link ConcurrentTaskRunner} without a limit where nothing is said. */
  readonly taskRunner?: TaskRunner
  /** A Standard Schema (zod, valibot, arktype) of all parameters as one object, by name. */
  readonly parameters?: StandardSchema
  /** False: parameters are neither checked nor converted. */
  readonly validateParameters?: boolean
  /** `fail` (what is done when nothing is said): a task run that failed without anybody looking at it fails the flow. */
  readonly unobservedFailures?: 'fail' | 'ignore'
}

export interface TaskOptions extends RunOptions {
  readonly name?: string
  readonly taskRunName?: NameTemplate
  readonly tags?: readonly string[]
}

/** For one call only, by `withOptions`. */
export interface TaskCallOptions extends TaskOptions {
  /** Futures, or lists of them, that must have completed first; nothing of them is passed on. */
  readonly waitFor?: Iterable<unknown>
}

type Check = (value: unknown, field: string) => void
const BANNED_IN_FLOW_NAMES = /[/%&<>]/

const upTo =
  (most: number): Check =>
  (value, field) => {
    if (typeof value !== 'number' || !(value >= 0 && value <= most)) fail(field, `a number from 0 to ${most}`, value)
  }
const seconds = upTo(MAX_RETRY_DELAY_SECONDS)
const retries: Check = (value, field) => {
  if (!Number.isInteger(value) || Number(value) < 0 || Number(value) > MAX_RETRIES)
    fail(field, `an integer from 0 to ${MAX_RETRIES}`, value)
}
const positive: Check = (value, field) => {
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) fail(field, 'a number above 0', value)
}
const flag: Check = (value, field) => {
  if (typeof value !== 'boolean') fail(field, 'true or false', value)
}
const callable: Check = (value, field) => {
  if (typeof value !== 'function') fail(field, 'a function', value)
}
const text: Check = (value, field) => {
  if (typeof value !== 'string' || value === '' || value.length > MAX_NAME_LENGTH)
    fail(field, `a text of 1 to ${MAX_NAME_LENGTH} characters`, value)
}
const template: Check = (value, field) => {
  if (typeof value !== 'function') text(value, field)
}
const flowName: Check = (value, field) => {
  text(value, field)
  if (BANNED_IN_FLOW_NAMES.test(String(value))) fail(field, 'a name without / % & > <, because names stand in addresses', value)
}
const delay: Check = (value, field) => {
  if (isBackoff(value)) return
  if (!Array.isArray(value)) return seconds(value, field)
  if (value.length === 0 || value.length > MAX_RETRY_DELAYS) fail(field, `a list of 1 to ${MAX_RETRY_DELAYS} delays`, value)
  for (const [i, one] of value.entries()) seconds(one, `${field}[${i}]`)
}
/** @throws OptionError */
export const checkTags: Check = (value, field) => {
  if (!Array.isArray(value) || value.length > MAX_TAGS) return fail(field, `a list of at most ${MAX_TAGS} texts`, value)
  for (const [i, one] of value.entries()) text(one, `${field}[${i}]`)
}
const runner: Check = (value, field) => {
  const isRunner =
    typeof value === 'object' && value !== null && 'name' in value && 'maxWorkers' in value && typeof value.maxWorkers === 'number'
  if (!isRunner) fail(field, 'new ConcurrentTaskRunner() or new SequentialTaskRunner()', value)
}
const schema: Check = (value, field) => {
  if (!isStandardSchema(value)) fail(field, 'a Standard Schema, such as z.object({ … }) of zod', value)
}
const unobserved: Check = (value, field) => {
  if (value !== 'fail' && value !== 'ignore') fail(field, "'fail' or 'ignore'", value)
}
const futures: Check = (value, field) => {
  if (typeof value !== 'object' || value === null || !(Symbol.iterator in value)) fail(field, 'a list of futures', value)
}

const RUN_CHECKS = {
  retries,
  retryDelaySeconds: delay,
  retryJitterFactor: upTo(MAX_RETRY_JITTER_FACTOR),
  retryCondition: callable,
  timeoutSeconds: positive,
  persistResult: flag,
  logPrints: flag,
  version: text,
} satisfies Record<keyof RunOptions, Check>

const FLOW_CHECKS = {
  ...RUN_CHECKS,
  name: flowName,
  flowRunName: template,
  taskRunner: runner,
  parameters: schema,
  validateParameters: flag,
  unobservedFailures: unobserved,
} satisfies Record<keyof FlowOptions, Check>

const TASK_CHECKS = { ...RUN_CHECKS, name: text, taskRunName: template, tags: checkTags } satisfies Record<keyof TaskOptions, Check>
const CALL_CHECKS = { ...TASK_CHECKS, waitFor: futures } satisfies Record<keyof TaskCallOptions, Check>

/** @throws OptionError naming the field and the rule. */
export const checkFlowOptions = (options: FlowOptions): void => check('flow', options, FLOW_CHECKS)
/** @throws OptionError naming the field and the rule. */
export function checkTaskOptions(options: TaskOptions): void {
  if (isObject(options) && 'waitFor' in options)
    throw new OptionError('waitFor', 'waitFor: belongs to one call; write myTask.withOptions({ waitFor: [future] }).submit(…).')
  check('task', options, TASK_CHECKS)
}
/** @throws OptionError naming the field and the rule. */
export const checkCallOptions = (options: TaskCallOptions): void => check('task', options, CALL_CHECKS)

function check(kind: string, options: object, checks: Readonly<Record<string, Check>>): void {
  if (!isObject(options)) throw new OptionError('options', `${kind}: expected an object of options, got ${shown(options)}.`)
  for (const [field, value] of Object.entries(options)) {
    const rule = Object.hasOwn(checks, field) ? checks[field] : undefined
    if (rule === undefined)
      throw new OptionError(field, `${field}: a ${kind} has no such option. It has ${Object.keys(checks).join(', ')}.`)
    if (value !== undefined) rule(value, field)
  }
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value)

function fail(field: string, expected: string, got: unknown): never {
  throw new OptionError(field, `${field}: expected ${expected}, got ${shown(got)}.`)
}

function shown(value: unknown): string {
  if (typeof value === 'string') return value.length > 60 ? `a text of ${value.length} characters` : `'${value}'`
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? `a list of ${value.length}` : 'an object'
  return typeof value === 'function' ? 'a function' : String(value)
}

function isBackoff(value: unknown): value is Backoff {
  return typeof value === 'object' && value !== null && 'delays' in value && typeof value.delays === 'function'
}

/** Tags of where a run begins and its own; a set in the order of mention. */
export function joinTags(outer: readonly string[], own: readonly string[]): readonly string[] {
  if (own.length === 0) return outer
  const all = [...new Set([...outer, ...own])]
  if (all.length > MAX_TAGS)
    throw new OptionError(
      'tags',
      `tags: a run may have ${MAX_TAGS} of them; with those of the surrounding tags() there would be ${all.length}.`,
    )
  return all
}

/** The policy that goes with a run, defaults of the settings filled in. */
function retryPolicyOf(options: RunOptions, defaults: { readonly retries: number; readonly delay: number }): RetryPolicy {
  const retries = options.retries ?? defaults.retries
  if (retries === 0) return {}
  const delays = options.retryDelaySeconds ?? defaults.delay
  return {
    retries,
    ...(typeof delays === 'number'
      ? delays > 0 && { retry_delay: delays }
      : { retry_delays: isBackoff(delays) ? madeBy(delays, retries) : [...delays] }),
    ...(options.retryJitterFactor !== undefined && { retry_jitter_factor: options.retryJitterFactor }),
  }
}

/** What a backoff of the user's own makes is checked like what the user writes. */
function madeBy(backoff: Backoff, retries: number): readonly number[] {
  const delays = [...backoff.delays(retries)]
  delay(delays, 'retryDelaySeconds')
  return delays
}

export const taskPolicy = (options: TaskOptions, settings: EngineSettings): RetryPolicy =>
  retryPolicyOf(options, { retries: settings.taskRetries, delay: settings.taskRetryDelaySeconds })
export const flowPolicy = (options: FlowOptions, settings: EngineSettings): RetryPolicy =>
  retryPolicyOf(options, { retries: settings.flowRetries, delay: 0 })

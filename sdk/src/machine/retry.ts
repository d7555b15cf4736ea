/** Whether and when a failed attempt is made again. */
import type { RetryPolicy, RunFacts } from '../protocol/flow-run.ts'
import type { Random } from '../protocol/mint.ts'
import { MAX_STATES_PER_RUN } from '../protocol/limits.ts'
import type { StateProposal } from '../protocol/states.ts'

/**
 * True when a failure after `runCount` attempts is answered with another attempt: `retries` = R gives R + 1 attempts.
 * `retriable: false` in the failure's details ends it at once.
 */
export function willRetry(policy: RetryPolicy, runCount: number, failure: StateProposal): boolean {
  return runCount <= (policy.retries ?? 0) && failure.state_details?.retriable !== false
}

/** True when a run's history has room for another attempt: the waiting, and the running. */
export function hasRoomForRetry({ states }: RunFacts): boolean {
  return states.length + 2 <= MAX_STATES_PER_RUN
}

/**
 * Seconds before attempt `attempt` (0 for the first retry): the list's entry, its last one repeated, else the scalar; spread by
 * `retry_jitter_factor`. No delay stays no delay.
 *
 * @example
 * retryDelaySeconds({ retries: 4, retry_delays: [3, 1] }, 2, random) // 1
 */
export function retryDelaySeconds(policy: RetryPolicy, attempt: number, random: Random): number {
  const delays = policy.retry_delays ?? []
  const delay = delays[Math.min(attempt, delays.length - 1)] ?? policy.retry_delay ?? 0
  const jitter = policy.retry_jitter_factor ?? 0
  return delay > 0 && jitter > 0 ? clampedPoissonSeconds(delay, jitter, random) : delay
}

/** True when a policy asks for no waiting at all, so that the next attempt begins without an AwaitingRetry between. `[0]` asks for one. */
export function retriesAtOnce(policy: RetryPolicy): boolean {
  return (policy.retry_delays ?? []).length === 0 && (policy.retry_delay ?? 0) === 0
}

/** The interval that {@link clampedPoissonSeconds} draws from. For factor 0.3: 0.75 to 1.3 times the mean. */
export function clampedPoissonBounds(mean: number, factor: number): { readonly lower: number; readonly upper: number } {
  const power = 2 ** (1 + factor)
  return { lower: Math.max(0, mean * Math.log2(power / (power - 1))), upper: mean * (1 + factor) }
}

/**
 * An exponentially distributed wait, clamped so that its mean stays about `mean`: many waiters spread out, none waits absurdly long.
 * Source: Prefect `utilities/math.py`, reference 2.3.
 */
function clampedPoissonSeconds(mean: number, factor: number, random: Random): number {
  const { lower, upper } = clampedPoissonBounds(mean, factor)
  const share = (seconds: number) => 1 - Math.exp(-seconds / mean)
  const drawn = share(lower) + random() * (share(upper) - share(lower))
  return Math.min(upper, Math.max(lower, -mean * Math.log(1 - drawn)))
}

/** What is told of a run at a glance, and what else is recorded of it: a word and its value each. */
import { html, nothing, type TemplateResult } from 'lit'
import { clockWords, durationWords, fullTime } from '../ui/time-words.ts'
import { timeAgo } from '../ui/time.ts'
import { problemOf, ranSeconds } from './run-words.ts'

type Run = Parameters<typeof ranSeconds>[0] & Parameters<typeof problemOf>[0] & { readonly tags: readonly string[] }

export const fact = (word: string, value: unknown): TemplateResult =>
  html`<div>
    <dt>${word}</dt>
    <dd>${value}</dd>
  </div>`

export const pair = (word: string, value: unknown): TemplateResult =>
  html`<dt>${word}</dt>
    <dd>${value}</dd>`

/**
 * Facts of any run, those of its own kind in their places.
 *
 * @param now Microseconds.
 * @param waits What it waits for.
 */
export function factsOf(run: Run, own: readonly unknown[], waits: string | undefined, now: number, precision?: 'millis'): TemplateResult {
  const ran = ranSeconds(run, now)
  const problem = problemOf(run)
  const { start_time, tags } = run
  const started =
    start_time === null
      ? 'not yet'
      : html`<span title=${fullTime(start_time)}>${clockWords(start_time, precision)}</span>, ${timeAgo(start_time)}`
  return html`<dl class="facts">
    ${fact('Started', started)} ${fact('Duration', ran === undefined ? '–' : durationWords(ran))} ${own}
    ${
      tags.length === 0
        ? nothing
        : fact(
            'Tags',
            tags.map((tag) => html`<span class="tag">${tag}</span> `),
          )
    }
    ${waits === undefined ? nothing : fact('Waiting', html`<span class="waits" role="status">${waits}</span>`)}
    ${problem === undefined ? nothing : fact('Why', html`<span class="why">${problem}</span>`)}
  </dl>`
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseNotebook, printNotebook } from '#sdk/notebook/nb-ts.ts'
import { root } from '../support/repository.ts'
import { runExample } from './run-example.ts'

test('[EX3] the welcome notebook runs as a script: it tells the story of the seed to its end, and says which names are given twice', async () => {
  const { code, stdout, log } = await runExample('notebooks/welcome.nb.ts', { NO_COLOR: '1' })
  expect(code).toBe(0)
  expect(
    stdout.filter((line) => !/^(?:Wrote |<svg |\[|\]| {2}\{ run: \d+, state: '(?:Completed|Failed)', seconds: [\d.]+ \},?$)/.test(line)),
  ).toEqual([])
  expect(stdout.filter((line) => line.includes('run: '))).toHaveLength(6)
  const runs = log.flatMap((line) => /Created flow run '[a-z]+-[a-z]+' for flow '(\w+)'/.exec(line)?.[1] ?? [])
  expect(runs).toEqual(Array.from({ length: 9 }, () => 'pipeline'))
  const warned = log.flatMap((line) => /A (\w+ named '[^']+') is defined more than once/.exec(line)?.[1] ?? [])
  expect(warned).toEqual(["flow named 'pipeline'", "flow named 'pipeline'"])
})

test('[EX4] the welcome notebook is a notebook as it would be printed, with nothing to be said about it', () => {
  const text = readFileSync(join(root, 'examples/notebooks/welcome.nb.ts'), 'utf8')
  const read = parseNotebook(text, Math.random)
  expect(read).toMatchObject({ ok: true, notices: [] })
  expect(read.ok ? printNotebook(read.notebook) : '').toBe(text)
})

import { expect, test } from 'vitest'
import { CHAPTERS, readRules, writeSpec } from './spec.ts'

const rules = readRules()

test('[HS5] docs/spec.md lists every rule with the tests that carry its id', async () => {
  await expect(writeSpec(rules)).toMatchFileSnapshot('../../docs/spec.md')
})

test('[HS6] the letters of a rule name a chapter, and a rule has a sentence', () => {
  expect(rules.filter(({ id }) => CHAPTERS[id.slice(0, 2)] === undefined)).toEqual([])
  expect(rules.filter(({ sentence }) => sentence.length < 12)).toEqual([])
})

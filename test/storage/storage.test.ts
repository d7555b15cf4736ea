import { describe, expect, test } from 'vitest'
import { CASES } from './contract.ts'
import { NodeDatabase } from './node-database.ts'

describe('storage over node:sqlite', () => {
  test.each(CASES)('$name', ({ run }) => {
    expect.hasAssertions()
    run(new NodeDatabase())
  })
})

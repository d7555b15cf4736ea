import { describe, expect, test } from 'vitest'
import type { MakeHost } from './case.ts'
import { CASES } from './cases.ts'

/** Holds a host against the whole contract. */
export function describeEngine(name: string, make: MakeHost): void {
  describe(`the engine on ${name}`, () => {
    for (const { id, sentence, run } of CASES) test(`[${id}] ${sentence}`, async () => expect(await run(make)).toBeUndefined())
  })
}

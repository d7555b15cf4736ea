import { env } from 'cloudflare:workers'
import { reset, runInDurableObject } from 'cloudflare:test'
import { afterAll, describe, expect, test } from 'vitest'
import { ObjectDatabase } from '../../worker/storage/object-database.ts'
import { CASES } from './contract.ts'

afterAll(() => reset())

describe('storage inside the Durable Object', () => {
  test.each(CASES.map((one, index) => ({ ...one, index })))('$name', async ({ run, index }) => {
    expect.hasAssertions()
    await runInDurableObject(env.WORKSPACE.getByName(`storage-${index}`), (_, { storage }) => run(new ObjectDatabase(storage)))
  })
})

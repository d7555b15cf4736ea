import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CASES } from '../engine/contract/cases.ts'
import { launchChromium } from './chromium.ts'
import { serveSources, type SourceServer } from './sources.ts'

interface Outcome {
  readonly name: string
  readonly error?: string
}

/** The code of users, for which the cases stand, and the engine's own. */
const INSTRUMENTED = /^\/(?:test\/engine\/contract|test\/hosts|sdk\/src\/engine)\//

describe('the engine in a Worker of Chromium', () => {
  let browser: Browser | undefined
  let sources: SourceServer | undefined
  let outcomes: readonly Outcome[] = []

  beforeAll(async () => {
    sources = await serveSources((path) => INSTRUMENTED.test(path))
    browser = await launchChromium()
    const page = await browser.newPage()
    await page.goto(sources.url)
    outcomes = await page.evaluate(runWorker, '/test/browser/page/contract-worker.ts')
  })
  afterAll(async () => {
    await browser?.close()
    await sources?.close()
  })

  const names = [...CASES.map(({ id, sentence }) => `[${id}] ${sentence}`), '[CX9] 200 interleaved runs keep their own context']
  test.each(names)('%s', (name) => {
    expect(outcomes.find((outcome) => outcome.name === name)).toEqual({ name })
  })
})

/** Runs inside the page: starts a module Worker and waits for the one thing that it says. */
function runWorker(address: string): Promise<readonly Outcome[]> {
  return new Promise((resolve, reject) => {
    const Worker: unknown = Reflect.get(globalThis, 'Worker')
    if (typeof Worker !== 'function') return reject(new Error('no Worker here'))
    const worker: {
      onmessage: ((event: { readonly data: readonly Outcome[] }) => void) | null
      onerror: ((event: { readonly message: string }) => void) | null
    } = Reflect.construct(Worker, [address, { type: 'module' }])
    worker.onmessage = ({ data }) => resolve(data)
    worker.onerror = ({ message }) => reject(new Error(message || 'the Worker did not load'))
  })
}

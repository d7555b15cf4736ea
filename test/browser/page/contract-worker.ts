/** Runs the engine's contract and the cases of context inside a Worker, and posts what came of each. */
import { browserHost, type BrowserHost } from '#sdk/hosts/browser.ts'
import { installContext } from '#sdk/hosts/async-context.ts'
import { CASES } from '../../engine/contract/cases.ts'
import type { MakeHost } from '../../engine/contract/case.ts'
import { interleave, type Tally } from '../../hosts/context-cases.ts'

export interface Outcome {
  readonly name: string
  readonly error?: string
}

const CASE_MS = 10_000
const nativeTimeout = globalThis.setTimeout
let host: BrowserHost | undefined

const makeHost: MakeHost = ({ settings, callSite, declarationAt, ...surroundings }) => {
  host?.uninstall()
  host = browserHost({ ...surroundings, settings, declarationAt })
  Object.assign(globalThis, host.helpers)
  return { ...host, callSite }
}

async function outcomeOf(name: string, run: () => Promise<unknown>): Promise<Outcome> {
  try {
    await Promise.race([run(), new Promise((_, fail) => nativeTimeout(() => fail(new Error('it hangs')), CASE_MS))])
    return { name }
  } catch (error) {
    return { name, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

async function contextKeepsApart(): Promise<void> {
  host?.uninstall()
  host = undefined
  const context = installContext(() => undefined)
  Object.assign(globalThis, context.helpers)
  const tally: Tally = { right: 0, wrong: [] }
  const store = context.newStore<string>()
  await interleave(store, 200, tally)
  context.uninstall()
  if (tally.wrong.length > 0 || tally.right < 10_000) throw new Error(`${tally.right} right, wrong: ${tally.wrong.slice(0, 5).join('; ')}`)
}

async function runAll(): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = []
  for (const { id, sentence, run } of CASES) outcomes.push(await outcomeOf(`[${id}] ${sentence}`, () => run(makeHost)))
  outcomes.push(await outcomeOf('[CX9] 200 interleaved runs keep their own context', contextKeepsApart))
  return outcomes
}

void runAll().then((outcomes) => postMessage(outcomes))

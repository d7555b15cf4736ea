/** What types cost in the editor: in the real Worker in Chromium, as the page asks. */
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { launchChromium } from '../browser/chromium.ts'
import { serveTypesPage } from '../browser/types-page.ts'
import type { Bench, Row } from './row.ts'

/** What runs in the page: see page/types.ts. */
interface OnPage {
  readonly client: {
    readonly state: { readonly value: string; subscribe(listener: () => void): () => void }
    wake(): void
    setCells(cells: readonly { readonly id: string; readonly source: string }[]): void
    ask(method: string, cell: string, source: string, params: unknown): Promise<unknown>
  }
}
interface Times {
  readonly ready: number
  readonly cold: number
  readonly warm: readonly number[]
  readonly hovers: readonly number[]
  readonly downstream: readonly number[]
  readonly large: number
}

const ROUNDS = 60

const CELLS: Readonly<Record<string, string>> = {
  flows: "import { flow, task } from 'flowcell'",
  a: "interface Row<T = number> { id: T; name: string }\nclass Box<T> { v: T; constructor(v: T) { this.v = v } }\nconst rows: Row[] = [{ id: 1, name: 'x' }]\nconst n = await Promise.resolve(42)",
  b: 'const ids = rows.map((row) => row.id)\nconst box = new Box(ids)\nconst load = flow(async function load(day: string) { return { day, ids } })',
  ...Object.fromEntries(
    Array.from({ length: 49 }, (_, index) => [
      `g${index}`,
      `const v${index} = ${index === 0 ? 'n' : `v${index - 1} + 1`}\nfunction f${index}(x: number) { return x * v${index} }\nf${index}(${index})`,
    ]),
  ),
  c: 'n.toFixed(2)\n',
}

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN

export const bench: Bench = {
  title: `types in the editor, ${Object.keys(CELLS).length} cells`,
  run: async (): Promise<readonly Row[]> => {
    const server = await serveTypesPage()
    const browser = await launchChromium()
    try {
      const page = await browser.newPage()
      await page.goto(server.url)
      await page.waitForFunction(() => 'page' in globalThis)
      const times = await page.evaluate(measure, { cells: CELLS, rounds: ROUNDS })
      const files = [...server.bundles.values()].flatMap(({ outputs }) => Object.keys(outputs))
      const bytes = files.reduce((sum, path) => sum + gzipSync(readFileSync(join(server.folder, basename(path)))).byteLength, 0)
      const row = { beside: 'limit', unit: 'ms', better: 'less' } as const
      return [
        { ...row, what: 'everything that is loaded, gzip', ours: bytes / 1024, reference: 1_084, unit: 'KB' },
        { ...row, what: 'from waking to ready', ours: times.ready, reference: 2_000 },
        { ...row, what: 'the first completion after that', ours: times.cold, reference: 2_000 },
        { ...row, what: 'a completion after a key, median', ours: percentile(times.warm, 0.5), reference: 50 },
        { ...row, what: 'a completion after a key, 95 of 100', ours: percentile(times.warm, 0.95), reference: 50 },
        { ...row, what: 'a hover, 95 of 100', ours: percentile(times.hovers, 0.95), reference: 50 },
        { ...row, what: 'an edit above, told in the cell below, 95 of 100', ours: percentile(times.downstream, 0.95), reference: 150 },
        { ...row, what: 'an edit of the first of 500 cells, told in the last', ours: times.large, reference: 1_000 },
      ]
    } finally {
      await browser.close()
      await server.close()
    }
  },
}

/** Runs inside the page. */
async function measure({ cells, rounds }: { readonly cells: Readonly<Record<string, string>>; readonly rounds: number }): Promise<Times> {
  const { client } = Reflect.get(globalThis, 'page') as OnPage
  const sources: Record<string, string> = { ...cells }
  const tell = (): void => client.setCells(Object.entries(sources).map(([id, source]) => ({ id, source })))
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const began = performance.now()
    const answer = await work()
    if (answer === undefined) throw new Error('no answer')
    return performance.now() - began
  }
  tell()
  const ready = await timed(
    () =>
      new Promise((resolve) => {
        const stop = client.state.subscribe(() => {
          if (client.state.value !== 'ready') return
          stop()
          resolve(true)
        })
        client.wake()
      }),
  )
  const complete = (): Promise<number> => {
    const source = sources['c'] ?? ''
    return timed(() => client.ask('completion', 'c', source, { at: source.length }))
  }
  const cold = await complete()
  const warm: number[] = []
  const hovers: number[] = []
  const downstream: number[] = []
  const typed = ['ids', '.', '\nv3', '\nconst x = ro', '\nbox.', '\nlo', '\nload', '.', '\n']
  for (let round = 0; round < rounds; round++) {
    sources['c'] += typed[round % typed.length] ?? ''
    warm.push(await complete())
    hovers.push(await timed(() => client.ask('hover', 'b', sources['b'] ?? '', { at: (sources['b'] ?? '').indexOf('map') })))
  }
  for (let round = 0; round < rounds; round++) {
    sources['a'] = (cells['a'] ?? '').replace('42', round % 2 === 0 ? "'text'" : String(round))
    sources['c'] = cells['c'] ?? ''
    tell()
    downstream.push(await timed(() => client.ask('diagnostics', 'c', sources['c'] ?? '', {})))
  }
  for (const id of Object.keys(sources)) delete sources[id]
  for (let index = 0; index < 500; index++)
    sources[`c${index}`] =
      `const v${index} = ${index === 0 ? '1' : `v${Math.floor(index / 2)} + 1`}\nfunction f${index}(x: number) { return x * v${index} }`
  tell()
  await client.ask('diagnostics', 'c499', sources['c499'] ?? '', {})
  sources['c0'] = "const v0 = 'x'"
  tell()
  const large = await timed(() => client.ask('diagnostics', 'c499', sources['c499'] ?? '', {}))
  return { ready, cold, warm, hovers, downstream, large }
}

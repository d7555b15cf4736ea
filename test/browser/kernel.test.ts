/** Cells in the real kernel: a real server, the real frame, its Worker. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CellOutput } from '#sdk/protocol/cell-output.ts'
import { openKernelSite, type KernelPage, type KernelSite } from './kernel-site.ts'

const NOTEBOOK = '018f0000-0000-7000-8000-000000000001'

let site: KernelSite
let page: KernelPage
let run: KernelPage['run']
let ask: KernelPage['ask']

beforeAll(async () => {
  site = await openKernelSite()
  page = await site.openPage({ notebook: NOTEBOOK })
  ;({ run, ask } = page)
})
afterAll(() => site?.close())

/** What stands there as text. */
const textOf = (outputs: readonly CellOutput[]): string =>
  outputs
    .map((output) => {
      if (output.kind === 'stream') return output.text
      if (output.kind === 'error') return `${output.name}: ${output.message}`
      const plain = output.data['text/plain']
      return typeof plain === 'string' ? plain : JSON.stringify(plain)
    })
    .join('\n')
const errorOf = (outputs: readonly CellOutput[]): string => textOf(outputs.filter(({ kind }) => kind === 'error'))
const placesOf = (outputs: readonly CellOutput[]) => outputs.flatMap((output) => (output.kind === 'error' ? (output.places ?? []) : []))

interface RecordedRun {
  readonly id: string
  readonly name: string
  readonly state: { readonly type: string; readonly name: string; readonly message: string | null }
  readonly labels: Readonly<Record<string, unknown>>
}
async function runsOf(flow: string): Promise<readonly RecordedRun[]> {
  const query = { flows: { name: { any_: [flow] } }, sort: 'EXPECTED_START_TIME_ASC' }
  return (await site.api('/flow_runs/filter', query)) as readonly RecordedRun[]
}
async function linesOf({ id }: RecordedRun): Promise<readonly string[]> {
  const lines = await site.api('/logs/filter', { logs: { flow_run_id: { any_: [id] } }, sort: 'TIMESTAMP_ASC' })
  return (lines as readonly { readonly message: string }[]).map(({ message }) => message)
}

describe('cells', () => {
  test('[KN1] a cell takes values of others, gives its own, shows its last line, and says whether anything has changed', async () => {
    const first = await run('aa', 'const n: number = 20\nconst list = [1, 2]\nn + 1')
    expect([first.outcome, textOf(first.outputs), first.isSame]).toEqual(['done', '21', false])
    expect(first.values.map(({ name, preview }) => `${name} ${preview}`)).toEqual(['n 20', 'list Array(2) [ 1, 2 ]'])
    expect(textOf((await run('bb', 'await Promise.resolve(n * 2)')).outputs)).toBe('40')
    expect((await run('aa', 'const n: number = 20\nconst list = [1, 2]')).isSame).toBe(true)
    expect((await run('aa', 'const n: number = 21\nconst list = [1, 2]')).isSame).toBe(false)
    expect((await run('cc', 'null.x')).outcome).toBe('failed')
    await ask((notebook) => notebook.kernel.forget('aa'), null)
    expect(errorOf((await run('bb', 'n * 2')).outputs)).toBe('ReferenceError: `n` has no value: run the cell that defines it.')
  })

  test('[KN2] `flowcell` has in cells the names that it has in Node', async () => {
    const node: object = await import('#sdk/index.ts')
    const { outputs } = await run('nm', "import * as all from 'flowcell'\nObject.keys(all).sort().join(' ')")
    expect(textOf(outputs)).toBe(Object.keys(node).toSorted().join(' '))
  })

  test('[KN3] runs of flows are recorded with notebook, cell and code, and their prints stand in their log', async () => {
    const source = `import { flow, task } from 'flowcell'
const double = task(async function double(n: number) { console.log('doubling', n); return n * 2 })
export const recorded = flow(async function recorded(n: number) { return await double(n) + 1 }, { logPrints: true })
await recorded(3)`
    const { outcome, outputs } = await run('fl', source)
    expect([outcome, textOf(outputs)]).toEqual(['done', '7'])
    const [recorded, ...others] = await runsOf('recorded')
    const slice = await ask((notebook) => notebook.slice('fl'), null)
    expect([recorded?.state.name, recorded?.labels, others]).toEqual([
      'Completed',
      { 'flowcell.notebook': NOTEBOOK, 'flowcell.cell': 'fl', 'flowcell.code': slice },
      [],
    ])
    expect(recorded === undefined ? [] : await linesOf(recorded)).toContain('doubling 3')
    const told = await ask((notebook) => notebook.heard.filter(({ type }) => type === 'flowRun'), null)
    expect(told).toEqual([{ type: 'flowRun', cell: 'fl', id: recorded?.id, name: expect.any(String), flow: 'recorded' }])
  })

  test('[KN4] prints stand under the cell that prints, also while another one runs', async () => {
    await run('p1', "setTimeout(() => console.log('late from p1'), 60)\nconsole.log('one %d', 1)\nconsole.warn('careful')")
    await run('p2', "console.log('from p2')\nawait new Promise((done) => setTimeout(done, 200))")
    const shown = await ask((notebook) => [notebook.outputsOf('p1'), notebook.outputsOf('p2')], null)
    expect(shown).toEqual([
      [
        { kind: 'stream', name: 'stdout', text: 'one 1\n' },
        { kind: 'stream', name: 'stderr', text: 'careful\n' },
        { kind: 'stream', name: 'stdout', text: 'late from p1\n' },
      ],
      [{ kind: 'stream', name: 'stdout', text: 'from p2\n' }],
    ])
  })

  test('[KN5] frames of errors stand at their places in cells, behind an await on the same line too', async () => {
    await run('e1', 'function boom(x: { a: string }): never {\n  throw new Error(`bad ${x.a}`)\n}')
    const { outputs } = await run('e2', 'const later = async () => { await null; boom({ a: "q" }) }\n\nawait later()')
    const [error] = outputs
    expect(error).toEqual({
      kind: 'error',
      name: 'Error',
      message: 'bad q',
      stack: ['at boom (cell-e1.ts:2:9)', 'at later (cell-e2.ts:1:41)'],
      places: [
        { cell: 'e1', line: 2, column: 9, name: 'boom' },
        { cell: 'e2', line: 1, column: 41, name: 'later' },
      ],
    })
    const loose = await run(
      'e3',
      "setTimeout(() => { throw new Error('loose') })\nvoid Promise.reject(new Error('unheard'))\nawait new Promise((done) => setTimeout(done, 100))",
    )
    const [rejected, thrown] = [
      'A promise was rejected and nobody awaited it: Error: unheard\n    at cell-e3.ts:2:21\n',
      'An error was thrown outside of the cell: Error: loose\n    at cell-e3.ts:1:26\n',
    ]
    expect([rejected + thrown, thrown + rejected]).toContain(textOf(loose.outputs))
  })

  test('[KN5] frames of errors stand at their places in cells: in the states of runs as well', async () => {
    const source = "const failing = flow(async function failing() {\n  throw new RangeError('too far')\n})\nawait failing.state()"
    await run('e4', `import { flow as flowOf } from 'flowcell'`)
    await run('e5', source.replace('flow(', 'flow('))
    const [failed] = await runsOf('failing')
    const lines = failed === undefined ? [] : await linesOf(failed)
    expect(lines.find((line) => line.includes('RangeError'))).toContain('(cell-e5.ts:2:9)')
  })

  test('[KN6] a name that two cells give to flows or tasks is told; a cell that runs again tells nothing', async () => {
    const define = (name: string) => `const ${name} = flow(async function twice() {})`
    expect((await run('d1', define('one'))).outputs).toEqual([])
    expect((await run('d1', `\n${define('one')}`)).outputs).toEqual([])
    const [told, ...others] = (await run('d2', define('two'))).outputs
    expect(others).toEqual([])
    expect(told).toMatchObject({ kind: 'stream', name: 'stderr' })
    expect(textOf(told === undefined ? [] : [told])).toMatch(
      /WARNING.*A flow named 'twice' is defined more than once\. The first one is at cell-d1\.ts:2:\d+\. Give each a name of its own/,
    )
  })

  test('[KN7] parameters are read from the types of the cell, and a form calls a flow by their names', async () => {
    await run(
      'g1',
      'const greet = flow(async function greet(name: string, times: number, ...more: string[]) {\n  return [name, times, ...more]\n})\ngreet',
    )
    const refused = await run('g2', "await greet('Ada', 'many' as never)")
    expect(errorOf(refused.outputs)).toContain('times')
    await ask((notebook) => notebook.kernel.callFlow('g1', 'greet', { name: 'Bo', times: 2, more: ['x'] }), null)
    const states = (await runsOf('greet')).map(({ state, labels }) => [state.name, labels['flowcell.cell']])
    expect(states).toEqual([
      ['Failed', 'g2'],
      ['Completed', 'g1'],
    ])
    const gone = await ask((notebook) => notebook.kernel.callFlow('g1', 'nobody', {}).catch((error: Error) => error.message), null)
    expect(gone).toBe('Error: `nobody` is no flow of this cell any more: run the cell again.')
  })

  test('[KN8] what an older run of a cell still says is dropped', async () => {
    await ask(
      (notebook) =>
        notebook.begin(
          'su',
          "console.log('old begins')\nawait new Promise((done) => setTimeout(done, 150))\nconsole.log('old')\n'old value'",
        ),
      null,
    )
    const { outputs } = await run('su', "await new Promise((done) => setTimeout(done, 300))\n'new value'")
    expect(textOf(outputs)).toBe("'new value'")
  })

  test('[KN9] where the link may not record, runs stay in the tab, which is said, and their lines are shown', async () => {
    const runner = await site.openPage({ role: 'runner' })
    const source = "import { flow } from 'flowcell'\nconst kept = flow(async function kept() { return 1 })\nawait kept()"
    const { outcome, outputs } = await runner.run('ru', source)
    expect(outcome).toBe('done')
    expect(textOf(outputs)).toContain('Your link lets you run cells in this tab only: runs are neither recorded nor stored.')
    expect(textOf(outputs)).toContain('Finished in state Completed()')
    expect(await runsOf('kept')).toEqual([])
    await runner.page.close()
  })
})

describe('modules and files', () => {
  test('[KN10] the shelf is there without another host: zod, linkedom, Plot', async () => {
    const { outcome, outputs } = await run(
      's1',
      `import { z } from 'zod'
import { parseHTML } from 'linkedom'
import * as Plot from '@observablehq/plot'
const { document } = parseHTML('<p>hello</p>')
const chart = Plot.plot({ document, marks: [Plot.dot([{ x: 1, y: 2 }], { x: 'x', y: 'y' })] })
;[z.number().parse(7), document.querySelector('p')?.textContent, chart.tagName]`,
    )
    expect([errorOf(outputs), outcome]).toEqual(['', 'done'])
    expect(textOf(outputs)).toContain("[ 7, 'hello', 'SVG' ]")
  })

  test('[KN11] packages come from the module host, once, also by import(); what is not there is told', async () => {
    const { outputs } = await run(
      'm1',
      "import hi, { answer } from 'npm:answer@1.0.0'\nconst again = await import('npm:answer@1.0.0')\n;[hi(), answer, again.answer]",
    )
    expect(textOf(outputs)).toContain("[ 'hi', 42, 42 ]")
    expect(site.other.asked.filter((line) => line.includes('/answer@1.0.0'))).toEqual(['GET /answer@1.0.0 null'])
    const web = await run('m2', `(await import('${site.other.url}/answer@1.0.0')).answer`)
    expect(textOf(web.outputs)).toBe('42')
  })

  test.each([
    [
      "import x from 'npm:nobody@1'",
      /The module npm:nobody@1 could not be loaded from http.*nobody@1: it is not there, or the host does not answer\./,
    ],
    ["import { wrong } from 'npm:answer@1.0.0'", /The module npm:answer@1\.0\.0 has no export `wrong`\. It has answer, default\./],
    ["import x from 'lodash'", /There is no module lodash here\. Write npm:lodash@version to load it from 127\.0\.0\.1/],
    ["import x from './helper.ts'", /A cell is no file: there is nothing at \.\/helper\.ts\. Names of other cells need no import\./],
    ["import fs from 'node:fs'", /There is no node:fs in a tab\. node:fs\/promises is, with files kept in memory\./],
    ["import http from 'node:http'", /There is no node:http in a tab/],
    [
      "await import('https://example.com/x.js')",
      /Cells load modules from http:\/\/127\.0\.0\.1:\d+\/ only: https:\/\/example\.com\/x\.js is elsewhere\./,
    ],
    ["import x from 'npm:'", /npm: names no package\. Write it as npm:name@version\./],
    ["import 'npm:broken@1'", /this module throws/],
    ["import x from 'data:text/javascript,1'", /A cell cannot import data:/],
  ])('[KN12] a module that cannot be is a sentence: %s', async (source, sentence) => {
    const { outcome, outputs } = await run('mx', `// An import.\n${source}`)
    expect(outcome).toBe('failed')
    expect(errorOf(outputs)).toMatch(sentence)
    expect(placesOf(outputs).at(-1)).toMatchObject({
      cell: 'mx',
      line: 2,
      column: source.startsWith('import') ? 1 : 'await import'.length + 1,
    })
  })

  test('[KN13] files are written to memory, listed for the page, and given out as bytes', async () => {
    const source =
      "import { mkdir, readFile, writeFile } from 'node:fs/promises'\nawait mkdir('/out')\nawait writeFile('/out/é.txt', 'grüße')\nawait readFile('/out/é.txt', 'utf8')"
    expect(textOf((await run('fs', source)).outputs)).toBe("'grüße'")
    await expect.poll(() => ask((notebook) => notebook.kernel.files.value, null)).toEqual([{ path: '/out/é.txt', bytes: 7 }])
    expect(await ask(async (notebook) => new TextDecoder().decode(await notebook.kernel.file('/out/é.txt')), null)).toBe('grüße')
    expect(await ask((notebook) => notebook.kernel.file('/none').catch((error: Error) => error.message), null)).toContain('ENOENT')
  })
})

describe('the network', () => {
  test('[KN14] a refusal of the other side, of the setting, and a server that is not there are told apart', async () => {
    const { url } = site.other
    const failed = async (code: string, cell = 'n1') => errorOf((await run(cell, code)).outputs)
    expect(textOf((await run('n0', `(await (await fetch('${url}/open')).json()).stars`)).outputs)).toBe('7')
    expect(await failed(`await fetch('${url}/closed')`)).toContain(
      `The server at ${new URL(url).host} did not allow pages to read its answer (CORS).`,
    )
    expect(await failed(`await fetch('${url}/closed', { method: 'POST', body: 'x' })`)).toContain('(CORS). Or it could not be reached.')
    expect(await failed(`await fetch('http://127.0.0.1:9/x')`)).toContain(
      'This notebook may not reach 127.0.0.1:9: its network setting does not allow it.',
    )
    expect(await failed(`await fetch('https://127.0.0.1:9/x')`)).toContain('The server at 127.0.0.1:9 could not be reached.')
    const { outputs } = await run('n2', `const a = 1\nawait fetch('${url}/closed')`)
    expect(outputs.at(-1)).toMatchObject({
      stack: ['at cell-n2.ts:2:7', 'Caused by TypeError: Failed to fetch', 'at cell-n2.ts:2:7'],
      places: [{ cell: 'n2', line: 2, column: 7 }],
    })
  })
})

describe('stopping', () => {
  test('[KN15] a cell that waits is stopped, its requests and flow runs with it; values of others stay', async () => {
    await run('v1', "import { runtime } from 'flowcell'\nconst kept = 5")
    const ended = ask((notebook) => notebook.ended('st'), null)
    const created = ask((notebook) => notebook.next('flowRun'), null)
    const source = `const waiting = flow(async function waiting() {
  await new Promise((_, fail) => runtime.signal.addEventListener('abort', () => fail(runtime.signal.reason)))
})\nawait Promise.all([waiting(), new Promise(() => {})])`
    await ask((notebook, text) => notebook.begin('st', text), source)
    await created
    await expect.poll(async () => (await runsOf('waiting')).map(({ state }) => state.name)).toEqual(['Running'])
    await ask((notebook) => notebook.kernel.stop(), null)
    expect((await ended).outcome).toBe('interrupted')
    expect((await runsOf('waiting')).map(({ state }) => state.name)).toEqual(['Cancelled'])
    const alone = ask((notebook) => notebook.ended('sg'), null)
    const listens =
      "const { signal } = runtime\nawait new Promise((_, fail) => signal.addEventListener('abort', () => fail(signal.reason)))"
    await ask((notebook, text) => notebook.begin('sg', text), listens)
    await ask((notebook) => notebook.kernel.stop(), null)
    const stopped = await alone
    expect([stopped.outcome, stopped.outputs, stopped.ms < 400]).toEqual(['interrupted', [], true])
    expect(textOf((await run('v2', 'kept + 1')).outputs)).toBe('6')
    expect(await ask((notebook) => notebook.kernel.state.value, null)).toBe('ready')
  })

  test('[KN16] an endless loop leaves the page alive; ended by force, its runs crash with a reason, all values are gone, and the next cell runs', async () => {
    await run('v1', 'const kept = 5')
    const created = ask((notebook) => notebook.next('flowRun'), null)
    const loop = `const spin = task(async function spin() { await new Promise((go) => setTimeout(go, 300)); for (;;) {} })
const looping = flow(async function looping() { await spin() })
await looping()`
    await ask((notebook, text) => notebook.begin('lo', text), loop)
    await created
    await expect.poll(async () => (await runsOf('looping')).map(({ state }) => state.name)).toEqual(['Running'])
    await new Promise((pause) => setTimeout(pause, 400))
    await ask((notebook) => notebook.kernel.stop(), null)
    expect(await ask((notebook) => notebook.kernel.state.value, null)).toBe('stopping')
    const before = await ask((notebook) => notebook.kernel.kernel.value, null)
    await ask((notebook) => notebook.kernel.forceStop(), null)
    expect(await ask((notebook) => notebook.resets, null)).toEqual(['It was stopped by force.'])
    expect(errorOf((await run('v3', 'kept')).outputs)).toBe('ReferenceError: `kept` has no value: run the cell that defines it.')
    expect(await ask((notebook) => notebook.kernel.kernel.value, null)).not.toBe(before)
    const reason = 'The kernel of its notebook is gone. It was stopped by force.'
    await expect.poll(async () => (await runsOf('looping')).map(({ state }) => [state.name, state.message])).toEqual([['Crashed', reason]])
    const [crashed] = await runsOf('looping')
    const tasks = await site.api('/task_runs/filter', { flow_runs: { id: { any_: [crashed?.id] } } })
    expect((tasks as readonly RecordedRun[]).map(({ state }) => [state.name, state.message])).toEqual([['Crashed', expect.any(String)]])
    expect((crashed === undefined ? [] : await linesOf(crashed)).at(-1)).toBe(`Crash detected! ${reason}`)
  })

  test('[KN17] a kernel that floods its page is ended before the page is', async () => {
    const flood = "for (let n = 0; ; n++) { display(n, { id: 'x' }); if (n % 50 === 0) await new Promise((go) => setTimeout(go)) }"
    await ask((notebook) => notebook.heard.splice(0), null)
    await ask((notebook, text) => notebook.begin('dp', text), flood)
    await new Promise((pause) => setTimeout(pause, 1_000))
    const messages = await ask((notebook) => notebook.heard.length, null)
    expect(messages).toBeLessThan(100)
    await ask((notebook) => notebook.kernel.forceStop(), null)
    // Around everything of ours, straight over the port.
    const forged = `const port = await new Promise((found) => {
  const native = MessagePort.prototype.postMessage
  MessagePort.prototype.postMessage = function (...values) { found(this); return native.apply(this, values) }
  console.log('x')
})
for (;;) port.postMessage('"x"')`
    await ask((notebook) => notebook.resets.splice(0), null)
    await ask((notebook, text) => notebook.begin('fd', text), forged)
    await expect.poll(() => ask((notebook) => notebook.resets, null)).toEqual(['It sent more than 5000 messages in a second.'])
    expect(textOf((await run('af', '1 + 1')).outputs)).toBe('2')
  })
})

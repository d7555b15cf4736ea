import { expect, test, vi } from 'vitest'
import type { Item } from '#sdk/protocol/frames.ts'
import { recordingWorkspace } from './recording-workspace.ts'
import { runScript } from './scripts.ts'

vi.setConfig({ testTimeout: 30_000 })

const proposals = (items: readonly Item[]) =>
  items.flatMap((item) => (item.type === 'run.propose' ? [`${item.state.type}: ${item.state.message ?? ''}`] : []))
const lines = (items: readonly Item[]) => items.flatMap((item) => (item.type === 'log' ? item.lines.map(({ m }) => m) : []))
const isRunning = (item: Item) => item.type === 'run.propose' && item.state.type === 'RUNNING'
const ENDLESS = `const endless = flow(async function endless() { console.log('running'); await new Promise((r) => setTimeout(r, 1e8)) })
void endless()
`

test('[HO1] a script says everything to its workspace and ends by itself, its last log lines included', async () => {
  await using workspace = await recordingWorkspace()
  const { ended } = runScript(
    `const double = task(async function double(n: number) { return 2 * n })
const sum = flow(async function sum(ns: number[]) {
  const logger = getRunLogger()
  logger.info('first')
  const doubled = await double.map(ns).result()
  logger.info('last')
  return doubled.reduce((a, b) => a + b, 0)
})
console.log(await sum([1, 2, 3]))
`,
    { FLOWCELL_API_URL: workspace.apiUrl, FLOWCELL_API_KEY: 'fc_k' },
  )
  const { code, stdout, stderr } = await ended
  expect([code, stdout]).toEqual([0, '12\n'])
  expect(workspace.peers[0]?.request.headers['sec-websocket-protocol']).toBe('flowcell, token.fc_k')
  expect(proposals(workspace.items)).toEqual(['RUNNING: ', 'COMPLETED: '])
  expect(workspace.items.filter(({ type }) => type === 'task')).toHaveLength(3)
  expect(lines(workspace.items)).toEqual(expect.arrayContaining(['first', 'last']))
  expect(stderr).toMatch(/^\d\d:\d\d:\d\d\.\d{3} \| INFO {4}\| Flow run '[a-z-]+' - first$/m)
})

test.each([
  ['SIGINT', 'Execution was aborted by an interrupt signal.'],
  ['SIGTERM', 'Execution was aborted by a termination signal.'],
] as const)('[HO2] a signal crashes the held runs with the reason, and the process dies of it: %s', async (signal, reason) => {
  await using workspace = await recordingWorkspace()
  const script = runScript(ENDLESS, { FLOWCELL_API_URL: workspace.apiUrl })
  await script.said('running')
  script.kill(signal)
  const ended = await script.ended
  expect(ended.signal).toBe(signal)
  expect(proposals(workspace.items)).toEqual(['RUNNING: ', `CRASHED: ${reason}`])
  expect(lines(workspace.items)).toContain(`Crash detected! ${reason}`)
  expect(ended.stderr).toMatch(new RegExp(`\\| ERROR   \\| Flow run '[a-z-]+' - Crash detected! ${reason}`))
})

test.each([
  [
    'an exception',
    `setTimeout(() => { throw new TypeError('boom') }, 20)`,
    1,
    'Execution was interrupted by an unexpected exception: TypeError: boom',
  ],
  ['process.exit', `setTimeout(() => process.exit(3), 20)`, 3, 'Execution was aborted by a call of process.exit().'],
] as const)('[HO3] an exception or process.exit crashes the held runs with the reason: %s', async (_name, how, code, reason) => {
  await using workspace = await recordingWorkspace()
  const script = runScript(ENDLESS.replace(`console.log('running')`, how), { FLOWCELL_API_URL: workspace.apiUrl })
  expect((await script.ended).code).toBe(code)
  expect(proposals(workspace.items)).toEqual(['RUNNING: ', `CRASHED: ${reason}`])
})

test('[HO4] a process with nothing left to wait for ends, and its run says so', async () => {
  await using workspace = await recordingWorkspace()
  const script = runScript(`void flow(async function never() { await new Promise(() => {}) })()`, { FLOWCELL_API_URL: workspace.apiUrl })
  expect((await script.ended).code).toBe(0)
  expect(proposals(workspace.items)).toEqual([
    'RUNNING: ',
    'CRASHED: Execution ended before the run did: the process had nothing left to wait for.',
  ])
})

test('[HO5] user code that blocks its thread does not stop the pings', async () => {
  await using workspace = await recordingWorkspace({ pingSeconds: 0.1 })
  const script = runScript(
    `await flow(async function busy() { const until = performance.now() + 1_000; while (performance.now() < until) {} })()`,
    { FLOWCELL_API_URL: workspace.apiUrl },
  )
  await workspace.until(isRunning)
  const before = workspace.pings.length
  await workspace.until((item) => item.type === 'run.propose' && item.state.type === 'COMPLETED')
  expect(workspace.pings.length - before).toBeGreaterThan(4)
  expect((await script.ended).code).toBe(0)
})

test('[HO6] a workspace that is configured and does not answer is an error with its address, never a silent offline run', async () => {
  const { ended } = runScript(`await flow(async function any() { console.log('ran') })()`, {
    FLOWCELL_API_URL: 'http://127.0.0.1:9/w/abc/api',
  })
  const { code, stdout, stderr } = await ended
  expect([code, stdout]).toEqual([1, ''])
  expect(stderr).toContain(
    'The workspace at http://127.0.0.1:9/w/abc/api does not answer. Start the local server with "flowcell server start"',
  )
})

test('[HO7] without a workspace flows run in the process, and one line says so once', async () => {
  const { ended } = runScript(`const hello = flow(async function hello() { return 'hello' })
console.log(await hello(), await hello())`)
  const { code, stdout, stderr } = await ended
  expect([code, stdout]).toEqual([0, 'hello hello\n'])
  expect(stderr.match(/No workspace: flows run in this process only/g)).toHaveLength(1)
})

test('[HO36] a script over a workspace loads no schemas, in none of its threads', async () => {
  await using workspace = await recordingWorkspace()
  const hook = `import { registerHooks } from 'node:module'
    registerHooks({ resolve(name, context, next) {
      if (name === 'zod') throw new Error('loaded ' + name)
      return next(name, context)
    } })`
  const { ended } = runScript(
    `const double = task(async function double(n: number) { return 2 * n })
console.log(await flow(async function twice(n: number) { return double(n) })(2))`,
    { FLOWCELL_API_URL: workspace.apiUrl, NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hook)}` },
  )
  const { code, stdout } = await ended
  expect([code, stdout]).toEqual([0, '4\n'])
})

test('[HO37] a mapped task holds half a kilobyte before it starts, and little more once it has ended', async () => {
  const { ended } = runScript(`import v8 from 'node:v8'
import { runInNewContext } from 'node:vm'
v8.setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')
const held = () => (collect(), process.memoryUsage().heapUsed)
const id = task(async function id(n: number) { return n })
const measure = (count: number) => flow(async function measure() {
  const numbers = Array.from({ length: count }, (_, n) => n)
  const before = held()
  const futures = id.map(numbers)
  const waiting = held() - before
  await futures.result()
  return [waiting / count, (held() - before) / count]
})()
await measure(100)
console.log(JSON.stringify(await measure(10_000)))`)
  const { stdout } = await ended
  const [waiting, over]: readonly number[] = JSON.parse(stdout)
  expect([waiting, over]).toEqual([expect.toSatisfy((bytes) => bytes < 550), expect.toSatisfy((bytes) => bytes < 750)]) // 490 and 630 (measured)
})

test('[HO8] a setting that is not understood stops the first run with a sentence', async () => {
  const { ended } = runScript(`await flow(async function any() {})()`, { FLOWCELL_LOGGING_LEVEL: 'loud' })
  const { code, stderr } = await ended
  expect([code, stderr.includes('FLOWCELL_LOGGING_LEVEL: expected one of DEBUG, INFO, WARNING, ERROR, CRITICAL, got "loud".')]).toEqual([
    1,
    true,
  ])
})

test('[HO9] a connection that breaks in the middle of a run is said once, and the run goes on', async () => {
  await using workspace = await recordingWorkspace()
  const script = runScript(
    `await flow(async function long() {
  const keepAlive = setInterval(() => {}, 1_000)
  console.log('running')
  await new Promise((goOn) => process.once('SIGUSR2', goOn))
  clearInterval(keepAlive)
})()`,
    { FLOWCELL_API_URL: workspace.apiUrl },
  )
  await script.said('running')
  workspace.peers[0]?.cut()
  await workspace.connected(2)
  script.kill('SIGUSR2')
  const { code, stderr } = await script.ended
  expect(code).toBe(0)
  expect(proposals(workspace.items)).toEqual(['RUNNING: ', 'COMPLETED: '])
  expect(stderr.match(/was lost\. Runs go on; what they report is kept until it is back\./g)).toHaveLength(1)
  expect(stderr.match(/The workspace at .* is back\./g)).toHaveLength(1)
})

test('[HO29] many engines in one process share one listener for rejections that nobody awaits, and what none of them takes ends the process', async () => {
  const engines = `const engines = Array.from({ length: 20 }, () => createEngine(nodeHost()))
for (const engine of engines) await engine.flow(async () => {}, { name: 'empty' })()
console.log(process.listenerCount('unhandledRejection'))
`
  const quiet = await runScript(
    `${engines}await engines[3]?.flow(async () => { void Promise.reject(new Error('let fall')); await new Promise((r) => setTimeout(r, 5)) }, { name: 'careless' })()`,
  ).ended
  expect([
    quiet.code,
    quiet.stdout,
    quiet.stderr.includes('A promise was rejected and nobody awaited it'),
    quiet.stderr.includes('MaxListeners'),
  ]).toEqual([0, '1\n', true, false])
  const outside = await runScript(`${engines}void Promise.reject(new Error('of nobody')); setTimeout(() => console.log('went on'), 100)`)
    .ended
  expect([outside.code, outside.stdout, outside.stderr.includes('of nobody')]).toEqual([1, '1\n', true])
})

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { foreignFrame, parseCallSite, withoutOwnFrames } from '#sdk/hosts/call-site.ts'
import { formatLine } from '#sdk/hosts/console-line.ts'
import { newDeclarationReader } from '#sdk/hosts/node-declarations.ts'
import { nodeHost } from '#sdk/hosts/node.ts'
import { sleep } from '#sdk/hosts/time.ts'
import { runScript } from './scripts.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flowcell-host-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const at = new Date(2026, 10, 22, 20, 48, 28, 60).getTime() * 1_000
const line = { at, level: 'INFO', source: "Flow run 'thundering-goshawk'", message: 'Finished in state Completed()' } as const

test('[HO12] a line has local time, level, source and message; colours only where they are wanted', () => {
  expect(formatLine(line, false)).toBe("20:48:28.060 | INFO    | Flow run 'thundering-goshawk' - Finished in state Completed()\n")
  expect(formatLine({ ...line, level: 'CRITICAL' }, true)).toBe(
    "20:48:28.060 | \u001b[1;31mCRITICAL\u001b[0m | Flow run \u001b[35m'thundering-goshawk'\u001b[0m - Finished in state Completed()\n",
  )
})

test('[HO13] lines go to one output, coloured for a person unless NO_COLOR is set, and as JSON to LOGGING_FILE', () => {
  const file = join(folder, 'log.jsonl')
  const written: string[] = []
  const output = { isTTY: true, write: (text: string) => written.push(text) }
  nodeHost({ environment: { FLOWCELL_HOME: folder, FLOWCELL_LOGGING_FILE: file, NO_COLOR: '1' }, output }).print(line)
  nodeHost({ environment: { FLOWCELL_HOME: folder }, output }).print(line)
  expect(written).toEqual([formatLine(line, false), formatLine(line, true)])
  expect(
    readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text)),
  ).toEqual([
    {
      timestamp: expect.stringMatching(/^2026-11-22T\d\d:48:28\.060000Z$/),
      level: 'INFO',
      source: "Flow run 'thundering-goshawk'",
      message: 'Finished in state Completed()',
    },
  ])
})

test('[HO14] a log file that cannot be written is told once, and lines still go to the output', () => {
  const written: string[] = []
  const host = nodeHost({
    environment: { FLOWCELL_HOME: folder, FLOWCELL_LOGGING_FILE: join(folder, 'no', 'log') },
    output: { write: (text) => written.push(text) },
  })
  host.print(line)
  host.print(line)
  expect(written.map((text) => (text.includes('cannot be written') ? 'told' : text))).toEqual([
    formatLine(line, false),
    'told',
    formatLine(line, false),
  ])
})

test('[HO15] context follows awaits, timers and callbacks', async () => {
  const store = nodeHost({ environment: {} }).newContext<string>()
  const seen = await Promise.all(
    ['a', 'b'].map((name) =>
      store.run(name, async () => {
        await sleep(1)
        return new Promise<string | undefined>((resolve) => setTimeout(() => resolve(store.current()), 1))
      }),
    ),
  )
  expect([seen, store.current()]).toEqual([['a', 'b'], undefined])
})

test('[HO16] a sleep ends with the reason of its signal, at once when that has aborted before', async () => {
  const controller = new AbortController()
  const slept = sleep(1e9, controller.signal)
  const reason = new Error('stop')
  controller.abort(reason)
  await expect(slept).rejects.toBe(reason)
  await expect(sleep(1, controller.signal)).rejects.toBe(reason)
})

test("[HO17] the first frame that is neither ours nor the platform's is the call site", () => {
  const stack = `Error
    at flow (file:///sdk/engine/flow.ts:1:1)
    at ModuleJob.run (node:internal/modules/esm/module_job:430:25)
    at Object.<anonymous> (/home/me/my flows/a(1).cjs:3:14)`
  const isOurs = (file: string) => file.startsWith('file:///sdk/')
  expect(foreignFrame(stack, isOurs)).toBe('/home/me/my flows/a(1).cjs:3:14')
  expect(foreignFrame('x\n    at file:///home/me/a.ts:12:22', isOurs)).toBe('file:///home/me/a.ts:12:22')
  expect(foreignFrame('x\n    at async main (/home/me/b.js:1:2)', isOurs)).toBe('/home/me/b.js:1:2')
  expect(parseCallSite('file:///C:/a.ts:1:2')).toEqual({ file: 'file:///C:/a.ts', line: 1, column: 2 })
})

test("[HO26] of a stack the frames at its end that are ours or the platform's are left out, unless there are no others", () => {
  const isOurs = (file: string) => file.startsWith('/sdk/')
  const own = `
    at call (/sdk/engine/attempt.ts:45:7)
    at AsyncLocalStorage.run (node:internal/async_local_storage/async_context_frame:63:14)
    at new Promise (<anonymous>)
    at async Promise.all (index 0)
    at async /sdk/engine/task.ts:88:3`
  const users = `Error: no
    at Module.readFileSync (node:fs:441:20)
    at fetchPage (/home/me/flow.ts:3:9)
    at runAttempt (/sdk/engine/attempt.ts:20:7)
    at async showStars (/home/me/flow.ts:9:15)`
  expect(withoutOwnFrames(users + own, isOurs)).toBe(users)
  expect(withoutOwnFrames(users, isOurs)).toBe(users)
  expect(withoutOwnFrames(`Error: no${own}`, isOurs)).toBe(`Error: no${own}`)
  expect(withoutOwnFrames('Error: no\n(/sdk/x.ts:1:1)', isOurs)).toBe('Error: no\n(/sdk/x.ts:1:1)')
  expect(withoutOwnFrames('', isOurs)).toBe('')
})

test('[HO18] a source that cannot be read gives the reason', async () => {
  const read = newDeclarationReader()
  expect(await read('https://esm.sh/x.js:1:1')).toEqual({ reason: 'https://esm.sh/x.js is not a file on this machine' })
  const absent = await read(`${folder}/none.ts:1:1`)
  expect('reason' in absent && absent.reason.startsWith(`${folder}/none.ts cannot be read: ENOENT`)).toBe(true)
})

test("[HO19] a script's own annotations check the parameters of its flows, and its constants name them", async () => {
  const { stdout, stderr } = await runScript(`const greetTwice = flow(async (name: string, times: number = 2) => {})
const state = await greetTwice.state('x', 'y' as never)
console.log(state.type, state.message)
`).ended
  expect(stdout).toMatch(/^FAILED .*times: expected a number/)
  expect(stderr).toContain("for flow 'greet-twice'")
})

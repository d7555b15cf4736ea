/** Scripts of users beside a real server, while one of both is killed. */
import { expect, test } from 'vitest'
import { readNote, type ServerNote } from '#sdk/cli/server/note.ts'
import { runScript, type Script } from '../hosts/scripts.ts'
import { ask, freePort, freshFolder, launch, until, type Running } from '../support/server.ts'

const MANY_LINES = 250_000
const STEPS = 12

test(`[SV30] a flow that writes ${MANY_LINES} lines in a loop has every line in its log, and nobody is told of any trouble`, async () => {
  using folder = freshFolder()
  const server = await launch(folder.path)
  const script = scriptFor(
    server.note,
    `await flow(async function chatty() { const log = getRunLogger(); for (let i = 0; i < ${MANY_LINES}; i++) log.info('line ' + i) })()
console.log(process.resourceUsage().maxRSS)`,
  )
  const { code, stdout, stderr } = await script.ended
  const [run] = await runs(server.note)
  const lines = (await logOf(server.note, run?.id)).filter((line) => line.startsWith('line '))
  await server.stop()
  expect([code, stderr.includes('flowcell.workspace'), run?.state_type]).toEqual([0, false, 'COMPLETED'])
  expect(lines.length).toBe(MANY_LINES)
  expect(lines.findIndex((line, index) => line !== `line ${index}`)).toBe(-1)
  expect(Number(stdout) / 1_024).toBeLessThan(500)
})

const COUNTING = `const step = task(async function step(n: number) {
  getRunLogger().info('step ' + n)
  await new Promise((goOn) => setTimeout(goOn, 100))
  console.log('step ' + n)
  return n
})
console.log(await flow(async function counting() {
  let sum = 0
  for (let n = 0; n < ${STEPS}; n++) sum += await step(n)
  return sum
})())
`
const SUM = (STEPS * (STEPS - 1)) / 2

test.each(['workerd', 'the whole server'] as const)(
  '[SV31] a run goes on while %s is killed and started again: it completes, with every line and every state once',
  async (what) => {
    using folder = freshFolder()
    const port = await freePort()
    let server = await launch(folder.path, { port })
    const script = scriptFor(server.note, COUNTING)
    await script.said('step 3')
    if (what === 'workerd') killWorkerd(readNote(folder.path)?.workerd_pid)
    else server = await startAgain(server, folder.path, port)
    const { code, stdout } = await script.ended
    const [run] = await runs(server.note)
    const steps = (await logOf(server.note, run?.id)).filter((line) => line.startsWith('step '))
    const states = await Promise.all((await taskRuns(server.note)).map(({ id }) => statesOf(server.note, id)))
    await server.stop()
    expect([code, stdout.endsWith(`\n${SUM}\n`), run?.state_type]).toEqual([0, true, 'COMPLETED'])
    expect(steps).toEqual(Array.from({ length: STEPS }, (_, n) => `step ${n}`))
    expect(states).toEqual(Array.from({ length: STEPS }, () => ['PENDING', 'RUNNING', 'COMPLETED']))
  },
)

test('[SV32] the run of a script that was killed is Crashed once its lease has ended, and says why', async () => {
  using folder = freshFolder()
  const server = await launch(folder.path, { environment: { FLOWCELL_LEASE_SECONDS: '1' } })
  const script = scriptFor(server.note, COUNTING)
  await script.said('step 1')
  script.kill('SIGKILL')
  await script.ended
  await until(async () => (await runs(server.note))[0]?.state_type === 'CRASHED', 5_000)
  const [run] = await runs(server.note)
  await server.stop()
  expect(run?.state?.message).toMatch(/^Executor lost: no sign of life since /)
})

interface Row {
  readonly id: string
  readonly state_type: string
  readonly state: { readonly message: string | null } | null
}

function scriptFor({ api_url, token }: ServerNote, body: string): Script {
  return runScript(body, { FLOWCELL_API_URL: api_url, FLOWCELL_API_KEY: token })
}

/** Both processes of the server are killed, then it is started on the same port and folder. */
async function startAgain(server: Running, data: string, port: number): Promise<Running> {
  const workerd = readNote(data)?.workerd_pid ?? 0
  await server.stop('SIGKILL')
  try {
    process.kill(workerd, 'SIGKILL')
  } catch {
    // it went with its parent
  }
  return launch(data, { port })
}

async function read(note: ServerNote, path: string, body?: unknown): Promise<string> {
  const headers = { authorization: `Bearer ${note.token}`, 'content-type': 'application/json' }
  const request = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) }
  const { status, text } = await ask(`${note.api_url}/${path}`, request)
  if (status !== 200) throw new Error(`${path}: ${status} ${text}`)
  return text
}

const runs = async (note: ServerNote): Promise<readonly Row[]> => JSON.parse(await read(note, 'flow_runs/filter', {}))
const taskRuns = async (note: ServerNote): Promise<readonly Row[]> => JSON.parse(await read(note, 'task_runs/filter', {}))

async function statesOf(note: ServerNote, taskRun: string): Promise<readonly string[]> {
  const states: readonly { readonly type: string }[] = JSON.parse(await read(note, `task_run_states/?task_run_id=${taskRun}`))
  return states.map(({ type }) => type)
}

/** The messages of a run's log, in order. */
async function logOf(note: ServerNote, run: string | undefined): Promise<readonly string[]> {
  const csv = await read(note, `flow_runs/${run ?? ''}/logs/download`)
  return csv.split('\r\n').map((line) => line.split(',').slice(4).join(','))
}

/** Without a note there is nothing to kill; 0 would be this test's own group of processes. */
function killWorkerd(pid: number | undefined): void {
  if (pid === undefined) throw new Error('The server has no note.')
  process.kill(pid, 'SIGKILL')
}

/** What takes half a minute because its times are the real ones: `npm run test:slow`. */
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { ServerNote } from '#sdk/cli/server/note.ts'
import { runScript } from '../hosts/scripts.ts'
import { ask, freePort, freshFolder, launch, until } from '../support/server.ts'

const SLEEPER = `const sleeper = flow(async function sleeper() {
  console.log('asleep')
  await new Promise((goOn) => setTimeout(goOn, 600_000))
})
await sleeper()
`

test('[SV33] with the real lease, the run of a process that died is Crashed within 35 seconds', async () => {
  using folder = freshFolder()
  const server = await launch(folder.path)
  const died = await startAndKill(server.note)
  const waited = await until(async () => (await newestRun(server.note)).state_type === 'CRASHED', 40_000)
  await server.stop()
  console.log(`noticed ${((Date.now() - died) / 1_000).toFixed(1)} s after the kill`)
  expect(waited).toBeLessThan(35_000)
})

test('[SV34] a lease that ended while the server was away is decided after the start without anybody asking', async () => {
  using folder = freshFolder()
  const port = await freePort()
  const environment = { FLOWCELL_LEASE_SECONDS: '1' }
  const first = await launch(folder.path, { port, environment })
  await startAndKill(first.note)
  await first.stop('SIGKILL')
  await delay(8_000)
  const second = await launch(folder.path, { port, environment })
  await delay(6_000) // nothing is asked in this time
  const asked = Date.now()
  const { state_type, end_time } = await newestRun(second.note)
  await second.stop()
  expect(state_type).toBe('CRASHED')
  expect(Date.parse(end_time ?? '')).toBeLessThan(asked - 1_000)
})

/** A script is killed in the middle of its run; answers when. */
async function startAndKill({ api_url, token }: ServerNote): Promise<number> {
  const script = runScript(SLEEPER, { FLOWCELL_API_URL: api_url, FLOWCELL_API_KEY: token })
  await script.said('asleep')
  script.kill('SIGKILL')
  await script.ended
  return Date.now()
}

async function newestRun(note: ServerNote): Promise<{ readonly state_type: string; readonly end_time: string | null }> {
  const headers = { authorization: `Bearer ${note.token}`, 'content-type': 'application/json' }
  const { text } = await ask(`${note.api_url}/flow_runs/filter`, { method: 'POST', headers, body: '{"limit":1}' })
  const rows: { state_type: string; end_time: string | null }[] = JSON.parse(text)
  return rows[0] ?? { state_type: 'none', end_time: null }
}

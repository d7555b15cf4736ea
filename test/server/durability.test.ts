/** Acknowledged is kept: under write load workerd is killed again and again, and in the end everything that got its 201 is there. */
import { Agent, request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { readNote, type ServerNote } from '#sdk/cli/server/note.ts'
import { ask, freshFolder, launch, until } from '../support/server.ts'

const KILLS = 10
const WRITERS = 8
const PAGE = 200

test(`[SV16] workerd is killed ${KILLS} times under write load: no acknowledged flow run is lost, and none is invented`, async () => {
  using folder = freshFolder()
  const server = await launch(folder.path)
  const flow: unknown = (await call(server.note, 'flows/', { name: 'durable' })).id
  const agent = new Agent({ keepAlive: true, maxSockets: WRITERS })
  const acknowledged = new Set<string>()
  const sent = new Set<string>()
  let writing = true
  const write = async (): Promise<void> => {
    while (writing) {
      const name = `run-${sent.size}`
      sent.add(name)
      if (await isAcknowledged(agent, server.note, { flow_id: flow, name })) acknowledged.add(name)
      else await delay(5) // the server is being started again
    }
  }
  const writers = Array.from({ length: WRITERS }, write)
  for (let kill = 0; kill < KILLS; kill++) {
    const before = acknowledged.size
    await until(() => acknowledged.size > before + 3 * WRITERS, 10_000)
    process.kill(workerdPid(folder.path), 'SIGKILL')
  }
  writing = false
  await Promise.all(writers)
  agent.destroy()
  await server.stop()

  const again = await launch(folder.path)
  const stored = await runNames(again.note)
  await again.stop()
  const lost = [...acknowledged].filter((name) => !stored.has(name))
  const invented = [...stored].filter((name) => !sent.has(name))
  expect({ lost, invented }).toEqual({ lost: [], invented: [] })
})

function workerdPid(data: string): number {
  const note = readNote(data)
  if (note === undefined) throw new Error('The server left no note.')
  return note.workerd_pid
}

function headersOf(note: ServerNote): Record<string, string> {
  return { authorization: `Bearer ${note.token}`, 'content-type': 'application/json' }
}

async function call(note: ServerNote, path: string, body: unknown): Promise<Readonly<Record<string, unknown>>> {
  const answer = await ask(`${note.api_url}/${path}`, { method: 'POST', headers: headersOf(note), body: JSON.stringify(body) })
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text}`)
  return JSON.parse(answer.text)
}

function isAcknowledged(agent: Agent, note: ServerNote, run: unknown): Promise<boolean> {
  return new Promise((settle) => {
    const post = request(`${note.api_url}/flow_runs/`, { method: 'POST', agent, headers: headersOf(note) }, (response) => {
      response.resume()
      response.on('end', () => settle(response.statusCode === 201)).on('error', () => settle(false))
    })
    post.on('error', () => settle(false))
    post.end(JSON.stringify(run))
  })
}

async function runNames(note: ServerNote): Promise<ReadonlySet<string>> {
  const names = new Set<string>()
  for (let page = 1; ; page++) {
    const { results, pages } = await call(note, 'flow_runs/paginate', { limit: PAGE, page })
    if (!Array.isArray(results)) throw new Error('No page of flow runs came back.')
    for (const { name } of results) names.add(String(name))
    if (page >= Number(pages)) return names
  }
}

/** What goes wrong below the operations: a client that goes away, a workspace that breaks. The log tells what is worth telling. */
import { env } from 'cloudflare:workers'
import { afterEach, expect, test, vi } from 'vitest'
import { app } from '../../worker/http/app.ts'
import { remember } from '../../worker/http/remember.ts'
import { mintSecret } from '../../worker/http/secrets.ts'
import { mintWorkspaceId } from '../../worker/http/workspace-ids.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

/** An object whose every call fails with that error, as the platform fails it. */
async function askBroken(error: Error, body?: ReadableStream) {
  const noted: unknown[] = []
  vi.spyOn(console, 'error').mockImplementation((...words) => void noted.push(words))
  const id = await mintWorkspaceId(env.FLOWCELL_KEK)
  const WORKSPACE = { getByName: () => ({ perform: () => Promise.reject(error) }) }
  const headers = { authorization: `Bearer ${mintSecret('token')}`, 'content-type': 'application/json' }
  const request = new Request(`http://x/w/${id}/api/flows/`, { method: 'POST', headers, body: body ?? '{"name":"a"}' })
  const response = await app.fetch(request, { ...env, WORKSPACE })
  const { code } = await response.json<{ code: string }>()
  return { answer: [response.status, code], noted: noted.length }
}

test('[HT22] a full disk is storage_full, also when it is found out after the operation has returned', async () => {
  const full = await askBroken(new Error('database or disk is full: SQLITE_FULL'))
  expect(full).toEqual({ answer: [507, 'storage_full'], noted: 1 })
  expect(await askBroken(Object.assign(new Error('reset'), { retryable: true }))).toMatchObject({ answer: [503, 'overloaded'] })
  expect(await askBroken(new Error('x'))).toMatchObject({ answer: [500, 'unexpected'] })
})

test("[HT23] a client that goes away in the middle of a body is nobody's trouble: nothing is noted", async () => {
  const lost = Object.assign(new Error('Network connection lost.'), { retryable: true })
  const body = new ReadableStream({
    pull: (controller) => controller.error(lost),
  })
  expect(await askBroken(new Error('not reached'), body)).toEqual({ answer: [400, 'malformed_request'], noted: 0 })
})

test('[HT24] what was found out is asked once, forgotten when it is too much, and nonsense is never remembered', async () => {
  const asked: string[] = []
  const ask = remember(2, async (text, salt) => {
    asked.push(text + salt)
    return text === 'bad' ? undefined : `${text}!`
  })
  const answers = []
  for (const text of ['a', 'a', 'bad', 'bad', 'b', 'a', 'c', 'a']) answers.push(await ask(text))
  expect(answers).toEqual(['a!', 'a!', undefined, undefined, 'b!', 'a!', 'c!', 'a!'])
  expect(asked).toEqual(['a', 'bad', 'bad', 'b', 'c', 'a'])
  expect([await ask('a', 'x'), asked.at(-1)]).toEqual(['a!', 'ax'])
})

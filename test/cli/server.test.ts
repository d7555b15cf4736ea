import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ended, lineOf, Server, User } from './harness.ts'

let user: User
beforeEach(() => {
  user = new User()
})
afterEach(() => user[Symbol.dispose]())

test('[CM15] start prints the link first, then where everything is, and Ctrl+C ends it well', async () => {
  const child = user.spawn(['server', 'start', '--port', '0'])
  const whole = ended(child)
  await lineOf(child, (line) => line.includes('Ctrl+C'))
  const status = JSON.parse(await user.ok('server', 'status', '--output', 'json'))
  const link = (await user.ok('server', 'link')).trim()
  child.kill('SIGINT')
  const { code, stdout } = await whole
  expect(code).toBe(0)
  const { url, workspace, api_url } = status
  expect(link).toMatch(new RegExp(`^${url}/w/${workspace}#k=\\S+$`))
  expect(stdout).toBe(
    [
      'Flowcell 0.1.0 is running.',
      '',
      `  Open       ${link}`,
      `  Dashboard  ${url}/w/${workspace}`,
      `  API        ${api_url}`,
      `  Data       ${join(user.home, '.flowcell/server')}`,
      '',
      'Scripts and commands on this machine find it by themselves.',
      'Whoever has the link owns the workspace. Ctrl+C stops the server.',
      '',
    ].join('\n'),
  )
})

test('[CM15] with --json one line says everything a program needs, and status and link agree with it', async () => {
  const server = await Server.start(user)
  const { note } = server
  expect(await server.client.call('admin.version')).toBe('0.1.0')
  const [status, words, link, again] = await Promise.all([
    user.ok('server', 'status', '--output', 'json'),
    user.ok('server', 'status'),
    user.ok('server', 'link'),
    user.run(['server', 'start', '--port', '0']),
  ])
  const { link: itsLink, token, ...shown } = note
  expect(JSON.parse(status)).toEqual({ status: 'running', ...shown })
  expect(words.split('\n').slice(0, 4)).toEqual([
    'Status     running',
    `Dashboard  ${note.url}/w/${note.workspace}`,
    `API        ${note.api_url}`,
    `Data       ${note.data}`,
  ])
  expect([status, words].filter((text) => text.includes(token) || text.includes('#k='))).toEqual([])
  expect(link).toBe(`${itsLink}\n`)
  expect({ code: again.code, stdout: again.stdout }).toEqual({ code: 1, stdout: '' })
  expect(again.stderr).toMatch(/^Error: Another Flowcell server \(process \d+, http\S+\) uses the data folder .*--data\.\n$/)
  expect(await server.stop()).toBe(0)
})

test('[CM15] stop ends the server and waits for it; without one status is exit code 3 and says how to start', async () => {
  const server = await Server.start(user, ['--data', 'elsewhere'])
  const data = join(user.home, 'elsewhere')
  expect(server.note.data).toBe(data)
  expect(await user.ok('server', 'stop', '--data', 'elsewhere')).toBe(`The server at ${server.note.url} has stopped.\n`)
  const [again, status, json, link] = await Promise.all([
    user.run(['server', 'stop', '--data', 'elsewhere']),
    user.run(['server', 'status', '--data', 'elsewhere']),
    user.run(['server', 'status', '--data', 'elsewhere', '--output', 'json']),
    user.run(['server', 'link', '--data', 'elsewhere']),
  ])
  expect(again).toEqual({ code: 0, stdout: '', stderr: `No server runs on ${data}.\n` })
  expect(status).toEqual({ code: 3, stdout: '', stderr: `No server runs on ${data}. "flowcell server start" starts one.\n` })
  expect({ ...json, stdout: JSON.parse(json.stdout) }).toEqual({ code: 3, stdout: { status: 'stopped', data }, stderr: '' })
  expect(link).toEqual({
    code: 3,
    stdout: '',
    stderr: `Error: No server runs on ${data}, and the link holds its address. "flowcell server start" starts it and prints the link.\n`,
  })
})

test('[CM15] a server with a folder of its own tells how commands find it', async () => {
  const child = user.spawn(['server', 'start', '--port', '0', '--data', 'elsewhere'])
  const line = await lineOf(child, (text) => text.includes('export '))
  const [, url = '', token = ''] = /export FLOWCELL_API_URL=(\S+) FLOWCELL_API_KEY=(\S+)$/.exec(line) ?? []
  expect(await user.run(['flow', 'ls'])).toMatchObject({ code: 3 })
  expect(await user.run(['flow', 'ls'], { FLOWCELL_API_URL: url, FLOWCELL_API_KEY: token })).toEqual({
    code: 0,
    stdout: '',
    stderr: 'There are no flows yet.\n',
  })
  child.kill('SIGTERM')
  expect((await ended(child)).code).toBe(0)
})

test('[CM15] an empty --data is wrong use, never the current folder', async () => {
  for (const command of ['start', 'stop', 'status', 'link']) {
    expect(await user.run(['server', command, '--data', ''])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'Error: --data needs the path of a folder.\n',
    })
  }
})

test('[KN41] --kernel-host and --module-host say what cells may reach; what is no host is refused', async () => {
  const refused = async (...options: readonly string[]) => {
    const { code, stderr } = await user.run(['server', 'start', '--port', '0', ...options])
    return [code, stderr]
  }
  expect(await refused('--kernel-host', 'https://a.example/x')).toEqual([
    2,
    'Error: --kernel-host: expected a host such as api.example.com or http://127.0.0.1:9000, got https://a.example/x.\n',
  ])
  expect(await refused('--module-host', 'esm.sh')).toEqual([
    2,
    'Error: --module-host: expected an address such as https://esm.sh/, or none, got esm.sh.\n',
  ])
  const options = ['--kernel-host', 'https://a.example,http://b.example:1', '--kernel-host', 'c.example', '--module-host', 'none']
  const child = user.spawn(['server', 'start', '--port', '0', '--json', ...options])
  const whole = ended(child)
  const { url, workspace } = JSON.parse(await lineOf(child, (line) => line.startsWith('{')))
  const { headers } = await fetch(`${url}/w/${workspace}/kernel`)
  child.kill('SIGINT')
  await whole
  expect(headers.get('content-security-policy')).toContain(
    "script-src 'unsafe-inline' 'unsafe-eval'; worker-src data:; connect-src https: wss: https://a.example wss://a.example http://b.example:1 ws://b.example:1 http://c.example ws://c.example https://c.example wss://c.example;",
  )
})

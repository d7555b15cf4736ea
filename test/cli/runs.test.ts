import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FlowRunOutput } from '#sdk/protocol/flow-run.ts'
import type { TaskRunOutput } from '#sdk/protocol/task-run.ts'
import { ended, lineOf, Server, User } from './harness.ts'
import { flowRun, log, propose, taskRun } from './seed.ts'

const user = new User()
let server: Server
let goshawk: FlowRunOutput
let chinchilla: FlowRunOutput
let failed: TaskRunOutput
let fine: TaskRunOutput

beforeAll(async () => {
  server = await Server.start(user)
  const { client } = server
  goshawk = await flowRun(client, 'pipeline', 'thundering-goshawk', ['RUNNING'], { parameters: { msg: 'Trying a flow!' }, tags: ['demo'] })
  failed = await taskRun(client, goshawk.id, 'callUnreliableApi-0', ['RUNNING', 'FAILED'])
  fine = await taskRun(client, goshawk.id, 'augment-0', ['RUNNING', 'COMPLETED'])
  await log(client, goshawk.id, '2026-11-22T05:00:00Z', [
    { message: "Using task runner 'ConcurrentTaskRunner'" },
    { message: 'Encountered exception during execution:\nError: Our unreliable service failed', level: 40, task: failed.id },
    { message: 'debugging', level: 10, task: fine.id },
    { message: 'over', level: 30 },
  ])
  await propose(client, goshawk.id, 'FAILED', '1/2 states failed.')
  goshawk = await client.call('flow_runs.read', { params: { id: goshawk.id } })
  chinchilla = await flowRun(client, 'other', 'ivory-chinchilla', ['RUNNING', 'COMPLETED'])
})
afterAll(async () => {
  await server.stop()
  user[Symbol.dispose]()
})

const json = async (...words: readonly string[]): Promise<unknown> => JSON.parse(await user.ok(...words, '--output', 'json'))

describe('lists', () => {
  test('[CM17] flow ls, flow-run ls and task-run ls show the newest first, --output json the API’s own objects', async () => {
    const { client } = server
    const [flows, runs, tasks] = await Promise.all([json('flow', 'ls'), json('flow-run', 'ls'), json('task-run', 'ls')])
    expect(flows).toEqual(await client.call('flows.filter', { body: { sort: 'CREATED_DESC' } }))
    expect(runs).toEqual([chinchilla, goshawk])
    expect(tasks).toEqual([fine, failed])
  })

  test('[CM17] people get a table: names, states, times, ids', async () => {
    const lines = (await user.ok('flow-run', 'ls')).trimEnd().split('\n')
    expect(lines[0]).toMatch(/^NAME +FLOW +STATE +STARTED +TOOK +ID$/)
    expect(lines.slice(1).map((line) => line.split(/ {2,}/))).toEqual([
      ['ivory-chinchilla', 'other', 'Completed', expect.stringMatching(/ago|now/), expect.stringMatching(/s$/), chinchilla.id],
      ['thundering-goshawk', 'pipeline', 'Failed', expect.stringMatching(/ago|now/), expect.stringMatching(/s$/), goshawk.id],
    ])
    expect(await user.ok('flow', 'ls')).toMatch(/^NAME +CREATED +TAGS +ID\nother +/)
    expect(await user.ok('task-run', 'ls')).toMatch(/\ncallUnreliableApi-0 {2}callUnreliableApi {2}Failed /)
  })

  test('[CM18] flow-run ls takes limit, state, flow and name, joined', async () => {
    const asked: readonly (readonly [words: readonly string[], names: readonly string[]])[] = [
      [['--limit', '1'], ['ivory-chinchilla']],
      [['--state', 'failed'], ['thundering-goshawk']],
      [
        ['--state', 'FAILED,completed'],
        ['ivory-chinchilla', 'thundering-goshawk'],
      ],
      [['--state', 'late'], []],
      [['--flow', 'pipeline'], ['thundering-goshawk']],
      [['--flow', 'pipeline', '--state', 'completed'], []],
      [['--name', 'gosh'], ['thundering-goshawk']],
      [['--name', 'ivory', '--flow', 'other'], ['ivory-chinchilla']],
    ]
    const lists = await Promise.all(asked.map(([words]) => json('flow-run', 'ls', ...words)))
    expect(lists).toEqual(asked.map(([, names]) => names.map((name) => expect.objectContaining({ name }))))
  })

  test('[CM18] task-run ls takes a flow run, states and names; flow ls a name', async () => {
    const namesOf = async (...words: readonly string[]): Promise<unknown> =>
      JSON.stringify(await json(...words)).match(/"name":"[a-zA-Z]+-\d"/g)
    const [of, none, state, name] = await Promise.all([
      namesOf('task-run', 'ls', '--flow-run', 'thundering-goshawk'),
      namesOf('task-run', 'ls', '--flow-run', chinchilla.id),
      namesOf('task-run', 'ls', '--state', 'failed'),
      namesOf('task-run', 'ls', '--name', 'augm'),
    ])
    expect([of, none, state, name]).toEqual([
      ['"name":"augment-0"', '"name":"callUnreliableApi-0"'],
      null,
      ['"name":"callUnreliableApi-0"'],
      ['"name":"augment-0"'],
    ])
    expect(await json('flow', 'ls', '--name', 'pipe')).toEqual([expect.objectContaining({ name: 'pipeline' })])
    expect(await user.run(['flow-run', 'ls', '--name', 'nothing'])).toEqual({ code: 0, stdout: '', stderr: 'No flow run matches.\n' })
    const misspelt = await user.run(['flow-run', 'ls', '--state', 'compleated'])
    expect(misspelt.stderr).toMatch(/^No flow run matches\. "compleated" is no state that Flowcell gives; those are Scheduled, .*Completed/)
  })

  test('[CM19] a list longer than a page of the API comes whole', async () => {
    const { client } = server
    const { id: flow_id } = await client.call('flows.create', { body: { name: 'many' } })
    const names = Array.from({ length: 203 }, (_, i) => `many-${i}`)
    for (const name of names) await client.call('flow_runs.create', { body: { flow_id, name } })
    expect(await json('flow-run', 'ls', '--flow', 'many', '--limit', '202')).toEqual(
      names
        .toReversed()
        .slice(0, 202)
        .map((name) => expect.objectContaining({ name })),
    )
    await client.call('flows.delete', { params: { id: flow_id } })
  })
})

describe('one run', () => {
  test('[CM20] is found by id, by a beginning of its id and by its name', async () => {
    const beginning = goshawk.id.slice(0, 17)
    const found = await Promise.all(
      [goshawk.id, goshawk.id.toUpperCase(), beginning, 'thundering-goshawk'].map((text) => json('flow-run', 'inspect', text)),
    )
    expect(found).toEqual([goshawk, goshawk, goshawk, goshawk])
    expect(await json('task-run', 'inspect', failed.name)).toEqual(failed)
    expect(await json('task-run', 'inspect', fine.id)).toEqual(fine)
  })

  test('[CM20] of several with one name the newest is shown, and a note says so; cancel and delete want an id', async () => {
    const { client } = server
    const older = await flowRun(client, 'twins', 'twin', [])
    const newer = await flowRun(client, 'twins', 'twin', [])
    const [shown, cancel, remove] = await Promise.all([
      user.run(['flow-run', 'inspect', 'twin', '--output', 'json']),
      user.run(['flow-run', 'cancel', 'twin', '--yes']),
      user.run(['flow-run', 'delete', 'twin', '--yes']),
    ])
    expect(JSON.parse(shown.stdout)).toMatchObject({ id: newer.id })
    expect(shown.stderr).toBe(`Several flow runs are called 'twin': this is the newest, ${newer.id}.\n`)
    const refusal = `Error: Several flow runs are called 'twin'. Name one by its whole id:\n  ${newer.id}  twin  Pending\n  ${older.id}  twin  Pending\n`
    expect([cancel, remove]).toEqual([
      { code: 2, stdout: '', stderr: refusal },
      { code: 2, stdout: '', stderr: refusal },
    ])
    const common = commonBeginning(older.id, newer.id)
    const { code, stderr } = await user.run(['flow-run', 'inspect', common])
    expect({ code, first: stderr.split('\n')[0] }).toEqual({
      code: 2,
      first: `Error: Several flow runs have an id that begins with ${common}. Name one by its whole id:`,
    })
    expect(await user.ok('flow-run', 'delete', older.id, newer.id, '--yes')).toBe(
      `Flow run 'twin' (${older.id}) is deleted.\nFlow run 'twin' (${newer.id}) is deleted.\n`,
    )
  })

  test.each([
    [['flow-run', 'inspect', 'nobody'], `There is no flow run called 'nobody'. "flowcell flow-run ls" shows those there are.`],
    [['task-run', 'logs', 'nobody'], `There is no task run called 'nobody'. "flowcell task-run ls" shows those there are.`],
    [
      ['flow-run', 'watch', '00000000-0000-7000-8000-000000000000'],
      `There is no flow run with the id 00000000-0000-7000-8000-000000000000. "flowcell flow-run ls" shows those there are.`,
    ],
  ])('[CM20] %j: what is not there is exit code 1', async (words, sentence) => {
    expect(await user.run(words)).toEqual({ code: 1, stdout: '', stderr: `Error: ${sentence}\n` })
  })

  test('[CM21] inspect tells a flow run’s whole story', async () => {
    const text = await user.ok('flow-run', 'inspect', 'thundering-goshawk')
    expect(text).toMatch(/^Flow run {4}thundering-goshawk\nState {7}Failed\nFlow {8}pipeline\n/)
    for (const line of [
      `Id          ${goshawk.id}`,
      'Message     1/2 states failed.',
      'Tags        demo',
      'Parameters  {"msg":"Trying a flow!"}',
      'Task runs   2: 1 completed, 1 failed',
      `Page        ${server.note.url}/w/${server.note.workspace}/runs/flow-run/${goshawk.id}`,
    ])
      expect(text.split('\n')).toContain(line)
    const states = text.slice(text.indexOf('TIME')).trimEnd().split('\n').slice(1)
    expect(states.map((line) => line.split(/ {2,}/).slice(1))).toEqual([['Pending'], ['Running'], ['Failed', '1/2 states failed.']])
  })

  test('[CM21] inspect tells a task run’s whole story', async () => {
    const text = await user.ok('task-run', 'inspect', failed.id)
    expect(text).toMatch(
      new RegExp(
        `^Task run  callUnreliableApi-0\nState     Failed\nTask      callUnreliableApi\nFlow run  thundering-goshawk \\(${goshawk.id}\\)\n`,
      ),
    )
  })
})

describe('logs', () => {
  const LINES = [
    "2026-11-22 05:00:00.000 | INFO    | Flow run 'thundering-goshawk' - Using task runner 'ConcurrentTaskRunner'",
    "2026-11-22 05:00:00.001 | ERROR   | Task run 'callUnreliableApi-0' - Encountered exception during execution:\nError: Our unreliable service failed",
    "2026-11-22 05:00:00.002 | DEBUG   | Task run 'augment-0' - debugging",
    "2026-11-22 05:00:00.003 | WARNING | Flow run 'thundering-goshawk' - over",
  ] as const
  const shown = (...places: readonly number[]): string => places.map((place) => `${LINES[place] ?? ''}\n`).join('')

  test('[CM22] tail, reverse, level and follow choose the lines', async () => {
    const asked: readonly (readonly [words: readonly string[], text: string])[] = [
      [[], shown(0, 1, 2, 3)],
      [['--tail', '2'], shown(2, 3)],
      [['--tail', '0'], ''],
      [['--reverse'], shown(3, 2, 1, 0)],
      [['--reverse', '--tail', '1'], shown(3)],
      [['--level', 'warning'], shown(1, 3)],
      [['--level', 'INFO', '--tail', '1'], shown(3)],
      [['--follow'], shown(0, 1, 2, 3)],
      [['--follow', '--tail', '1'], shown(3)],
    ]
    const texts = await Promise.all(asked.map(([words]) => user.ok('flow-run', 'logs', 'thundering-goshawk', ...words)))
    expect(texts.map((text, i) => [asked[i]?.[0], text])).toEqual(asked)
  })

  test('[CM22] of a task run only its own lines', async () => {
    expect(await user.ok('task-run', 'logs', failed.id)).toBe(shown(1))
    expect(await user.ok('task-run', 'logs', 'augment-0', '--level', 'info')).toBe('')
  })

  test('[CM22] --output json is one array, with --follow one object a line', async () => {
    const lines = await server.client.call('logs.filter', { body: { logs: { flow_run_id: { any_: [goshawk.id] } } } })
    expect(await json('flow-run', 'logs', goshawk.id)).toEqual(lines)
    expect(await json('flow-run', 'logs', chinchilla.id)).toEqual([])
    const followed = await user.ok('flow-run', 'logs', goshawk.id, '--follow', '--output', 'json')
    expect(
      followed
        .trimEnd()
        .split('\n')
        .map((line): unknown => JSON.parse(line)),
    ).toEqual(lines)
  })

  test('[CM23] a log of many pages comes whole and in order, and a reader may go away in the middle', async () => {
    const { client } = server
    const run = await flowRun(client, 'long', 'long-winded', ['RUNNING'])
    const messages = Array.from({ length: 1_250 }, (_, i) => ({ message: `line ${i} ${'x'.repeat(200)}` }))
    await log(client, run.id, '2026-11-22T05:00:00Z', messages)
    const numbersOf = (text: string): readonly number[] => [...text.matchAll(/line (\d+) /g)].map(([, number]) => Number(number))
    const all = messages.map((_, i) => i)
    expect(numbersOf(await user.ok('flow-run', 'logs', 'long-winded'))).toEqual(all)
    expect(numbersOf(await user.ok('flow-run', 'logs', 'long-winded', '--tail', '450'))).toEqual(all.slice(-450))

    const child = user.spawn(['flow-run', 'logs', 'long-winded'])
    child.stdout.once('data', () => child.stdout.destroy())
    let complaints = ''
    child.stderr.on('data', (part) => (complaints += String(part)))
    const code = await new Promise((settle) => child.on('close', settle))
    expect({ code, complaints }).toEqual({ code: 0, complaints: '' })
  })

  test('[CM24] --follow shows what comes until the run has ended, each line once', async () => {
    const { client } = server
    const run = await flowRun(client, 'live', 'live-one', ['RUNNING'])
    await log(client, run.id, '2026-11-22T05:00:00Z', [{ message: 'first' }])
    const child = user.spawn(['flow-run', 'logs', 'live-one', '--follow'])
    const whole = ended(child)
    await lineOf(child, (line) => line.endsWith('first'))
    await log(client, run.id, '2026-11-22T05:00:01Z', [{ message: 'second' }])
    await propose(client, run.id, 'COMPLETED')
    await log(client, run.id, '2026-11-22T05:00:02Z', [{ message: 'last words' }])
    const { code, stdout, stderr } = await whole
    expect({
      code,
      stderr,
      said: stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split(' - ')[1]),
    }).toEqual({
      code: 0,
      stderr: '',
      said: ['first', 'second', 'last words'],
    })
  })
})

describe('watch', () => {
  test.each([
    ['COMPLETED', 'Completed', 0],
    ['FAILED', 'Failed', 1],
    ['CRASHED', 'Crashed', 1],
  ] as const)('[CM25] a run that ends %s', async (type, word, code) => {
    const { client } = server
    const run = await flowRun(client, 'watched', `watched-${code}-${word}`, ['RUNNING'])
    const child = user.spawn(['flow-run', 'watch', run.id])
    const whole = ended(child)
    await lineOf(child, (line) => line.endsWith('Running'))
    await propose(client, run.id, type)
    const { stdout, ...rest } = await whole
    const told = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split('  ').slice(1))
    const who = `Flow run '${run.name}'`
    expect({ ...rest, told }).toEqual({
      code,
      stderr: '',
      told: [
        [who, 'Pending'],
        [who, 'Running'],
        [who, word],
      ],
    })
  })

  test('[CM25] a run that is deleted meanwhile is exit code 1', async () => {
    const run = await flowRun(server.client, 'watched', 'watched-deleted', ['RUNNING'])
    const child = user.spawn(['flow-run', 'watch', run.id])
    const whole = ended(child)
    await lineOf(child, (line) => line.endsWith('Running'))
    await user.ok('flow-run', 'delete', run.id, '--yes')
    expect(await whole).toMatchObject({ code: 1, stderr: "Error: Flow run 'watched-deleted' was deleted.\n" })
  })

  test('[CM25] a server that is killed and comes back is waited for, and said once', async () => {
    const { client } = server
    const run = await flowRun(client, 'watched', 'watched-through', ['RUNNING'])
    const watch = user.spawn(['flow-run', 'watch', run.id])
    const follow = user.spawn(['flow-run', 'logs', run.id, '--follow', '--output', 'json'])
    const [watched, followed] = [ended(watch), ended(follow)]
    await log(client, run.id, '2026-11-22T05:00:00Z', [{ message: 'before' }])
    const back = [lineOf(watch, (line) => line.endsWith('Running')), lineOf(follow, (line) => line.includes('before'))]
    await Promise.all(back)
    await server.kill()
    await log(client, run.id, '2026-11-22T05:00:01Z', [{ message: 'after' }])
    await propose(client, run.id, 'COMPLETED')
    const [{ code, stdout, stderr }, lines] = await Promise.all([watched, followed])
    expect({ code, states: stdout.match(/[A-Z]\w+$/gm) }).toEqual({ code: 0, states: ['Pending', 'Running', 'Completed'] })
    expect(stderr).toMatch(/^The connection to the workspace at \S+ was lost.* Trying again…\nThe connection is back\.\n$/)
    expect(lines.stdout.match(/"message":"\w+"/g)).toEqual(['"message":"before"', '"message":"after"'])
  })

  test('[CM25] a run that has ended is told and left at once', async () => {
    const { code, stdout } = await user.run(['flow-run', 'watch', 'thundering-goshawk'])
    expect({ code, last: stdout.trimEnd().split('\n').at(-1)?.split('  ').slice(1) }).toEqual({
      code: 1,
      last: ["Flow run 'thundering-goshawk'", 'Failed: 1/2 states failed.'],
    })
  })
})

describe('cancel and delete', () => {
  test('[CM26] ask; where nobody can answer they want --yes and change nothing', async () => {
    const run = await flowRun(server.client, 'kept', 'kept-one', ['RUNNING'])
    const [cancel, remove] = await Promise.all([user.run(['flow-run', 'cancel', 'kept-one']), user.run(['flow-run', 'delete', 'kept-one'])])
    expect([cancel, remove]).toEqual([
      { code: 2, stdout: '', stderr: `Error: Nobody is here to ask. Add --yes to cancel 'kept-one' (Running).\n` },
      { code: 2, stdout: '', stderr: `Error: Nobody is here to ask. Add --yes to delete 'kept-one' (Running).\n` },
    ])
    expect(await server.client.call('flow_runs.read', { params: { id: run.id } })).toMatchObject({ state_type: 'RUNNING' })
  })

  test('[CM26] cancel asks the workspace for the end; a run that has ended is exit code 1', async () => {
    const run = await flowRun(server.client, 'stopped', 'stopped-one', ['RUNNING'])
    const { code, stdout } = await user.run(['flow-run', 'cancel', 'stopped-one', '--yes'])
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^Flow run 'stopped-one' is (being )?cancelled\.\n$/) })
    const { state_type } = await server.client.call('flow_runs.read', { params: { id: run.id } })
    expect(['CANCELLING', 'CANCELLED']).toContain(state_type)
    expect(await user.run(['flow-run', 'cancel', 'thundering-goshawk', '-y'])).toEqual({
      code: 1,
      stdout: '',
      stderr: "Flow run 'thundering-goshawk' has already ended (Failed); there is nothing to cancel.\n",
    })
  })

  test('[CM26] delete deletes for good, all of the named or none', async () => {
    const run = await flowRun(server.client, 'gone', 'gone-one', ['RUNNING', 'COMPLETED'])
    expect(await user.run(['flow-run', 'delete', 'gone-one', 'gone-two', '--yes'])).toMatchObject({ code: 1 })
    expect(await user.ok('flow-run', 'delete', 'gone-one', '--yes')).toBe(`Flow run 'gone-one' (${run.id}) is deleted.\n`)
    expect(await user.run(['flow-run', 'inspect', run.id])).toMatchObject({ code: 1 })
  })
})

describe('which workspace', () => {
  const NOWHERE = 'http://127.0.0.1:9/w/aaaaaaaaaaaaaaaaaaaa/api'

  test('[CM27] the command line, then the environment, then the profile, then the server on this machine', async () => {
    const { api_url, token } = server.note
    const placeOf = async (environment: Readonly<Record<string, string>>, ...words: readonly string[]): Promise<unknown> =>
      /Workspace +(.+)/.exec((await user.run([...words, 'version'], environment)).stdout)?.[1]
    expect(await placeOf({})).toBe(`${api_url} (the server on this machine)`)
    await user.ok('config', 'set', `API_URL=${api_url}`, `API_KEY=${token}`)
    expect(await placeOf({})).toBe(`${api_url} (profile "default")`)
    const environment = { FLOWCELL_API_URL: `${api_url}/`, FLOWCELL_API_KEY: token }
    expect(await placeOf(environment)).toBe(`${api_url} (the environment)`)
    expect(await placeOf({ ...environment, FLOWCELL_API_URL: NOWHERE }, '--api-url', api_url)).toBe(`${api_url} (the command line)`)
    await user.ok('config', 'unset', 'API_URL', 'API_KEY')
  })

  test('[CM28] a profile’s token never goes to an address from elsewhere; a bad token is exit code 4', async () => {
    const { api_url, token } = server.note
    await user.ok('config', 'set', `API_KEY=${token}`, `API_URL=${NOWHERE}`)
    const [withheld, given, bad] = await Promise.all([
      user.run(['flow', 'ls', '--api-url', api_url]),
      user.run(['flow', 'ls', '--api-url', api_url, '--api-key', token]),
      user.run(['flow', 'ls', '--api-url', api_url, '--api-key', 'fc_wrong']),
    ])
    await user.ok('config', 'unset', 'API_URL', 'API_KEY')
    expect([withheld.code, given.code, bad.code]).toEqual([4, 0, 4])
    expect(bad.stderr.trimEnd().split('\n')).toHaveLength(1)
  })

  test('[CM29] version tells command, Node, profile, workspace and its server', async () => {
    expect(await json('version')).toEqual({
      version: '0.1.0',
      node: process.versions.node,
      system: `${process.platform} ${process.arch}`,
      profile: 'default',
      api_url: server.note.api_url,
      server_version: '0.1.0',
    })
    expect(await user.ok('--version')).toBe('0.1.0\n')
  })
})

function commonBeginning(a: string, b: string): string {
  let length = 0
  while (a[length] === b[length]) length++
  return a.slice(0, length)
}

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { User } from './harness.ts'

interface Page {
  readonly path: readonly string[]
  readonly text: string
}

/** Names under a title of a help page. */
function namesUnder(title: string, text: string): readonly string[] {
  const lines = text.split('\n')
  const from = lines.indexOf(title)
  if (from < 0) return []
  const to = lines.indexOf('', from)
  return lines.slice(from + 1, to < 0 ? undefined : to).flatMap((line) => /^ {2}(\S+)/.exec(line)?.[1] ?? [])
}

describe('help', () => {
  const user = new User()
  const pages: Page[] = []
  afterAll(() => user[Symbol.dispose]())

  const read = async (path: readonly string[]): Promise<void> => {
    if (path.length > 2) throw new Error(`${path.join(' ')}: commands have at most two words.`)
    const text = await user.ok(...path, '--help')
    pages.push({ path, text })
    const below = namesUnder('Commands:', text)
    await Promise.all(below.map((name) => read([...path, name])))
  }
  beforeAll(() => read([]))

  test('[CM6] these are all commands there are', () => {
    expect(pages.map(({ path }) => path.join(' ')).toSorted()).toEqual([
      '',
      'config',
      'config set',
      'config unset',
      'config validate',
      'config view',
      'flow',
      'flow ls',
      'flow-run',
      'flow-run cancel',
      'flow-run delete',
      'flow-run inspect',
      'flow-run logs',
      'flow-run ls',
      'flow-run watch',
      'profile',
      'profile create',
      'profile delete',
      'profile inspect',
      'profile ls',
      'profile rename',
      'profile use',
      'server',
      'server link',
      'server start',
      'server status',
      'server stop',
      'task-run',
      'task-run inspect',
      'task-run logs',
      'task-run ls',
      'version',
    ])
  })

  test('[CM6] each has a usage, a description of a sentence and an example that begins with its own words', () => {
    const lacking = pages.flatMap(({ path, text }) => {
      const [usage = '', , description = ''] = text.split('\n')
      const examples = text
        .slice(text.indexOf('Examples:'))
        .split('\n')
        .filter((line) => line.startsWith('  ') && !line.startsWith('  #'))
      const good = {
        usage: usage.startsWith(['Usage: flowcell', ...path].join(' ')),
        description: /^[A-Z].*[.?]/.test(description),
        example: examples.some((line) => line.includes(['flowcell', ...path].join(' '))),
      }
      return Object.entries(good).flatMap(([what, isThere]) => (isThere ? [] : [`${path.join(' ')}: ${what}`]))
    })
    expect(lacking).toEqual([])
  })

  test('[CM6] every option and argument is described, and no line is wider than a usual terminal', () => {
    const options = pages.flatMap(({ path, text }) =>
      text
        .split('\n')
        .filter((line) => /^ {2}(-|--)/.test(line))
        .map((line) => ({ path, line })),
    )
    expect(options.filter(({ line }) => !/\S {2,}\S/.test(line))).toEqual([])
    expect(
      pages.flatMap(({ path, text }) =>
        text
          .split('\n')
          .filter((line) => line.length > 120)
          .map((line) => ({ path, line })),
      ),
    ).toEqual([])
  })

  test('[CM6] exit codes and the choice of the workspace stand on the first page', () => {
    const first = pages.find(({ path }) => path.length === 0)?.text ?? ''
    expect(first).toContain('Exit codes:\n  0  done\n  1  failed')
    expect(first).toContain('Which workspace: --api-url and --api-key, else FLOWCELL_API_URL')
  })

  test('[CM6] a bare command, -h and "help" show the same page', async () => {
    const [bare, short, word, group] = await Promise.all([user.ok(), user.ok('-h'), user.ok('help'), user.ok('help', 'profile', 'use')])
    expect([bare, short, word]).toEqual([pages[0]?.text, pages[0]?.text, pages[0]?.text])
    expect(group).toBe(pages.find(({ path }) => path.join(' ') === 'profile use')?.text)
    expect(await user.ok('profile')).toBe(pages.find(({ path }) => path.join(' ') === 'profile')?.text)
  })
})

test('[CM16] help loads neither the schemas nor the client', async () => {
  using user = new User()
  const hook = `import { registerHooks } from 'node:module'
    registerHooks({ resolve(name, context, next) {
      if (name === 'zod' || name.endsWith('/http.ts')) throw new Error('loaded ' + name)
      return next(name, context)
    } })`
  const environment = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hook)}` }
  const [help, command] = await Promise.all([user.run(['flow-run', 'logs', '--help'], environment), user.run(['flow', 'ls'], environment)])
  expect({ code: help.code, stderr: help.stderr }).toEqual({ code: 0, stderr: '' })
  expect(command.stderr).toContain('Error: loaded ')
})

describe('wrong use', () => {
  const user = new User()
  afterAll(() => user[Symbol.dispose]())

  test.each([
    [['flwo-run', 'ls'], `Error: Unknown command 'flwo-run'. Did you mean flow-run? See "flowcell --help".\n`],
    [['flow-run', 'lss'], `Error: Unknown command 'lss'. Did you mean ls? See "flowcell flow-run --help".\n`],
    [['flow-run', 'ls', '--limt', '5'], `Error: Unknown option '--limt'. Did you mean --limit? See "flowcell flow-run ls --help".\n`],
    [['flow-run', 'inspect'], `Error: Missing required argument 'run'. See "flowcell flow-run inspect --help".\n`],
    [
      ['flow-run', 'ls', '--limit', 'many'],
      `Error: Option '-n, --limit <count>' argument 'many' is invalid. Expected a whole number, at least 1. See "flowcell flow-run ls --help".\n`,
    ],
    [
      ['flow-run', 'ls', '-o', 'yaml'],
      `Error: Option '-o, --output <form>' argument 'yaml' is invalid. Expected text or json. See "flowcell flow-run ls --help".\n`,
    ],
    [
      ['flow-run', 'logs', 'x', '--level', 'loud'],
      `Error: Option '--level <name>' argument 'loud' is invalid. Expected one of debug, info, warning, error, critical. See "flowcell flow-run logs --help".\n`,
    ],
    [
      ['flow-run', 'logs', 'x', '--reverse', '--follow'],
      `Error: Option '--reverse' cannot be used with option '-f, --follow'. See "flowcell flow-run logs --help".\n`,
    ],
    [
      ['version', 'please'],
      `Error: Too many arguments for 'version'. Expected 0 arguments but got 1: please. See "flowcell version --help".\n`,
    ],
    [['server', 'start', '--port', '70000'], 'Error: There is no port 70000: ports go to 65535.\n'],
    [
      ['--api-url', 'nowhere', 'flow', 'ls'],
      'Error: "nowhere" (from the command line) is no address of a workspace. It looks like http://127.0.0.1:8787/w/…/api.\n',
    ],
  ])('[CM7] wrong use is answered with one sentence and exit code 2: %j', async (words, sentence) => {
    expect(await user.run(words)).toEqual({ code: 2, stdout: '', stderr: sentence })
  })

  test('[CM8] without any workspace the exit code is 3, and the sentence names the way to one', async () => {
    expect(await user.run(['flow-run', 'ls'])).toEqual({
      code: 3,
      stdout: '',
      stderr:
        'Error: There is no workspace: no server runs on this machine, and FLOWCELL_API_URL names no other. Start one with "flowcell server start".\n',
    })
  })

  test('[CM8] a workspace that does not answer is exit code 3', async () => {
    const url = 'http://127.0.0.1:9/w/aaaaaaaaaaaaaaaaaaaa/api'
    const { code, stdout, stderr } = await user.run(['flow-run', 'ls', '--api-url', url])
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toMatch(/^Error: The workspace at http:\/\/127\.0\.0\.1:9\/\S+ does not answer \(.*\)\. Start the local server/)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  })
})

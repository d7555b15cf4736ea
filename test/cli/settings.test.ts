import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { User } from './harness.ts'

const PRODUCTION = 'https://flows.example.com/w/aaaaaaaaaaaaaaaaaaaa/api'

let user: User
beforeEach(() => {
  user = new User()
})
afterEach(() => user[Symbol.dispose]())

const profilesFile = (): string => join(user.home, '.flowcell/profiles.json')
const settingsOf = async (environment: Readonly<Record<string, string>>, ...words: readonly string[]): Promise<unknown> => {
  const { stdout } = await user.run([...words, 'config', 'view', '--output', 'json'], environment)
  return JSON.parse(stdout).settings
}

describe('profiles', () => {
  test('[CM9] are created, copied, used, renamed, inspected and deleted', async () => {
    await user.ok('profile', 'create', 'production')
    await user.ok('--profile', 'production', 'config', 'set', `API_URL=${PRODUCTION}`, 'api_key=fc_secret')
    await user.ok('profile', 'create', 'staging', '--from', 'production')
    await user.ok('profile', 'use', 'staging')
    await user.ok('profile', 'rename', 'staging', 'test')
    expect(JSON.parse(await user.ok('profile', 'ls', '--output', 'json'))).toEqual([
      { name: 'default', active: false, api_url: null },
      { name: 'production', active: false, api_url: PRODUCTION },
      { name: 'test', active: true, api_url: PRODUCTION },
    ])
    expect(await user.ok('profile', 'inspect')).toBe(`API_URL  ${PRODUCTION}\nAPI_KEY  ********\n`)
    expect(await user.run(['profile', 'delete', 'test', '--yes'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'Error: "test" is the active profile. Use another one first.\n',
    })
    await user.ok('profile', 'use', 'default')
    await user.ok('profile', 'delete', 'test', '--yes')
    expect(await user.ok('profile', 'ls')).toBe(
      ['   NAME        WORKSPACE', '*  default     the server on this machine', `   production  ${PRODUCTION}`, ''].join('\n'),
    )
  })

  test('[CM9] deleting asks; where nobody can answer it wants --yes and deletes nothing', async () => {
    await user.ok('profile', 'create', 'old')
    expect(await user.run(['profile', 'delete', 'old'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'Error: Nobody is here to ask. Add --yes to delete profile "old".\n',
    })
    expect(JSON.parse(await user.ok('profile', 'ls', '--output', 'json'))).toHaveLength(2)
  })

  test('[CM10] stand in a file that only its owner may read', async () => {
    await user.ok('config', 'set', 'API_KEY=fc_secret')
    expect(statSync(profilesFile()).mode & 0o777).toBe(0o600)
  })

  test.each([
    ['half of one', '{"active": "default", "prof'],
    ['another shape', '{"profiles": []}'],
  ])('[CM11] a broken file (%s) is named and never written over', async (_, broken) => {
    mkdirSync(join(user.home, '.flowcell'))
    writeFileSync(profilesFile(), broken)
    const commands = [
      ['config', 'set', 'LOGGING_LEVEL=DEBUG'],
      ['config', 'unset', 'LOGGING_LEVEL'],
      ['config', 'view'],
      ['config', 'validate'],
      ['profile', 'ls'],
      ['profile', 'create', 'new'],
      ['profile', 'use', 'default'],
      ['flow', 'ls'],
    ]
    const outcomes = await Promise.all(
      commands.map(async (command) => {
        const { code, stderr } = await user.run(command)
        return { command, code, names: stderr.includes(profilesFile()), lines: stderr.trimEnd().split('\n').length }
      }),
    )
    expect(outcomes).toEqual(commands.map((command) => ({ command, code: 2, names: true, lines: 1 })))
    expect(readFileSync(profilesFile(), 'utf8')).toBe(broken)
  })

  test('[CM11] a profile that is not there is an error, not the default one', async () => {
    const { code, stderr } = await user.run(['flow', 'ls', '--profile', 'prodction'])
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `Error: There is no profile "prodction" in ${profilesFile()}. There are: default.\n`,
    })
  })
})

describe('settings', () => {
  test('[CM12] the environment counts more than the profile, the profile more than the default', async () => {
    expect(await settingsOf({})).toEqual([])
    await user.ok('config', 'set', 'LOGGING_LEVEL=debug')
    expect(await settingsOf({})).toEqual([{ name: 'LOGGING_LEVEL', value: 'DEBUG', source: 'profile "default"' }])
    expect(await settingsOf({ FLOWCELL_LOGGING_LEVEL: 'ERROR' })).toEqual([
      { name: 'LOGGING_LEVEL', value: 'ERROR', source: 'environment' },
    ])
    await user.ok('config', 'unset', 'flowcell_logging_level')
    expect(await settingsOf({})).toEqual([])
  })

  test('[CM12] --profile counts more than FLOWCELL_PROFILE, and that more than the active one', async () => {
    for (const [name, level] of [
      ['a', 'DEBUG'],
      ['b', 'ERROR'],
    ] as const) {
      await user.ok('profile', 'create', name)
      await user.ok('--profile', name, 'config', 'set', `LOGGING_LEVEL=${level}`)
    }
    await user.ok('profile', 'use', 'a')
    expect(await settingsOf({})).toContainEqual({ name: 'LOGGING_LEVEL', value: 'DEBUG', source: 'profile "a"' })
    expect(await settingsOf({ FLOWCELL_PROFILE: 'b' })).toContainEqual({ name: 'LOGGING_LEVEL', value: 'ERROR', source: 'profile "b"' })
    expect(await settingsOf({ FLOWCELL_PROFILE: 'b' }, '--profile', 'a')).toContainEqual({
      name: 'LOGGING_LEVEL',
      value: 'DEBUG',
      source: 'profile "a"',
    })
  })

  test('[CM13] secrets are masked wherever settings are shown', async () => {
    const set = await user.ok('config', 'set', 'API_KEY=fc_very_secret')
    const shown = await Promise.all([
      user.ok('config', 'view'),
      user.ok('config', 'view', '--output', 'json'),
      user.ok('profile', 'inspect'),
      user.ok('profile', 'inspect', '--output', 'json'),
    ])
    expect([set, ...shown].filter((text) => text.includes('fc_very_secret'))).toEqual([])
    expect([set, ...shown].filter((text) => !text.includes('********'))).toEqual([])
    expect((await user.run(['config', 'set', 'fc_very_secret'])).stderr).not.toContain('fc_very_secret')
  })

  test('[CM12] view shows names, values and sources; --hide-sources leaves those out, --show-defaults adds the rest', async () => {
    await user.ok('config', 'set', 'TASKS_DEFAULT_RETRIES=3')
    const head = `Profile default  in ${profilesFile()}\n\n`
    expect(await user.ok('config', 'view')).toBe(
      `${head}NAME                            VALUE  SOURCE\nFLOWCELL_TASKS_DEFAULT_RETRIES  3      profile "default"\n`,
    )
    expect(await user.ok('config', 'view', '--hide-sources')).toBe(
      `${head}NAME                            VALUE\nFLOWCELL_TASKS_DEFAULT_RETRIES  3\n`,
    )
    expect(await user.ok('config', 'view', '--show-defaults')).toMatch(/FLOWCELL_LOGGING_LEVEL +INFO +default\n/)
  })

  test('[CM14] what is no setting or not valid is refused, and then nothing is set', async () => {
    const refused = [
      [
        ['LOGGING_LEVL=DEBUG'],
        'There is no setting "LOGGING_LEVL". Did you mean LOGGING_LEVEL? "flowcell config view --show-defaults" shows them all.',
      ],
      [['LOGGING_LEVEL'], '"LOGGING_LEVEL" is no setting: write NAME=VALUE.'],
      [['API_URL=nowhere'], 'FLOWCELL_API_URL: expected an address such as http://127.0.0.1:8787/w/…/api, got "nowhere".'],
      [['HOME=/elsewhere'], 'FLOWCELL_HOME cannot stand in a profile: set it in the environment.'],
      [['LOGGING_LEVEL=DEBUG', 'LOGGING_LOG_PRINTS=perhaps'], 'FLOWCELL_LOGGING_LOG_PRINTS: expected true or false, got "perhaps".'],
    ] as const
    const outcomes = await Promise.all(refused.map(([settings]) => user.run(['config', 'set', ...settings])))
    expect(outcomes).toEqual(refused.map(([, sentence]) => ({ code: 2, stdout: '', stderr: `Error: ${sentence}\n` })))
    expect(await settingsOf({})).toEqual([])
  })

  test('[CM14] validate names every wrong value and unknown name, in profile and environment', async () => {
    expect(await user.run(['config', 'validate'])).toEqual({
      code: 0,
      stdout: `All settings are valid (profile "default" in ${profilesFile()}).\n`,
      stderr: '',
    })
    mkdirSync(join(user.home, '.flowcell'))
    writeFileSync(profilesFile(), JSON.stringify({ active: 'default', profiles: { default: { LOGGING_LEVEL: 'loud', COLOUR: 'blue' } } }))
    const environment = { FLOWCELL_API_URI: 'x', FLOWCELL_LOGGING_LOG_PRINTS: 'perhaps', FLOWCELL_VARIABLE_CITY: 'Berlin' }
    const { code, stdout, stderr } = await user.run(['config', 'validate'], environment)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr.trimEnd().split('\n')).toEqual([
      `Error: ${profilesFile()}: the profile "default" sets "COLOUR", which is no setting.`,
      'Error: Profile "default": FLOWCELL_LOGGING_LEVEL: expected one of DEBUG, INFO, WARNING, ERROR, CRITICAL, got "loud".',
      'Error: FLOWCELL_LOGGING_LOG_PRINTS: expected true or false, got "perhaps".',
      'Error: FLOWCELL_API_URI in the environment is no setting. Did you mean API_URL?',
    ])
  })
})

import { expect, test } from 'vitest'
import { environmentName, parseSetting, SETTING_NAMES, settingNamed, SETTINGS, type SettingName } from '#sdk/protocol/settings.ts'

test('[PR1] a setting is found by its name in any spelling, and nothing else is one', () => {
  expect(['LOGGING_LEVEL', 'logging_level', ' FLOWCELL_LOGGING_LEVEL '].map(settingNamed)).toEqual([
    'LOGGING_LEVEL',
    'LOGGING_LEVEL',
    'LOGGING_LEVEL',
  ])
  expect(['', 'FLOWCELL_', 'LOGGING', 'toString', 'PREFECT_API_URL'].map(settingNamed)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ])
})

test('[PR2] the default of each setting is a value that the setting accepts, and each is described', () => {
  const bad = SETTING_NAMES.filter(
    (name) => SETTINGS[name].default !== undefined && SETTINGS[name].reader.read(SETTINGS[name].default) === undefined,
  )
  expect(bad).toEqual([])
  expect(SETTING_NAMES.filter((name) => !/^[A-Z].*\.$/.test(SETTINGS[name].description))).toEqual([])
})

const accepted: readonly (readonly [SettingName, unknown, unknown])[] = [
  ['API_URL', 'http://127.0.0.1:8787/w/a/api', 'http://127.0.0.1:8787/w/a/api'],
  ['LOGGING_LEVEL', ' debug ', 'DEBUG'],
  ['LOGGING_LOG_PRINTS', 'yes', true],
  ['LOGGING_LOG_PRINTS', ' 0 ', false],
  ['LOGGING_LOG_PRINTS', '', false],
  ['LOGGING_LOG_PRINTS', true, true],
  ['TASKS_DEFAULT_RETRIES', '3', 3],
  ['TASKS_DEFAULT_RETRY_DELAY_SECONDS', '0.5', 0.5],
]
test.each(accepted)('[PR3] a setting reads what people write: %s reads %j as %j', (name, text, value) => {
  expect(parseSetting(name, text)).toEqual({ ok: true, value })
})

const refused: readonly (readonly [SettingName, unknown, string])[] = [
  ['API_URL', 'localhost', 'FLOWCELL_API_URL: expected an address such as http://127.0.0.1:8787/w/…/api, got "localhost".'],
  ['LOGGING_LEVEL', 'LOUD', 'FLOWCELL_LOGGING_LEVEL: expected one of DEBUG, INFO, WARNING, ERROR, CRITICAL, got "LOUD".'],
  ['LOGGING_LOG_PRINTS', 'maybe', 'FLOWCELL_LOGGING_LOG_PRINTS: expected true or false, got "maybe".'],
  [
    'TASKS_DEFAULT_RETRY_DELAY_SECONDS',
    'soon',
    'FLOWCELL_TASKS_DEFAULT_RETRY_DELAY_SECONDS: expected a number that is not negative, got "soon".',
  ],
]
test.each(refused)('[PR4] a setting refuses in a sentence that names it: %s refuses %j', (name, text, message) => {
  expect(parseSetting(name, text)).toEqual({ ok: false, message })
})

test('[PR5] what was given as a secret is not told', () => {
  expect(parseSetting('API_KEY', 4711)).toMatchObject({
    ok: false,
    message: expect.stringMatching(/^FLOWCELL_API_KEY: .*, got a secret\.$/),
  })
})

test('[PR6] counts are whole and not negative', () => {
  const counts = ['TASKS_DEFAULT_RETRIES', 'FLOWS_DEFAULT_RETRIES'] as const
  expect(counts.flatMap((name) => ['-1', '1.5', 'x', '  '].map((text) => parseSetting(name, text).ok))).toEqual(
    Array.from({ length: 8 }, () => false),
  )
  expect(environmentName('FLOWS_DEFAULT_RETRIES')).toBe('FLOWCELL_FLOWS_DEFAULT_RETRIES')
})

import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  createProfile,
  deleteProfile,
  profilesFile,
  readProfiles,
  renameProfile,
  setValues,
  unsetValues,
  useProfile,
} from '#sdk/hosts/profiles.ts'
import { readSettings } from '#sdk/hosts/settings.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flowcell-settings-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const read = (environment: Record<string, string> = {}) => readSettings({ FLOWCELL_HOME: folder, ...environment }, '/nowhere')
const URL_A = 'http://127.0.0.1:1/w/a/api'

test('[ST1] the environment counts before the profile, the profile before the default; each value knows its source', () => {
  setValues(folder, 'default', { API_URL: URL_A, logging_level: 'debug', FLOWCELL_TASKS_DEFAULT_RETRIES: '2' })
  const { values, sources, problems } = read({ FLOWCELL_LOGGING_LEVEL: 'warning', FLOWCELL_API_URL: ' ' })
  expect(problems).toEqual([])
  expect(values).toEqual({
    API_URL: URL_A,
    API_KEY: undefined,
    HOME: folder,
    PROFILE: undefined,
    LOGGING_LEVEL: 'WARNING',
    LOGGING_LOG_PRINTS: false,
    LOGGING_FILE: undefined,
    RESULTS_PERSIST_BY_DEFAULT: false,
    TASKS_DEFAULT_RETRIES: 2,
    TASKS_DEFAULT_RETRY_DELAY_SECONDS: 0,
    FLOWS_DEFAULT_RETRIES: 0,
  })
  expect([sources.API_URL, sources.LOGGING_LEVEL, sources.TASKS_DEFAULT_RETRIES, sources.HOME, sources.API_KEY]).toEqual([
    'profile',
    'environment',
    'profile',
    'environment',
    'default',
  ])
})

test('[ST2] a value that is not understood is told and its default counts', () => {
  const { values, problems } = read({ FLOWCELL_LOGGING_LEVEL: 'loud', FLOWCELL_API_KEY: 'k' })
  expect(values.LOGGING_LEVEL).toBe('INFO')
  expect(problems).toEqual(['FLOWCELL_LOGGING_LEVEL: expected one of DEBUG, INFO, WARNING, ERROR, CRITICAL, got "loud".'])
})

test('[ST3] FLOWCELL_PROFILE chooses a profile for this process; one that is not there is told', () => {
  createProfile(folder, 'cloud')
  setValues(folder, 'cloud', { API_URL: URL_A })
  expect([read().values.API_URL, read({ FLOWCELL_PROFILE: 'cloud' }).values.API_URL]).toEqual([undefined, URL_A])
  expect(read({ FLOWCELL_PROFILE: 'clud' }).problems).toEqual(['There is no profile "clud". There are: default, cloud.'])
})

test('[ST4] profiles are created, copied, used, renamed and deleted, the active one never deleted', () => {
  setValues(folder, 'default', { API_KEY: 'k' })
  expect(createProfile(folder, 'copy', 'default').ok).toBe(true)
  expect(useProfile(folder, 'copy').ok).toBe(true)
  expect(renameProfile(folder, 'copy', 'work')).toEqual({
    ok: true,
    profiles: { active: 'work', profiles: { default: { API_KEY: 'k' }, work: { API_KEY: 'k' } } },
  })
  expect(deleteProfile(folder, 'work')).toEqual({ ok: false, message: '"work" is the active profile. Use another one first.' })
  expect(deleteProfile(folder, 'default').ok).toBe(true)
  expect(unsetValues(folder, 'work', ['api_key'])).toEqual({ ok: true, profiles: { active: 'work', profiles: { work: {} } } })
  expect(readProfiles(folder)).toEqual({ ok: true, profiles: { active: 'work', profiles: { work: {} } } })
})

test('[ST5] a setting that does not exist, or a value that it does not take, changes nothing', () => {
  setValues(folder, 'default', { API_KEY: 'k' })
  expect(setValues(folder, 'default', { API_KEY: 'new', API_ULR: 'x' })).toEqual({ ok: false, message: 'There is no setting "API_ULR".' })
  expect(setValues(folder, 'default', { API_KEY: 'new', LOGGING_LOG_PRINTS: 'maybe' })).toEqual({
    ok: false,
    message: 'FLOWCELL_LOGGING_LOG_PRINTS: expected true or false, got "maybe".',
  })
  expect(setValues(folder, 'default', { HOME: '/tmp' })).toEqual({
    ok: false,
    message: 'FLOWCELL_HOME cannot stand in a profile: set it in the environment.',
  })
  expect(readProfiles(folder)).toEqual({ ok: true, profiles: { active: 'default', profiles: { default: { API_KEY: 'k' } } } })
})

test('[ST6] only its owner may read the file; one that cannot be understood is told and never overwritten', () => {
  setValues(folder, 'default', { API_KEY: 'k' })
  const file = profilesFile(folder)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  writeFileSync(file, '{"active": ')
  const outcome = setValues(folder, 'default', { API_KEY: 'new' })
  expect(outcome.ok ? '' : outcome.message.startsWith(`${file} cannot be read: `)).toBe(true)
  expect(readFileSync(file, 'utf8')).toBe('{"active": ')
  expect(read().problems).toHaveLength(1)
})

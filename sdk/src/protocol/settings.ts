/** Every setting of scripts, SDK, agent and command line: one table. Read from `FLOWCELL_{name}`, then the active profile, then the default. */
import { LOG_LEVELS, type LogLevelName } from './log-levels.ts'

/**
 * How a setting is read from what people write, and what to tell them. Written out here: every script reads its settings, and the schema library
 * alone would take 10 MB of it (measured).
 */
interface Reader<T> {
  /** Undefined for what is no such value. */
  readonly read: (given: unknown) => T | undefined
  readonly expected: string
}

const word = (given: unknown): unknown => (typeof given === 'string' ? given.trim().toLowerCase() : given)
const ON: readonly unknown[] = [true, 'true', '1', 'yes', 'on']
const OFF: readonly unknown[] = [false, 'false', '0', 'no', 'off', '']
const flag: Reader<boolean> = {
  read: (given) => (ON.includes(word(given)) ? true : OFF.includes(word(given)) ? false : undefined),
  expected: 'expected true or false',
}
const number: Reader<number> = {
  read: (given) => {
    const value = typeof given === 'string' && given.trim() !== '' ? Number(given) : given
    return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined
  },
  expected: 'expected a number that is not negative',
}
const count: Reader<number> = {
  read: (given) => {
    const value = number.read(given)
    return Number.isSafeInteger(value) ? value : undefined
  },
  expected: 'expected a whole number that is not negative',
}
const text: Reader<string> = {
  read: (given) => (typeof given === 'string' && given !== '' ? given : undefined),
  expected: 'expected a text',
}
const address: Reader<string> = {
  read: (given) => (typeof given === 'string' && /^https?:\/\/[^\s/]\S*$/i.test(given) ? given : undefined),
  expected: 'expected an address such as http://127.0.0.1:8787/w/…/api',
}
const levels = Object.keys(LOG_LEVELS) as LogLevelName[]
const level: Reader<LogLevelName> = {
  read: (given) => levels.find((name) => name.toLowerCase() === word(given)),
  expected: `expected one of ${levels.join(', ')}`,
}

interface Setting {
  readonly reader: Reader<unknown>
  readonly default: unknown
  readonly description: string
  /** Shown as `********`. */
  readonly secret?: true
}

export const SETTINGS = {
  API_URL: {
    reader: address,
    default: undefined,
    description: "Address of the workspace's API.",
  },
  API_KEY: { reader: text, default: undefined, description: 'Token for the workspace.', secret: true },
  HOME: {
    reader: text,
    default: undefined,
    description: 'Folder of profiles and the local server; ~/.flowcell when not set.',
  },
  PROFILE: { reader: text, default: undefined, description: 'Profile to use instead of the active one.' },
  LOGGING_LEVEL: { reader: level, default: 'INFO', description: 'Lowest level that is printed and sent.' },
  LOGGING_LOG_PRINTS: { reader: flag, default: false, description: 'Print statements inside flows and tasks become log lines.' },
  LOGGING_FILE: { reader: text, default: undefined, description: 'File that gets every log line as one line of JSON.' },
  RESULTS_PERSIST_BY_DEFAULT: {
    reader: flag,
    default: false,
    description: 'Results are kept in the workspace unless persistResult says otherwise.',
  },
  TASKS_DEFAULT_RETRIES: { reader: count, default: 0, description: 'Retries of tasks that do not say.' },
  TASKS_DEFAULT_RETRY_DELAY_SECONDS: { reader: number, default: 0, description: 'Seconds between attempts of tasks that do not say.' },
  FLOWS_DEFAULT_RETRIES: { reader: count, default: 0, description: 'Retries of flows that do not say.' },
} as const satisfies Record<string, Setting>

export type SettingName = keyof typeof SETTINGS
export type Settings = {
  readonly [Name in SettingName]:
    | NonNullable<ReturnType<(typeof SETTINGS)[Name]['reader']['read']>>
    | (undefined extends (typeof SETTINGS)[Name]['default'] ? undefined : never)
}
export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[]
export const environmentName = (name: SettingName): string => `FLOWCELL_${name}`
/** `FLOWCELL_X`, `x` or `X` → `X`; undefined for what is no setting. */
export function settingNamed(text: string): SettingName | undefined {
  const name = text
    .trim()
    .toUpperCase()
    .replace(/^FLOWCELL_/, '')
  return SETTING_NAMES.find((known) => known === name)
}

export type SettingResult<Name extends SettingName> =
  | { readonly ok: true; readonly value: NonNullable<Settings[Name]> }
  | { readonly ok: false; readonly message: string }
/** Reads one setting's text. */
export function parseSetting<Name extends SettingName>(name: Name, given: unknown): SettingResult<Name> {
  const setting: Setting = SETTINGS[name]
  const value = setting.reader.read(given)
  if (value !== undefined) return { ok: true, value: value as NonNullable<Settings[Name]> } // the table's reader of this very name
  const shown = setting.secret === true ? 'a secret' : JSON.stringify(given)
  return { ok: false, message: `${environmentName(name)}: ${setting.reader.expected}, got ${shown}.` }
}

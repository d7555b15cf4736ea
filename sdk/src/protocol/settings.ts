/** Every setting of scripts, SDK, agent and command line: one table. Read from `FLOWCELL_{name}`, then the active profile, then the default. */
import * as z from 'zod'
import { LOG_LEVELS, type LogLevelName } from './log-levels.ts'

const flag = z.preprocess((value) => {
  const text = typeof value === 'string' ? value.trim().toLowerCase() : value
  if (text === 'true' || text === '1' || text === 'yes' || text === 'on') return true
  return text === 'false' || text === '0' || text === 'no' || text === 'off' || text === '' ? false : value
}, z.boolean('expected true or false'))
const numeric = (value: unknown) => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value)
const number = z.preprocess(numeric, z.number('expected a number').min(0))
const count = z.preprocess(numeric, z.int('expected a whole number').min(0))
const levels = Object.keys(LOG_LEVELS) as LogLevelName[]
const level = z.preprocess(
  (value) => (typeof value === 'string' ? value.trim().toUpperCase() : value),
  z.enum(levels as [LogLevelName, ...LogLevelName[]], `expected one of ${levels.join(', ')}`),
)

interface Setting {
  readonly schema: z.ZodType
  readonly default: unknown
  readonly description: string
  /** Shown as `********`. */
  readonly secret?: true
}

export const SETTINGS = {
  API_URL: {
    schema: z.url('expected an address such as http://127.0.0.1:8787/w/…/api'),
    default: undefined,
    description: "Address of the workspace's API.",
  },
  API_KEY: { schema: z.string().min(1), default: undefined, description: 'Token for the workspace.', secret: true },
  HOME: {
    schema: z.string().min(1),
    default: undefined,
    description: 'Folder of profiles and the local server; ~/.flowcell when not set.',
  },
  PROFILE: { schema: z.string().min(1), default: undefined, description: 'Profile to use instead of the active one.' },
  LOGGING_LEVEL: { schema: level, default: 'INFO', description: 'Lowest level that is printed and sent.' },
  LOGGING_LOG_PRINTS: { schema: flag, default: false, description: 'Print statements inside flows and tasks become log lines.' },
  LOGGING_FILE: { schema: z.string().min(1), default: undefined, description: 'File that gets every log line as one line of JSON.' },
  RESULTS_PERSIST_BY_DEFAULT: {
    schema: flag,
    default: false,
    description: 'Results are kept in the workspace unless persistResult says otherwise.',
  },
  TASKS_DEFAULT_RETRIES: { schema: count, default: 0, description: 'Retries of tasks that do not say.' },
  TASKS_DEFAULT_RETRY_DELAY_SECONDS: { schema: number, default: 0, description: 'Seconds between attempts of tasks that do not say.' },
  FLOWS_DEFAULT_RETRIES: { schema: count, default: 0, description: 'Retries of flows that do not say.' },
} as const satisfies Record<string, Setting>

export type SettingName = keyof typeof SETTINGS
export type Settings = {
  readonly [Name in SettingName]:
    | z.output<(typeof SETTINGS)[Name]['schema']>
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
export function parseSetting<Name extends SettingName>(name: Name, text: unknown): SettingResult<Name> {
  const parsed = SETTINGS[name].schema.safeParse(text)
  if (parsed.success) return { ok: true, value: parsed.data as NonNullable<Settings[Name]> }
  return {
    ok: false,
    message: `${environmentName(name)}: ${parsed.error.issues[0]?.message ?? 'not valid'}, got ${SETTINGS[name] && 'secret' in SETTINGS[name] ? 'a secret' : JSON.stringify(text)}.`,
  }
}

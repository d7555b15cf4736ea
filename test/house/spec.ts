/** The rules that the tests protect, read off the names of the tests: `[RT4] delays [3,1] with four retries wait 3, 1, 1, 1`. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../support/repository.ts'

export interface RuleLine {
  readonly id: string
  readonly sentence: string
  readonly files: readonly string[]
}

/** What the letters of an id stand for, in the order of the document. */
export const CHAPTERS: Readonly<Record<string, string>> = {
  ID: 'Ids and instants',
  PR: 'Protocol',
  SM: 'The state machine',
  RT: 'Retries',
  LE: 'Leases and deadlines',
  FE: 'How a flow ends',
  NB: 'The notebook document',
  NR: 'Edits of several tabs in one order',
  NW: 'Notebooks in the workspace',
  CS: 'Schemas and names read from the source',
  CC: 'Cells',
  PV: 'Parameters',
  EN: 'The engine',
  FU: 'Futures and maps',
  LG: 'Log lines',
  CX: 'Asynchronous context',
  HO: 'Hosts',
  ST: 'Settings and profiles',
  CL: 'The client',
  LV: 'The live socket',
  DB: 'Storage',
  OP: 'Operations',
  WS: 'The workspace',
  SE: 'Sessions and leases',
  RB: 'The row budget',
  HT: 'HTTP',
  AU: 'Authority',
  OA: 'The OpenAPI document',
  PG: 'Pages',
  SH: 'The shell of the pages and their elements',
  NP: 'The notebook page',
  OU: 'Outputs and inputs',
  TY: 'Types in the editor',
  RP: 'Flows and runs on pages',
  KN: 'The kernel',
  CM: 'The command line',
  SV: 'The local server',
  EX: 'Examples',
  HS: 'The house',
}

const TITLE = /(['"`])\[([A-Z]{2}\d+)\] ((?:\\.|(?!\1)[^\\\n])*)\1/g

export function readRules(): RuleLine[] {
  const rules = new Map<string, { titles: string[]; files: Set<string> }>()
  for (const file of globSync('test/**/*.ts', { cwd: root }).toSorted()) {
    if (file.startsWith(join('test', 'house', 'spec')) || file.startsWith(join('test', 'out'))) continue
    for (const [, , id = '', title = ''] of readFileSync(join(root, file), 'utf8').matchAll(TITLE)) {
      const rule = rules.get(id) ?? { titles: [], files: new Set() }
      rule.titles.push(title.replaceAll(/\\(.)/g, '$1'))
      rule.files.add(file.replaceAll('\\', '/'))
      rules.set(id, rule)
    }
  }
  return [...rules].map(([id, { titles, files }]) => ({ id, sentence: sentenceOf(titles), files: [...files] })).toSorted(byId)
}

const PLACEHOLDER = /\$\{(?:[^{}]|\{[^{}]*\})*\}|%[a-z]|\$\w+/g

/** The first title that is whole, else the first of a table of cases with its placeholders left open. */
function sentenceOf(titles: readonly string[]): string {
  const whole = titles.find((title) => title.search(PLACEHOLDER) < 0)
  return whole ?? beforeCases(titles[0] ?? '').replaceAll(PLACEHOLDER, '…')
}

/** "a setting reads what people write: %s reads %j" → "a setting reads what people write" */
function beforeCases(title: string): string {
  const colon = title.indexOf(': ')
  return colon > 0 && title.slice(colon).search(PLACEHOLDER) >= 0 ? title.slice(0, colon) : title
}

function byId(a: RuleLine, b: RuleLine): number {
  const order = (id: string) => Object.keys(CHAPTERS).indexOf(id.slice(0, 2)) * 10_000 + Number(id.slice(2))
  return order(a.id) - order(b.id)
}

export function writeSpec(rules: readonly RuleLine[]): string {
  const chapters = Object.entries(CHAPTERS).flatMap(([letters, title]) => {
    const lines = rules.filter(({ id }) => id.startsWith(letters))
    if (lines.length === 0) return []
    return [`## ${title}`, '', ...lines.map(({ id, sentence, files }) => `- **${id}** ${sentence} (${files.map(link).join(', ')})`), '']
  })
  return `${INTRODUCTION}\n${chapters.join('\n')}`
}

const link = (file: string) => `[${file.replace(/^test\//, '')}](../${file})`

const INTRODUCTION = `# What Flowcell promises

Each rule has an id, and the tests that protect it open their names with it. This list is made from those names (\`npm run spec\`); a test fails when it is not up to date.
`

/**
 * From what a person types to the one run that is meant: its id, the beginning of its id, or its name.
 * Beginnings are looked up by the server's own order of ids: the page after the last id that could begin so.
 */
import type { FlowRunOutput } from '../../protocol/flow-run.ts'
import type { TaskRunOutput } from '../../protocol/task-run.ts'
import { EXIT, Failure } from '../failure.ts'
import { onOneLine } from '../output/text.ts'
import type { Terminal } from '../terminal.ts'
import { ifThere, type Workspace } from '../workspace.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const BEGINNING = /^[0-9a-f]{4}[0-9a-f-]*$/i
const SHOWN_CANDIDATES = 5

export const isId = (text: string): boolean => UUID.test(text)

/** `newest`: of several runs with a name the newest is meant, and a note says so. `only`: several are refused, for what cannot be undone. */
export type Ambiguity = 'newest' | 'only'

interface Kind<Run> {
  readonly noun: string
  readonly command: string
  readonly read: (id: string) => Promise<Run | undefined>
  /** At most so many runs whose ids come before `cursor`, newest first. */
  readonly before: (cursor: string, limit: number) => Promise<readonly Run[]>
  /** At most so many runs of exactly that name, newest first. */
  readonly named: (name: string, limit: number) => Promise<readonly Run[]>
}

interface Found {
  readonly id: string
  readonly name: string
  readonly state_name: string | null
}

export function findFlowRun(workspace: Workspace, terminal: Terminal, text: string, ambiguity: Ambiguity): Promise<FlowRunOutput> {
  const kind: Kind<FlowRunOutput> = {
    noun: 'flow run',
    command: 'flow-run',
    read: (id) => ifThere(workspace.call('flow_runs.read', { params: { id } })),
    before: (cursor, limit) => workspace.call('flow_runs.filter', { body: { cursor, limit, sort: 'ID_DESC' } }),
    named: (name, limit) => workspace.call('flow_runs.filter', { body: { flow_runs: { name: { any_: [name] } }, limit, sort: 'ID_DESC' } }),
  }
  return find(kind, terminal, text, ambiguity)
}

export function findTaskRun(workspace: Workspace, terminal: Terminal, text: string): Promise<TaskRunOutput> {
  const kind: Kind<TaskRunOutput> = {
    noun: 'task run',
    command: 'task-run',
    read: (id) => ifThere(workspace.call('task_runs.read', { params: { id } })),
    before: (cursor, limit) => workspace.call('task_runs.filter', { body: { cursor, limit, sort: 'ID_DESC' } }),
    named: (name, limit) => workspace.call('task_runs.filter', { body: { task_runs: { name: { any_: [name] } }, limit, sort: 'ID_DESC' } }),
  }
  return find(kind, terminal, text, 'newest')
}

async function find<Run extends Found>(kind: Kind<Run>, terminal: Terminal, text: string, ambiguity: Ambiguity): Promise<Run> {
  if (isId(text)) {
    const run = await kind.read(text.toLowerCase())
    if (run !== undefined) return run
    throw notFound(kind, `There is no ${kind.noun} with the id ${text}.`)
  }
  const beginning = BEGINNING.test(text) ? text.toLowerCase() : undefined
  const begun = beginning === undefined ? [] : await beginningWith(kind, beginning)
  const [only, another] = begun
  if (only !== undefined && another === undefined) return only
  if (only !== undefined) throw ambiguous(kind, `Several ${kind.noun}s have an id that begins with ${text}`, begun)

  const named = await kind.named(text, SHOWN_CANDIDATES + 1)
  const [newest, older] = named
  if (newest === undefined) throw notFound(kind, `There is no ${kind.noun} called '${onOneLine(text)}'.`)
  if (older === undefined) return newest
  if (ambiguity === 'only') throw ambiguous(kind, `Several ${kind.noun}s are called '${onOneLine(text)}'`, named)
  terminal.note(terminal.style('dim', `Several ${kind.noun}s are called '${onOneLine(text)}': this is the newest, ${newest.id}.`))
  return newest
}

async function beginningWith<Run extends Found>(kind: Kind<Run>, beginning: string): Promise<readonly Run[]> {
  const digits = beginning.replaceAll('-', '')
  if (digits.length > 32) return []
  const full = digits.padEnd(32, 'f')
  const cursor = [full.slice(0, 8), full.slice(8, 12), full.slice(12, 16), full.slice(16, 20), full.slice(20)].join('-')
  const runs = await kind.before(cursor, SHOWN_CANDIDATES + 1)
  return runs.filter(({ id }) => id.replaceAll('-', '').startsWith(digits))
}

function notFound<Run>({ command }: Kind<Run>, sentence: string): Failure {
  return new Failure(`${sentence} "flowcell ${command} ls" shows those there are.`)
}

function ambiguous<Run extends Found>(kind: Kind<Run>, sentence: string, runs: readonly Run[]): Failure {
  const shown = runs
    .slice(0, SHOWN_CANDIDATES)
    .map(({ id, name, state_name }) => `  ${id}  ${onOneLine(name)}  ${state_name ?? ''}`.trimEnd())
  const more = runs.length > SHOWN_CANDIDATES ? ['  …'] : []
  return new Failure(`${sentence}. Name one by its whole id:\n${[...shown, ...more].join('\n')}`, EXIT.usage)
}

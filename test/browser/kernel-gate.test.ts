/** The gate before the workspace: what a kernel says, and what of it passes. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LinkEvents, OpenLink } from '#sdk/client/link.ts'
import type { LinkEvent } from '#sdk/client/remote-link.ts'
import { firstLineOf } from '#sdk/protocol/log-levels.ts'
import { ItemsFrame, type ItemAnswer } from '#sdk/protocol/frames.ts'
import { mintFlowRunId, mintTaskRunId } from '#sdk/protocol/mint.ts'
import { MAX_FRAME_BYTES, MAX_FRAME_ITEMS } from '#sdk/protocol/limits.ts'
import { OPERATIONS } from '#sdk/protocol/operations.ts'
import { KERNEL_ITEMS } from '../../web/kernel/kernel-items.ts'
import { LinkGate } from '../../web/kernel/link-gate.ts'
import { readKernelMessage } from '../../web/kernel/read-kernel-message.ts'
import { OPERATION_OF_ITEM } from '../../worker/operations/items.ts'
import { seeded } from '../engine/contract/virtual-clock.ts'

const NOW = 1_795_000_000_000
const NOTEBOOK = '018f0000-0000-7000-8000-000000000001'
const random = seeded(5)
const newRun = (at = NOW): string => mintFlowRunId(at * 1_000, random)
const newTask = (at = NOW): string => mintTaskRunId(at * 1_000, random)

interface Passed {
  readonly number: number
  readonly items: readonly Readonly<Record<string, unknown>>[]
}

/** A gate before a socket that does what the test says. */
class World {
  readonly passed: Passed[] = []
  readonly told: LinkEvent[] = []
  isClosed = false
  events: LinkEvents | undefined
  readonly gate: LinkGate

  constructor(open?: OpenLink) {
    const own: OpenLink = (events) => {
      this.events = events
      return {
        send: (number, items) => void this.passed.push({ number, items: JSON.parse(items) }),
        close: () => (this.isClosed = true),
      }
    }
    this.gate = new LinkGate({
      openLink: open ?? own,
      principal: { notebook: NOTEBOOK, codeOf: (cell) => (cell === 'k3f9' ? 'abc' : undefined), now: () => NOW },
      tell: (event) => this.told.push(event),
    })
  }

  #frame = 0
  say(...items: readonly unknown[]): void {
    this.gate.send(++this.#frame, JSON.stringify(items))
  }
  answer(...answers: readonly ItemAnswer[]): void {
    const { number } = this.passed.at(-1) ?? { number: 0 }
    this.events?.acked(number, answers)
  }
}

const create = (id: string, more: object = {}) => ({
  type: 'run.create',
  id,
  created: NOW * 1_000,
  flow: { name: 'f' },
  name: 'bold-lynx',
  parameters: {},
  ...more,
})
const propose = (run: string, type = 'RUNNING') => ({ type: 'run.propose', run, epoch: 1, transition_id: newRun(), state: { type } })
const log = (run: string | null, first: number, count: number) => ({
  type: 'log',
  run,
  epoch: 1,
  first,
  lines: Array.from({ length: count }, () => ({ t: 1, l: 20, m: 'x', n: 'n' })),
})
const task = (run: string | null, id: string) => ({ type: 'task', run, epoch: 1, id, from: 0, states: [] })
const STATE = { id: newRun(), type: 'PENDING', name: 'Pending', timestamp: 1, message: null, data: null, state_details: {} } as never
const CREATED: ItemAnswer = { type: 'created', epoch: 1, flow_id: newRun() as never, name: 'bold-lynx', state: STATE }
const DONE: ItemAnswer = { type: 'done' }
const verdict = (type: string): ItemAnswer => ({
  type: 'verdict',
  status: 'ACCEPT',
  run_count: 1,
  state: { ...(STATE as object), type } as never,
})

describe('the gate', () => {
  test('[KN25] passes only items whose operations are marked for kernels', () => {
    for (const [item, operation] of Object.entries(KERNEL_ITEMS)) {
      expect([item, OPERATION_OF_ITEM[item as keyof typeof OPERATION_OF_ITEM]]).toEqual([item, operation])
      expect([item, Reflect.get(OPERATIONS[operation], 'kernel')]).toEqual([item, true])
    }
    const world = new World()
    const others = Object.keys(OPERATION_OF_ITEM).filter((type) => !(type in KERNEL_ITEMS))
    world.say(...others.map((type) => ({ type, topic: 'flow_runs', notebook: NOTEBOOK })), 7, null, ['run.create'])
    expect(world.passed).toEqual([])
    const [answer] = world.told
    if (answer?.type !== 'acked') throw new Error('nothing was answered')
    expect(answer.answers).toHaveLength(others.length + 3)
    for (const one of answer.answers) expect(one).toMatchObject({ type: 'refused' })
    expect(answer.answers[0]).toEqual({
      type: 'refused',
      code: 'forbidden',
      detail: `A kernel may not say “${others[0]}”: it may create runs of its flows and report on them.`,
    })
  })

  test('[KN26] puts the labels on by itself: those of a cell only when that cell has run', () => {
    const world = new World()
    const [one, two] = [newRun(), newRun()]
    world.say(create(one, { labels: { 'flowcell.cell': 'k3f9', 'flowcell.notebook': 'another', admin: 'yes' } }))
    world.say(create(two, { labels: { 'flowcell.cell': 'other', 'flowcell.code': 'forged' } }))
    expect(world.passed.map(({ items }) => items[0]?.['labels'])).toEqual([
      { 'flowcell.notebook': NOTEBOOK, 'flowcell.cell': 'k3f9', 'flowcell.code': 'abc' },
      { 'flowcell.notebook': NOTEBOOK },
    ])
    // What passes is what the workspace reads.
    expect(ItemsFrame.safeParse({ type: 'frame', n: 1, items: world.passed[0]?.items }).success).toBe(true)
  })

  test('[KN27] lets a kernel speak of its own runs only, each item judged by itself, each answer at its place', () => {
    const world = new World()
    const [mine, foreign] = [newRun(), newRun()]
    const own = newTask()
    world.say(create(mine))
    world.answer(CREATED)
    world.say(
      propose(foreign),
      propose(mine),
      task(foreign, newTask()),
      task(mine, own),
      log(foreign, 0, 1),
      log(mine, 0, 1),
      log(null, 0, 1),
    )
    expect(world.passed.at(-1)?.items.map(({ type }) => type)).toEqual(['run.propose', 'task', 'log'])
    world.answer(verdict('RUNNING'), DONE, DONE)
    const refusal = { type: 'refused', code: 'forbidden', detail: 'A kernel may report only on runs that it has created itself.' }
    expect(world.told.at(-1)).toEqual({
      type: 'acked',
      frame: 2,
      answers: [refusal, verdict('RUNNING'), refusal, DONE, refusal, DONE, refusal],
    })
    const forbidden = (item: unknown): unknown => {
      const before = world.passed.length
      world.say(item)
      const told = world.told.at(-1)
      return [world.passed.length - before, told?.type === 'acked' ? told.answers[0] : told]
    }
    const old = newRun(NOW - 60 * 60_000)
    expect(forbidden(create(old))).toEqual([0, expect.objectContaining({ detail: 'A kernel may create only runs that are new.' })])
    expect(forbidden(create('00000000-0000-4000-8000-000000000000'))).toEqual([0, expect.objectContaining({ type: 'refused' })])
    expect(forbidden(create(newRun(), { parent_task_run_id: newTask() }))).toEqual([
      0,
      expect.objectContaining({ detail: 'A kernel may create a subflow only of a task run of its own.' }),
    ])
    world.say(create(newRun(), { parent_task_run_id: own }))
    expect(world.passed.at(-1)?.items[0]).toMatchObject({ parent_task_run_id: own })
  })

  test('[KN27] lets a kernel speak of its own runs only: another kernel of the page is another', () => {
    const first = new World()
    const shared: OpenLink = (events) => {
      first.events ??= events
      return { send: (number, items) => void first.passed.push({ number, items: JSON.parse(items) }), close: () => undefined }
    }
    const [a, b] = [new World(shared), new World(shared)]
    const run = newRun()
    a.say(create(run))
    b.say(create(run))
    b.say(propose(run))
    expect(first.passed).toHaveLength(1)
    expect(b.told).toHaveLength(2)
  })

  test('[KN28] tells a kernel what is its own: no session, no events, no stop of others', () => {
    const world = new World()
    const run = newRun()
    world.say(create(run))
    world.answer(CREATED)
    world.told.length = 0
    world.events?.welcome({ type: 'welcome', session: 'secret', role: 'owner' } as never, false)
    world.events?.down({ type: 'cancel', run: newRun() as never, epoch: 1 })
    world.events?.down({ type: 'event', topic: 'flow_runs', boot: 'b', seq: 1, patch: {} })
    world.events?.down({ type: 'cancel', run: run as never, epoch: 1 })
    world.events?.trouble({ code: 'x', detail: 'y', final: false } as never)
    expect(world.told).toEqual([
      { type: 'welcome', welcome: { type: 'welcome', session: '', role: 'owner' }, resumed: false },
      { type: 'down', frame: { type: 'cancel', run, epoch: 1 } },
    ])
  })

  test('[KN29] after its death each run that has not ended is said to have crashed, behind what it said before', () => {
    const world = new World()
    const [open, ended, unanswered] = [newRun(), newRun(), newRun()]
    world.say(create(open), create(ended))
    world.answer(CREATED, CREATED)
    world.say(log(open, firstLineOf(1), 3), propose(ended, 'COMPLETED'))
    world.answer(DONE, verdict('COMPLETED'))
    world.say(create(unanswered))
    expect(world.gate.openRuns).toBe(2)
    world.gate.died('Gone.')
    world.say(propose(open, 'COMPLETED'))
    const [, , made, ...crashes] = world.passed
    expect(made?.items[0]).toMatchObject({ type: 'run.create', id: unanswered })
    expect(crashes.map(({ items }) => items)).toEqual(
      [open, unanswered].map((run, index) => [
        {
          type: 'log',
          run,
          epoch: 1,
          first: firstLineOf(1) + (index === 0 ? 3 : 0),
          lines: [{ t: NOW * 1_000, l: 40, m: 'Crash detected! Gone.', n: 'flowcell.flow_runs' }],
        },
        {
          type: 'run.propose',
          run,
          epoch: 1,
          transition_id: expect.any(String),
          state: { type: 'CRASHED', name: 'Crashed', message: 'Gone.' },
        },
      ]),
    )
    expect(world.isClosed).toBe(false)
    for (const { number } of world.passed) world.events?.acked(number, [DONE, DONE])
    expect(world.isClosed).toBe(true)
  })

  test('[KN30] a frame that is too large, no JSON, or no list is refused as a whole; one number counts once', () => {
    const world = new World()
    const refusals: readonly string[] = [
      JSON.stringify('x'.repeat(MAX_FRAME_BYTES)),
      `["${'é'.repeat(MAX_FRAME_BYTES / 2)}"]`,
      '{',
      '{}',
      '[]',
      JSON.stringify(Array.from({ length: MAX_FRAME_ITEMS + 1 }, () => 1)),
    ]
    for (const [index, items] of refusals.entries()) world.gate.send(index + 1, items)
    expect(world.told.map((event) => (event.type === 'refused' ? [event.frame, event.failure.code] : event))).toEqual([
      [1, 'too_large'],
      [2, 'too_large'],
      [3, 'malformed_json'],
      [4, 'malformed_frame'],
      [5, 'malformed_frame'],
      [6, 'malformed_frame'],
    ])
    world.gate.send(6, JSON.stringify([create(newRun())]))
    expect(world.passed).toEqual([])
  })

  test('[KN31] no more than four frames of a kernel are on their way; the others wait in order', () => {
    const world = new World()
    const run = newRun()
    world.say(create(run))
    for (let line = 0; line < 20; line++) world.say(log(run, line, 1))
    expect(world.passed).toHaveLength(4)
    world.events?.acked(1, [CREATED])
    world.events?.acked(2, [DONE])
    expect(world.passed.map(({ items }) => items[0]?.['first'])).toEqual([undefined, 0, 1, 2, 3, 4])
  })

  test('[KN32] whatever a kernel says, nothing throws, and nothing passes that is not of its own runs', () => {
    const mine = newRun()
    const word = fc.constantFrom<unknown>(
      'run.create',
      'run.propose',
      'task',
      'log',
      'subscribe',
      'notebook.op',
      mine,
      null,
      1,
      '__proto__',
    )
    const item = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(fc.constantFrom('type', 'id', 'run', 'task', 'labels', 'lines', 'first', '__proto__'), word),
    )
    const frame = fc.record({
      type: fc.constant('send'),
      frame: fc.oneof(fc.nat(50), word),
      items: fc.oneof(
        fc.json(),
        fc.array(item).map((all) => JSON.stringify(all)),
      ),
    })
    const message = fc.oneof(
      frame.map((one) => JSON.stringify(one)),
      fc.json(),
      fc.jsonValue(),
      fc.anything(),
    )
    fc.assert(
      fc.property(fc.array(message, { maxLength: 8 }), (messages) => {
        const world = new World()
        world.say(create(mine))
        for (const data of messages) {
          const read = readKernelMessage(data)
          if (read?.type === 'send') world.gate.send(read.frame, read.items)
        }
        for (const { items } of world.passed) {
          for (const passed of items) {
            expect(Object.keys(KERNEL_ITEMS)).toContain(passed['type'])
            if (passed['type'] !== 'task') expect([passed['id'], passed['run']]).toContain(mine)
          }
        }
      }),
      { seed: 11, numRuns: 3_000 },
    )
  })
})

describe('messages of a kernel', () => {
  test.each([
    [{ type: 'ready' }, true],
    [{ type: 'began', cell: 'a', run: 1 }, true],
    [{ type: 'began', cell: 'a', run: -1 }, false],
    [{ type: 'began', cell: 'a'.repeat(300), run: 1 }, false],
    [{ type: 'outputs', cell: 'a', run: 1, clear: false, outputs: [], omitted: { outputs: 0, bytes: 0 } }, true],
    [
      {
        type: 'outputs',
        cell: 'a',
        run: 1,
        clear: false,
        outputs: [{ kind: 'stream', name: 'stdin', text: 'x' }],
        omitted: { outputs: 0, bytes: 0 },
      },
      false,
    ],
    [
      { type: 'outputs', cell: 'a', run: 1, clear: false, outputs: [{ kind: 'display', data: [] }], omitted: { outputs: 0, bytes: 0 } },
      false,
    ],
    [
      {
        type: 'outputs',
        cell: 'a',
        run: 1,
        clear: false,
        outputs: [{ kind: 'error', name: 'E', message: 'm', stack: [], places: [{ cell: 'a', line: 0, column: 1 }] }],
        omitted: { outputs: 0, bytes: 0 },
      },
      false,
    ],
    [{ type: 'ended', cell: 'a', run: 1, outcome: 'done', ms: 1.5, values: [], isSame: true }, true],
    [{ type: 'ended', cell: 'a', run: 1, outcome: 'won', ms: 1.5, values: [], isSame: true }, false],
    [{ type: 'runCell', cell: 'a' }, false],
    [{ type: 'toString' }, false],
    [{ type: '__proto__' }, false],
    [{ type: 'send', frame: 1.5, items: '[]' }, false],
    [{ type: 'files', files: [{ path: '/a', bytes: 1 }] }, true],
  ])('[KN33] are read field by field: %j', (message, isRead) => {
    expect(readKernelMessage(JSON.stringify(message))).toEqual(isRead ? message : undefined)
  })

  test('[KN33] are read field by field: only the bytes of a file come as bytes', () => {
    const bytes = Uint8Array.from([1, 2]).buffer
    expect(readKernelMessage({ request: 3, bytes })).toEqual({ type: 'answer', request: 3, value: Uint8Array.from([1, 2]) })
    expect(readKernelMessage({ type: 'ready' })).toBeUndefined()
    expect(readKernelMessage(new Map([['type', 'ready']]))).toBeUndefined()
  })
})

import { expect, test } from 'vitest'
import type { Failure } from '#sdk/client/failures.ts'
import type { Link, LinkEvents } from '#sdk/client/link.ts'
import { hearEvent, obeyOrder, RemoteLink, sayEvents, type LinkEvent, type LinkOrder } from '#sdk/client/remote-link.ts'
import type { FlowRunId } from '#sdk/protocol/ids.ts'
import { SESSION, welcome } from './fake-workspace.ts'

const FAILURE: Failure = { code: 'unreachable', detail: 'It is away.' }
const EVENTS: readonly LinkEvent[] = [
  { type: 'welcome', welcome: welcome(SESSION), resumed: false },
  { type: 'acked', frame: 1, answers: [{ type: 'done' }] },
  { type: 'refused', frame: 2, failure: FAILURE },
  { type: 'down', frame: { type: 'cancel', run: 'r' as FlowRunId, epoch: 1 } },
  { type: 'lost', failure: FAILURE },
  { type: 'trouble', failure: FAILURE },
]
const CLOSED: LinkEvent = { type: 'closed', failure: FAILURE }

/** A link over a holder that only writes down, and what its opener heard. */
function remote() {
  const posted: (LinkOrder | 'left')[] = []
  const heard: LinkEvent[] = []
  const holder = { post: (order: LinkOrder) => void posted.push(order), leave: () => void posted.push('left') }
  const link = new RemoteLink(
    holder,
    sayEvents((event) => heard.push(event)),
  )
  return { link, posted, heard }
}

test('[LV39] what a link tells goes through a message as it is, and so does what is asked of it', () => {
  const heard: LinkEvent[] = []
  const events: LinkEvents = sayEvents((event) => heard.push(structuredClone(event)))
  for (const event of [...EVENTS, CLOSED]) hearEvent(events, event)
  expect(heard).toEqual([...EVENTS, CLOSED])
  const done: unknown[] = []
  const link: Link = { send: (...given) => done.push(given), hurry: () => done.push('hurry'), close: () => done.push('close') }
  const { link: far, posted } = remote()
  far.send(1, '[]')
  far.hurry()
  far.close()
  for (const order of posted) if (order !== 'left') obeyOrder(link, order)
  expect(done).toEqual([[1, '[]'], 'hurry', 'close'])
})

test('[LV40] a link whose socket is elsewhere is over once, whoever ends it, and says nothing after that', () => {
  const ends: Readonly<Record<string, (link: RemoteLink) => void>> = {
    'its opener': (link) => link.close(),
    'the workspace': (link) => link.hear(CLOSED),
    'its holder': (link) => link.end(FAILURE),
  }
  const seen = Object.entries(ends).map(([who, end]) => {
    const { link, posted, heard } = remote()
    for (const event of EVENTS) link.hear(event)
    for (let times = 0; times < 2; times++) {
      end(link)
      link.send(1, '[]')
      link.hurry()
      link.close()
      for (const event of [...EVENTS, CLOSED]) link.hear(event)
      link.end(FAILURE)
    }
    return [who, posted, heard.slice(EVENTS.length)]
  })
  expect(seen).toEqual([
    ['its opener', [{ type: 'close' }], []],
    ['the workspace', ['left'], [CLOSED]],
    ['its holder', ['left'], [CLOSED]],
  ])
})

import { describe, expect, test } from 'vitest'
import { probe } from '#sdk/client/failures.ts'
import type { TopicChange } from '#sdk/client/topics.ts'
import { CLOSE_CODES } from '#sdk/protocol/wire.ts'
import { MAX_FRAME_BYTES, MAX_FRAME_ITEMS, MAX_UNSENT_LOG_LINES } from '#sdk/protocol/limits.ts'
import { problem } from '#sdk/protocol/errors.ts'
import { done, FINAL_CODES, OTHER_SESSION, SESSION } from './fake-workspace.ts'
import { ack, ackAll, API, errorOf, log, logLine, proposal, RUN, start, state, taskItem } from './live-harness.ts'

describe('greeting', () => {
  test('[LV1] the token goes up as a subprotocol, the greeting first', async () => {
    const { last, greet, live } = start({ labels: { a: 'b' } })
    await greet()
    expect([last().url, last().protocols]).toEqual(['ws://127.0.0.1:1/w/abc/api/live', ['flowcell', 'token.fc_t']])
    expect(last().hello).toEqual({ type: 'hello', protocol: 1, kind: 'script', name: 'test', labels: { a: 'b' } })
    expect((await live.ready()).session).toBe(SESSION)
  })

  test('[LV2] a workspace that does not answer is an error after three seconds, with its address and what to do', async () => {
    const { live, clock, sockets } = start()
    const error = errorOf(live.ready())
    for (let tries = 0; tries < 2; tries++) {
      sockets.at(-1)?.lose()
      await clock.pass(1_000)
    }
    await clock.pass(1_000)
    expect((await error).detail).toBe(
      `The workspace at ${API} does not answer. Start the local server with "flowcell server start", or set FLOWCELL_API_URL to one that runs.`,
    )
    const tries = sockets.length
    await clock.pass(60_000)
    expect(sockets.length).toBe(tries)
  })

  test.each(FINAL_CODES)('[LV3] a close that is final says what to do: %i', async (code) => {
    const { live, clock, sockets, last } = start()
    const waiting = errorOf(live.request(proposal(1)))
    last().open()
    last().lose(code, 'said so')
    const error = await waiting
    expect([error.detail.endsWith('(said so)'), error.detail.length > 40]).toEqual([true, true])
    await clock.pass(60_000)
    expect(sockets).toHaveLength(1)
    expect((await errorOf(live.request(proposal(2)))).code).toBe(error.code)
  })

  test('[LV4] every other close is followed by another try, each pause random below a bound that doubles up to ten seconds', async () => {
    const { clock, sockets, last } = start()
    clock.chance = 0.999999
    const pauses: number[] = []
    for (let tries = 0; tries < 9; tries++) {
      const before = clock.time
      last().lose(tries === 0 ? CLOSE_CODES.too_many : 1006)
      const opened = sockets.length
      while (sockets.length === opened) await clock.pass(1)
      pauses.push(clock.time - before)
    }
    expect(pauses).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000])
  })

  test('[LV5] a probe that knows a final reason ends the trying: a refused upgrade tells its client nothing', async () => {
    const { live, last, sockets, clock } = start({ probe: async () => ({ code: 'unauthenticated', detail: 'no such token' }) })
    const error = errorOf(live.ready())
    last().lose()
    expect(await error).toMatchObject({ code: 'unauthenticated', detail: 'no such token' })
    await clock.pass(60_000)
    expect(sockets).toHaveLength(1)
  })
})

test('[LV35] a workspace that greets and then fails at every frame is asked less and less often', async () => {
  const { live, clock, sockets, last, greet } = start()
  clock.chance = 0.999999
  void live.request(proposal(1)).catch(() => undefined)
  const pauses: number[] = []
  for (let tries = 0; tries < 5; tries++) {
    await greet()
    await clock.pass(2)
    const before = clock.time
    last().lose(1011, 'disk full')
    const opened = sockets.length
    while (sockets.length === opened) await clock.pass(1)
    pauses.push(clock.time - before)
  }
  await greet()
  ackAll(last())
  last().lose()
  await clock.pass(250)
  expect([pauses, sockets.length]).toEqual([[250, 500, 1_000, 2_000, 4_000], 7])
})

test('[LV36] an address or a token that no socket can be opened with ends with a sentence that names the setting', async () => {
  class Picky {
    constructor() {
      throw new SyntaxError('The URL contains a fragment')
    }
    send = () => undefined
    close = () => undefined
    addEventListener = () => undefined
  }
  const { live } = start({ socket: Picky, apiUrl: `${API}#k=secret` })
  const error = await errorOf(live.ready())
  expect([error.code, error.detail]).toEqual([
    'unusable_address',
    `No connection can be opened to ${API}#… with this token (The URL contains a fragment). FLOWCELL_API_URL should look like http://127.0.0.1:8787/w/…/api, and FLOWCELL_API_KEY is a token that begins with fc_.`,
  ])
})

test('[LV25] a greeting that fails in passing, or is asked for again, is not final', async () => {
  const { last, clock, sockets, greet } = start()
  last().open()
  last().say({ type: 'problem', n: null, code: 'overloaded', detail: 'later' })
  last().lose(CLOSE_CODES.malformed_hello)
  await clock.pass(250)
  await greet()
  last().lose(CLOSE_CODES.malformed_hello, 'Say hello again.')
  await clock.pass(250)
  expect(sockets).toHaveLength(3)
})

describe('the probe', () => {
  const asked = (status: number, body: unknown) => probe(API, 'fc_t', async () => new Response(JSON.stringify(body), { status }))

  test('[LV24] only the words of the workspace itself are a final reason', async () => {
    expect(await asked(401, problem('unauthenticated', 'no'))).toMatchObject({ code: 'unauthenticated' })
    expect(await asked(404, problem('no_such_workspace', 'no'))).toMatchObject({ code: 'no_such_workspace' })
    expect(await asked(503, problem('overloaded', 'x'))).toBeUndefined()
  })

  test('[LV37] a workspace that answers but opens no socket is not called silent, and is tried again', async () => {
    const failure = await asked(200, 'hello')
    expect(failure).toMatchObject({ code: 'no_socket', isPassing: true })
    const { live, last, sockets, clock } = start({ probe: async () => failure })
    const error = errorOf(live.ready(3_000))
    last().lose()
    await clock.pass(1_000)
    expect(sockets.length).toBeGreaterThan(1)
    await clock.pass(2_000)
    expect((await error).detail).toBe(
      `The workspace at ${API} answers, but opens no live connection: it may have as many as it can (2000), or something on the way lets no WebSocket through.`,
    )
  })

  test('[LV26] an address that is no API ends a first try with a sentence, and never a session that was greeted', async () => {
    const failure = await asked(404, 'not here')
    expect(failure).toEqual({
      code: 'no_such_route',
      detail: `${API} answers, but is no workspace's API. FLOWCELL_API_URL should look like http://127.0.0.1:8787/w/…/api.`,
      onlyAtFirst: true,
    })
    expect(await probe(API, 'fc_t', async () => new Response('<html>'))).toEqual(failure)
    const never = start({ probe: async () => failure })
    const error = errorOf(never.live.ready())
    never.last().lose()
    expect((await error).code).toBe('no_such_route')
    const once = start({ probe: async () => failure })
    await once.greet()
    once.last().lose()
    await once.clock.pass(250)
    expect(once.sockets).toHaveLength(2)
  })
})

describe('frames', () => {
  test('[LV6] what is asked for leaves at once when nothing is on its way, else together after two milliseconds', async () => {
    const { live, clock, last, greet } = start()
    await greet()
    const asked = [live.request(proposal(1)), live.request(proposal(2))]
    await clock.pass()
    asked.push(live.request(proposal(3)))
    await clock.pass(1)
    asked.push(live.request(proposal(4)))
    expect(last().frames.map(({ items }) => items.length)).toEqual([2])
    await clock.pass(1)
    expect(last().frames.map(({ n, items }) => [n, items.length])).toEqual([
      [1, 2],
      [2, 2],
    ])
    ackAll(last())
    expect(await Promise.all(asked)).toEqual([done, done, done, done])
  })

  test('[LV7] at most eight frames are unanswered, or as many as the workspace allows', async () => {
    for (const [allowed, expected] of [
      [8, 8],
      [3, 3],
      [50, 8],
    ] as const) {
      const { live, clock, last, greet } = start()
      await greet(SESSION, { frames_in_flight: allowed })
      for (let number = 0; number < 12; number++) {
        void live.request(proposal(number)).catch(() => undefined)
        await clock.pass(2)
      }
      expect(last().frames).toHaveLength(expected)
      ack(last(), 1, [done])
      await clock.pass(2)
      expect(last().frames).toHaveLength(expected + 1)
    }
  })

  test('[LV8] a frame has at most 2,000 items and 1 MiB', async () => {
    const { live, clock, last, greet } = start()
    await greet()
    for (let number = 0; number < 4_500; number++) void live.request(proposal(number)).catch(() => undefined)
    await clock.pass(2)
    expect(last().frames.map(({ items }) => items.length)).toEqual([MAX_FRAME_ITEMS, MAX_FRAME_ITEMS, 500])
    ackAll(last())
    await clock.pass()
    const big = 'ä'.repeat(16_000)
    for (let number = 0; number < 100; number++)
      void live.request({ ...proposal(number), state: { type: 'RUNNING', message: big } }).catch(() => undefined)
    await clock.pass(2)
    const sizes = last()
      .received.slice(4)
      .map((text) => Buffer.byteLength(text))
    expect([sizes.length, Math.max(...sizes) <= MAX_FRAME_BYTES, Math.max(...sizes) > MAX_FRAME_BYTES * 0.9]).toEqual([4, true, true])
  })

  test('[LV9] an item that fits no frame is refused here, and the others go on', async () => {
    const { live, clock, last, greet } = start()
    await greet()
    const answer = await live.request({ ...proposal(1), state: { type: 'RUNNING', data: 'x'.repeat(MAX_FRAME_BYTES) } })
    expect(answer).toMatchObject({ type: 'refused', code: 'too_large' })
    void live.request(proposal(2)).catch(() => undefined)
    await clock.pass()
    expect(last().frames).toHaveLength(1)
  })

  test('[LV10] a frame that the workspace cannot take is refused for each of its items; one that it fails at in passing comes again', async () => {
    const { live, clock, last, greet, sockets } = start()
    await greet()
    const asked = live.request(proposal(1))
    await clock.pass()
    last().say({ type: 'problem', n: 1, code: 'overloaded', detail: 'later' })
    await clock.pass(250)
    expect(sockets).toHaveLength(2)
    await greet()
    expect(last().frames.map(({ n }) => n)).toEqual([1])
    last().say({ type: 'problem', n: 1, code: 'malformed_frame', detail: 'no' })
    expect(await asked).toEqual({ type: 'refused', code: 'malformed_frame', detail: 'no' })
  })
})

describe('lost connections', () => {
  test('[LV11] after a lost connection the session goes on and unanswered frames come again byte for byte', async () => {
    const { live, clock, last, greet, sockets } = start()
    await greet()
    const asked = [live.request(proposal(1))]
    await clock.pass()
    asked.push(live.request(proposal(2)))
    await clock.pass(2)
    const [first] = sockets
    if (first === undefined) throw new Error('no socket')
    ack(first, 1, [done])
    const text = first.received.at(-1)
    first.lose()
    await clock.pass(250)
    expect(last().received).toEqual([])
    await greet()
    expect(last().hello?.session).toBe(SESSION)
    expect(last().received.slice(1)).toEqual([text])
    ack(last(), 2, [done])
    expect(await Promise.all(asked)).toEqual([done, done])
  })

  test('[LV12] in a new session the unanswered frames are counted from one again', async () => {
    const { live, clock, last, greet } = start()
    await greet()
    void live.request(proposal(1)).catch(() => undefined)
    await clock.pass()
    ackAll(last())
    await clock.pass()
    const asked = live.request(proposal(2))
    await clock.pass()
    expect(last().frames.map(({ n }) => n)).toEqual([1, 2])
    last().lose()
    await clock.pass(250)
    await greet(OTHER_SESSION)
    expect(last().frames.map(({ n, items }) => [n, items])).toEqual([[1, [proposal(2)]]])
    ackAll(last())
    expect(await asked).toEqual(done)
  })

  test('[LV13] after ten minutes away everything arrives once, in order, with the states of a task run in one item', async () => {
    const { live, clock, last, greet, sockets } = start()
    await greet()
    last().lose()
    live.task(taskItem(0, state(1, 'PENDING')))
    await clock.pass(300_000)
    live.task(taskItem(1, state(2)))
    live.log(log('a'))
    const asked = live.request(proposal(1, 'COMPLETED'))
    await clock.pass(300_000)
    live.log(log('b'))
    live.task(taskItem(2, state(3, 'COMPLETED')))
    expect(sockets.length).toBeGreaterThan(40)
    await greet()
    await clock.pass(2)
    expect(last().frames.map(({ n, items }) => [n, items])).toEqual([
      [
        1,
        [
          taskItem(0, state(1, 'PENDING'), state(2), state(3, 'COMPLETED')),
          { type: 'log', run: RUN, epoch: 1, first: 2 ** 32, lines: [logLine('a'), logLine('b')] },
          proposal(1, 'COMPLETED'),
        ],
      ],
    ])
    ackAll(last())
    expect(await asked).toEqual(done)
  })

  test('[LV14] an answer that comes a second time is not counted twice', async () => {
    const { live, clock, last, greet } = start()
    await greet()
    const first = live.request(proposal(1))
    await clock.pass()
    ack(last(), 1, [done])
    ack(last(), 1, [{ type: 'refused', code: 'conflict', detail: 'again' }])
    const second = live.request(proposal(2))
    await clock.pass()
    ack(last(), 2, [done])
    expect(await Promise.all([first, second])).toEqual([done, done])
  })

  test('[LV15] it pings every ten seconds, and a workspace that stays silent for two pings has its connection given up', async () => {
    const { clock, last, greet, sockets } = start()
    await greet()
    await clock.pass(10_000)
    last().say('pong')
    await clock.pass(10_000)
    expect(last().received.filter((text) => text === 'ping')).toHaveLength(2)
    await clock.pass(20_000)
    expect([sockets.length, sockets[0]?.isClosed]).toEqual([2, true])
  })
})

describe('log lines', () => {
  test('[LV16] lines wait half a second and are numbered from the first number of their epoch on', async () => {
    const { live, clock, last, greet } = start()
    await greet()
    live.log(log('a'))
    await clock.pass(400)
    live.log(log('b', 'c'))
    expect(last().frames).toEqual([])
    await clock.pass(100)
    live.log({ ...log('d'), epoch: 2 })
    live.log(log('e'))
    await clock.pass(502)
    expect(last().frames.flatMap(({ items }) => items)).toEqual([
      { type: 'log', run: RUN, epoch: 1, first: 2 ** 32, lines: [logLine('a'), logLine('b'), logLine('c')] },
      { type: 'log', run: RUN, epoch: 2, first: 2 * 2 ** 32, lines: [logLine('d')] },
      { type: 'log', run: RUN, epoch: 1, first: 2 ** 32 + 3, lines: [logLine('e')] },
    ])
  })

  test("[LV17] a quarter of a megabyte does not wait, and a run's lines leave before its last proposal", async () => {
    const { live, clock, last, greet } = start()
    await greet()
    live.log(log('x'.repeat(60_000), 'x'.repeat(60_000), 'x'.repeat(60_000), 'x'.repeat(60_000), 'x'.repeat(60_000)))
    await clock.pass(2)
    expect(last().frames.flatMap(({ items }) => items.map((item) => (item.type === 'log' ? item.lines.length : 0)))).toEqual([4])
    ackAll(last())
    await clock.pass()
    live.log(log('last words'))
    void live.request(proposal(1, 'COMPLETED')).catch(() => undefined)
    await clock.pass()
    expect(
      last()
        .frames.at(-1)
        ?.items.map(({ type }) => type),
    ).toEqual(['log', 'run.propose'])
  })

  test('[LV18] beyond the limit the oldest DEBUG and INFO lines are dropped, a line says how many, and numbers have no gap', async () => {
    const { live, clock, last, greet } = start()
    live.log({ run: RUN, epoch: 1, lines: [logLine('precious', 40)] })
    for (let index = 0; index < MAX_UNSENT_LOG_LINES + 100; index++) live.log(log(`line ${index}`))
    await greet()
    const lines: { number: number; level: number; message: string }[] = []
    for (let acked = 0; ; acked = last().frames.length) {
      await clock.pass(500)
      if (last().frames.length === acked) break
      ackAll(last(), acked + 1)
    }
    for (const { items } of last().frames) {
      for (const item of items) {
        if (item.type === 'log')
          for (const [index, line] of item.lines.entries()) lines.push({ number: item.first + index, level: line.l, message: line.m })
      }
    }
    expect(lines.length).toBeLessThanOrEqual(MAX_UNSENT_LOG_LINES + 1)
    expect(lines.map(({ number }) => number)).toEqual(lines.map((_, index) => 2 ** 32 + index))
    const kept = lines.filter(({ message }) => message.startsWith('line ')).length
    const dropped = MAX_UNSENT_LOG_LINES + 100 - kept
    expect(lines.slice(0, 3).map(({ level, message }) => [level, message])).toEqual([
      [
        30,
        `${dropped} log lines were dropped here: the workspace was away, and at most ${MAX_UNSENT_LOG_LINES} lines are kept until it is back.`,
      ],
      [40, 'precious'],
      [20, `line ${dropped}`],
    ])
  })

  test('[LV19] flush resolves when everything reported before is durable, also what was still gathering', async () => {
    const { live, clock, last, greet } = start()
    await greet()
    live.log(log('a'))
    live.task(taskItem(0, state(1)))
    let isFlushed = false
    const flushed = live.flush().then(() => (isFlushed = true))
    await clock.pass(2)
    expect([last().frames.flatMap(({ items }) => items.map(({ type }) => type)), isFlushed]).toEqual([['task', 'log'], false])
    ackAll(last())
    await flushed
    expect(isFlushed).toBe(true)
  })

  test('[LV38] what waits to be sent leaves no room for more until it has left, or until there is no connection', async () => {
    const { live, clock, last, greet } = start()
    const large = (from: number) => taskItem(from, { ...state(1), message: 'x'.repeat(64 * 1024) })
    live.task(large(0))
    expect(live.room()).toBeUndefined()
    await greet(SESSION)
    await clock.pass(2)
    expect(live.room()).toBeUndefined()
    const rooms: string[] = []
    const ask = (what: string) => live.room()?.then(() => rooms.push(what))
    for (let from = 1; from <= 8; from++) {
      live.task(large(from))
      void ask(`frame ${from}`)
      await clock.pass(2)
    }
    // Eight frames are unanswered: the last one waits.
    expect(rooms).toEqual([1, 2, 3, 4, 5, 6, 7].map((from) => `frame ${from}`))
    ack(last(), 1, [done])
    await clock.pass(2)
    expect(rooms).toHaveLength(8)
    live.task(large(9))
    void ask('a lost connection')
    last().lose()
    await clock.pass(0)
    expect([rooms.at(-1), live.room()]).toEqual(['a lost connection', undefined])
  })

  test('[LV20] what the workspace does not take of a report is told', async () => {
    const refused: unknown[] = []
    const { live, clock, last, greet } = start({ onReportRefused: (told) => refused.push(told) })
    await greet()
    live.task(taskItem(0, state(1)))
    await clock.pass(2)
    const failure = { type: 'refused', code: 'stale_lease', detail: 'gone' } as const
    ack(last(), 1, [failure])
    expect(refused).toEqual([{ run: RUN, what: 'task', failure }])
  })
})

describe('topics', () => {
  const event = (seq: number, boot = 'boot-1') => ({
    type: 'event',
    topic: 'flow_runs',
    boot,
    seq,
    patch: { deleted: [`0198c0de-0000-7000-8000-${String(seq).padStart(12, '0')}`] },
  })
  const reset = (seq: number, boot = 'boot-1') => ({ type: 'reset', topic: 'flow_runs', boot, seq, snapshot: {} })

  test('[LV21] changes arrive in order and none twice; a gap is asked for from the last one seen', async () => {
    const { live, clock, last, greet } = start()
    await greet()
    const seen: TopicChange['type'][] = []
    live.subscribe('flow_runs', ({ type }) => seen.push(type))
    await clock.pass()
    ackAll(last())
    await clock.pass()
    last().say(event(4))
    last().say(reset(5))
    last().say(event(5))
    last().say(event(6))
    last().say(event(8))
    last().say(event(9))
    await clock.pass(2)
    expect(seen).toEqual(['reset', 'event'])
    expect(last().frames.flatMap(({ items }) => items)).toEqual([
      { type: 'subscribe', topic: 'flow_runs' },
      { type: 'subscribe', topic: 'flow_runs', boot: 'boot-1', seq: 6 },
    ])
  })

  test('[LV22] a lost connection asks again from the last change seen; another boot brings the whole truth', async () => {
    const { live, clock, last, greet } = start()
    await greet()
    const seen: TopicChange['type'][] = []
    live.subscribe('flow_runs', ({ type }) => seen.push(type))
    await clock.pass()
    last().say(reset(5))
    ackAll(last())
    await clock.pass()
    last().lose()
    await clock.pass(250)
    await greet()
    await clock.pass(2)
    expect(last().frames.at(-1)?.items).toEqual([{ type: 'subscribe', topic: 'flow_runs', boot: 'boot-1', seq: 5 }])
    last().say(reset(0, 'boot-2'))
    last().say(event(1, 'boot-2'))
    expect(seen).toEqual(['reset', 'reset', 'event'])
  })

  test('[LV23] the last listener that leaves ends the subscription, and a topic that is refused says why', async () => {
    const { live, clock, last, greet } = start()
    await greet()
    const seen: TopicChange[] = []
    const stop = live.subscribe('flow_runs', (change) => seen.push(change))
    await clock.pass()
    const failure = { type: 'refused', code: 'too_many', detail: 'too many topics' } as const
    ack(last(), 1, [failure])
    await clock.pass()
    expect(seen).toEqual([{ type: 'refused', failure }])
    stop()
    await clock.pass(2)
    expect(last().frames.at(-1)?.items).toEqual([{ type: 'unsubscribe', topic: 'flow_runs' }])
  })

  test('[LV27] every listener is told when the session is over, once', async () => {
    const { live, clock, last, greet } = start()
    await greet()
    const seen: TopicChange[] = []
    live.subscribe('flow_runs', (change) => seen.push(change))
    await clock.pass()
    last().lose(CLOSE_CODES.revoked)
    await clock.pass(2)
    expect(seen).toEqual([
      { type: 'refused', failure: expect.objectContaining({ code: 'unauthenticated', detail: expect.stringContaining('revoked') }) },
    ])
    live.close()
    expect(seen).toHaveLength(1)
  })
})

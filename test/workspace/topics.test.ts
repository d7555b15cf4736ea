import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { DownFrame } from '#sdk/protocol/frames.ts'
import { Changes } from '../../worker/operations/unit.ts'
import { Topics } from '../../worker/workspace/topics.ts'
import { flowRunId } from './speakers.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2030, 0, 1) })
})
afterEach(() => {
  vi.useRealTimers()
})

test('[WS37] a topic that nobody listens to is kept for a minute for who comes back, then it costs nothing; who comes later hears the truth', () => {
  const heard: string[] = []
  const { 0: socket } = new WebSocketPair()
  let listeners: readonly WebSocket[] = [socket]
  let patches = 0
  const topics = new Topics('boot', {
    snapshot: () => ({}),
    patch: () => {
      patches += 1
      return {}
    },
    listeners: () => listeners,
    send: (_, text) => {
      const frame: DownFrame = JSON.parse(text)
      heard.push('seq' in frame ? `${frame.type} ${frame.seq}` : frame.type)
    },
  })
  const change = (): void => {
    const changes = new Changes()
    changes.flowRun(flowRunId())
    topics.note(changes)
    topics.flush()
  }
  topics.subscribe(socket, 'flow_runs', undefined, undefined)
  change()
  listeners = []
  change()
  expect([patches, heard]).toEqual([2, ['reset 1', 'event 2']])
  topics.subscribe(socket, 'flow_runs', 'boot', 2)
  vi.setSystemTime(Date.now() + 61_000)
  for (let count = 0; count < 3; count++) change()
  topics.subscribe(socket, 'flow_runs', 'boot', 3)
  expect([patches, heard]).toEqual([2, ['reset 1', 'event 2', 'event 3', 'reset 4']])
})

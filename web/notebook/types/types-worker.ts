/**
 * The types Worker: answers the editor's questions about cells. It runs no code of anybody, opens no connection and knows no page.
 *
 * 1. Questions that a person waits for come before diagnostics; between two answers it listens, so that what was dropped is never computed.
 * 2. A change of cells is taken in before any question that came after it.
 */
import library from 'types-library'
import { answerTo } from './answers.ts'
import { readLibrary } from './library.ts'
import { TypesService } from './service.ts'
import type { FromTypes, ToTypes } from './types-protocol.ts'

type Asked = Extract<ToTypes, { readonly type: 'ask' }>

const service = new TypesService(readLibrary(library))
let waiting: Asked[] = []
let isWorking = false

const say = (message: FromTypes): void => postMessage(message)

addEventListener('message', ({ data }: MessageEvent<ToTypes>) => {
  if (data.type === 'cells') service.cells.update(data.changed, data.order)
  else if (data.type === 'drop') waiting = waiting.filter(({ id }) => id !== data.id)
  else waiting.push(data)
  work()
})

/** One answer a turn. A port's message, not a timer: timers of a few levels wait for four milliseconds. */
const turn = new MessageChannel()
turn.port1.onmessage = () => {
  isWorking = false
  const at = Math.max(
    0,
    waiting.findIndex(({ method }) => method !== 'diagnostics'),
  )
  const [question] = waiting.splice(at, 1)
  if (question !== undefined) answer(question)
  work()
}

function work(): void {
  if (isWorking || waiting.length === 0) return
  isWorking = true
  turn.port2.postMessage(null)
}

function answer(question: Asked): void {
  try {
    say({ type: 'answer', id: question.id, result: answerTo(service, question) })
  } catch (error) {
    service.renew()
    say({ type: 'failed', id: question.id, message: error instanceof Error ? error.message : String(error) })
  }
}

say({ type: 'ready' })

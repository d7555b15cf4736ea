/**
 * The shape of the socket, held by its hash. When this test fails you changed what crosses the wire: raise PROTOCOL_VERSION in wire.ts and add
 * the line that the failure shows. Before the first release a line may be replaced instead.
 */
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { DownFrame, UpFrame } from '#sdk/protocol/frames.ts'
import { PROTOCOL_VERSION } from '#sdk/protocol/wire.ts'

const HISTORY: readonly { readonly version: number; readonly sha256: string; readonly what: string }[] = [
  {
    version: 1,
    sha256: 'fc71ca92985dec20cbc87792bf5d53b804ef60d8c09ff0156684995974944cb9',
    what: 'hello, frames of run.create, run.propose, task, log, notebook.op, cell.output, subscribe and unsubscribe; welcome, ack, cancel, lost, event, reset, problem',
  },
]

const sha256 = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex')

test('[PR31] the shape of frames is the recorded one of this protocol version', () => {
  const shape = [z.toJSONSchema(UpFrame, { io: 'input' }), z.toJSONSchema(DownFrame, { io: 'input' })]
  expect({ version: PROTOCOL_VERSION, sha256: sha256(shape) }).toEqual({ version: HISTORY.at(-1)?.version, sha256: HISTORY.at(-1)?.sha256 })
})

test('[PR32] the history has one line for each version', () => {
  expect(HISTORY.map(({ version }) => version)).toEqual(Array.from({ length: PROTOCOL_VERSION }, (_, index) => index + 1))
})

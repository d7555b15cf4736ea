import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { countLines, foldOutputs, withinText } from '#sdk/notebook/outputs.ts'
import type { CellOutput } from '#sdk/protocol/cell-output.ts'
import { MAX_CELL_OUTPUTS, MAX_CELL_TEXT_CHARACTERS, OUTPUT_COALESCE_MS } from '#sdk/protocol/limits.ts'
import { OutputLog } from '../../web/kernel/display/output-log.ts'
import type { FromKernel } from '../../web/kernel/messages.ts'

type Message = Extract<FromKernel, { readonly type: 'outputs' }>

const out = (text: string): CellOutput => ({ kind: 'stream', name: 'stdout', text })
const err = (text: string): CellOutput => ({ kind: 'stream', name: 'stderr', text })
const shown = (text: string, id?: string): CellOutput => ({
  kind: 'display',
  ...(id !== undefined && { id }),
  data: { 'text/plain': text },
})

function newLog() {
  const sent: Message[] = []
  const timers: (() => void)[] = []
  const waits: number[] = []
  const log = new OutputLog({
    send: (message) => void sent.push(message),
    later: (ms, work) => {
      waits.push(ms)
      timers.push(work)
    },
  })
  log.begin('a', 1)
  return { log, sent, waits, tick: () => timers.splice(0).forEach((work) => work()) }
}

describe('outputs join', () => {
  test('[OU16] prints of one stream that follow each other are one output, a display with an id takes its place', () => {
    expect(foldOutputs([out('a'), shown('1', 'x')], [err('b'), err('c'), shown('2', 'x'), out('d'), shown('3')])).toEqual({
      outputs: [out('a'), shown('2', 'x'), err('bc'), out('d'), shown('3')],
      dropped: 0,
    })
  })

  test('[OU17] beyond the cap displays are dropped and counted, prints join the newest of their stream, result and error have room', () => {
    const full = Array.from({ length: MAX_CELL_OUTPUTS }, (_, index) => (index === 0 ? out('a') : shown(String(index))))
    const result: CellOutput = { kind: 'result', data: { 'text/plain': '1' } }
    const { outputs, dropped } = foldOutputs(full, [shown('x'), out('b'), err('c'), result])
    expect([outputs.length, outputs[0], outputs.at(-1), dropped]).toEqual([MAX_CELL_OUTPUTS + 1, out('ab'), result, 2])
  })

  test('[OU18] for any prints and any order of folding: beginning and end stay, and kept and missing make the whole', () => {
    const print = fc.record({
      name: fc.constantFrom('stdout', 'stderr'),
      text: fc.string({ maxLength: 12 }).map((text) => `${text.replaceAll('\u0000', '')}\n`),
    })
    fc.assert(
      fc.property(fc.array(print, { maxLength: 40 }), fc.integer({ min: 1, max: 5 }), (prints, parts) => {
        const all = prints.map((one): CellOutput => ({ kind: 'stream', ...one }))
        let outputs: readonly CellOutput[] = []
        for (let at = 0; at < all.length; at += parts)
          outputs = withinText(foldOutputs(outputs, all.slice(at, at + parts)).outputs, 100, 20)
        const streams = outputs.flatMap((output) => (output.kind === 'stream' ? [output] : []))
        const kept = streams.reduce((sum, { text }) => sum + text.length, 0)
        const missing = streams.reduce((sum, { omitted }) => sum + (omitted?.characters ?? 0), 0)
        const total = prints.reduce((sum, { text }) => sum + text.length, 0)
        const lines = streams.reduce((sum, { text, omitted }) => sum + countLines(text) + (omitted?.lines ?? 0), 0)
        expect(kept + missing).toBe(total)
        expect(lines).toBe(prints.reduce((sum, { text }) => sum + countLines(text), 0))
        expect(kept).toBeLessThanOrEqual(Math.max(100, total > 100 ? 100 : total))
        const whole = prints.map(({ text }) => text).join('')
        expect(
          streams
            .map(({ text }) => text)
            .join('')
            .slice(0, 20),
        ).toBe(whole.slice(0, 20))
        if (total > 0 && kept > 20) expect(whole.endsWith(streams.at(-1)?.text.slice(-5) ?? '')).toBe(true)
      }),
    )
  })
})

describe('the log of outputs', () => {
  test('[OU19] what a cell shows is sent once per moment, in order, and nothing of an older run after a newer began', () => {
    const { log, sent, waits, tick } = newLog()
    log.print('a', 'stdout', 'one\n')
    log.print('a', 'stdout', 'two\n')
    log.put('a', shown('x'))
    log.print('a', 'stderr', 'three\n')
    expect([sent, waits]).toEqual([[], [OUTPUT_COALESCE_MS]])
    tick()
    expect(sent).toEqual([
      {
        type: 'outputs',
        cell: 'a',
        run: 1,
        clear: false,
        outputs: [out('one\ntwo\n'), shown('x'), err('three\n')],
        omitted: { outputs: 0, bytes: 0 },
      },
    ])
    log.print('a', 'stdout', 'late')
    log.begin('a', 2)
    tick()
    expect(sent).toHaveLength(1)
    log.clear('a')
    log.put('a', shown('y'))
    log.flush('a')
    expect(sent.at(-1)).toEqual({
      type: 'outputs',
      cell: 'a',
      run: 2,
      clear: true,
      outputs: [shown('y')],
      omitted: { outputs: 0, bytes: 0 },
    })
    tick()
    expect(sent).toHaveLength(2)
  })

  test('[OU20] a loop that prints without end holds no more than a cell may keep, and what is left out is counted', () => {
    const { log, sent, tick } = newLog()
    const line = `${'x'.repeat(99)}\n`
    const count = 100_000
    for (let i = 0; i < count; i++) log.print('a', 'stdout', line)
    tick()
    const streams = sent.flatMap(({ outputs }) => outputs).flatMap((output) => (output.kind === 'stream' ? [output] : []))
    const kept = streams.reduce((sum, { text }) => sum + text.length, 0)
    expect(kept).toBeLessThanOrEqual(MAX_CELL_TEXT_CHARACTERS)
    expect(streams.reduce((sum, { text, omitted }) => sum + countLines(text) + (omitted?.lines ?? 0), 0)).toBe(count)
  })

  test('[OU21] a display that is shown a million times is one output; a million displays are as many as a page keeps', () => {
    const { log, sent, tick } = newLog()
    for (let i = 0; i < 5_000; i++) log.put('a', shown(String(i), 'same'))
    for (let i = 0; i < 5_000; i++) log.put('a', shown(String(i)))
    tick()
    for (let i = 0; i < 10; i++) log.put('a', shown(String(i), 'same'))
    log.put('a', shown('no room'))
    log.flush()
    expect(sent.map(({ outputs, omitted }) => [outputs.length, omitted.outputs])).toEqual([
      [MAX_CELL_OUTPUTS, 4_001],
      [1, 4_002],
    ])
  })
})

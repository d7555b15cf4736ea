import { expect, test } from 'vitest'
import '../../web/kernel/shelf/plot.ts'
import { SHELF_GLOBAL } from '../../web/kernel/shelf/give.ts'
import type * as PlotModule from '@observablehq/plot'
import { CELL, mediaOf, newShown } from './fake-host.ts'

const Plot: typeof PlotModule = Reflect.get(globalThis, SHELF_GLOBAL)
const DATA = Array.from({ length: 50 }, (_, index) => ({ x: index, y: Math.sin(index / 5), c: 'abc'[index % 3] }))

function shownOf(value: unknown): Readonly<Record<string, unknown>> {
  const shown = newShown()
  shown.display.show(CELL, value, 'result')
  return mediaOf(shown)
}

test('[OU14] a chart of the shelf needs no document from its cell and is a drawing', () => {
  const { 'image/svg+xml': svg, 'text/plain': text } = shownOf(
    Plot.plot({ ariaLabel: 'Waves', marks: [Plot.dot(DATA, { x: 'x', y: 'y' })] }),
  )
  expect(svg).toMatch(/^<svg [^]*<circle[^]*<\/svg>$/)
  expect(text).toMatch(/^Waves: /)
  expect(shownOf(Plot.dot(DATA, { x: 'x', y: 'y' }).plot({ width: 300 }))['image/svg+xml']).toContain('width="300"')
})

test('[OU15] a chart with a legend is markup that holds drawings', () => {
  const { 'text/html': html } = shownOf(Plot.plot({ color: { legend: true }, marks: [Plot.dot(DATA, { x: 'x', y: 'y', fill: 'c' })] }))
  expect(html).toMatch(/^<figure[^]*<svg/)
})

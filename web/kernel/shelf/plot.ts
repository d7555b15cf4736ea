/** Observable Plot with a document of its own: a Worker has none, and charts are made as elements. */
import * as plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { give } from './give.ts'

const { document } = parseHTML('<!doctype html><html><body></body></html>')

const plotHere: typeof plot.plot = (options) => plot.plot({ document, ...options })
const legendHere: typeof plot.legend = (options) => plot.legend(Object.assign({ document }, options))

/** `Plot.dot(…).plot({ … })` draws the mark by itself. */
function plotMark(this: plot.Markish, { marks = [], ...options }: plot.PlotOptions = {}): ReturnType<typeof plot.plot> {
  return plotHere({ ...options, marks: [...marks, this] })
}
Object.defineProperty(plot.Mark.prototype, 'plot', { value: plotMark, writable: true, configurable: true })

give({ ...plot, plot: plotHere, legend: legendHere })

/** The cells of a notebook as a small graph: who uses whom. With many cells only those near the selected one. */
import { svg, html, type TemplateResult } from 'lit'
import type { CellId } from '#sdk/protocol/notebook.ts'
import { EDGE_WORDS, edgeOf } from './cell-words.ts'
import { layoutOf, nearTo, type Point } from './graph-layout.ts'
import type { NotebookModel } from './notebook-model.ts'

/** More are drawn only near the selected cell. */
const MAX_DRAWN = 40
const WIDTH = 240
const ROW = 26
const RADIUS = 6

export function cellGraph(notebook: NotebookModel, jumpTo: (cell: CellId) => void): TemplateResult {
  const graph = notebook.compile.graph.value
  const linked = [...graph.cells.keys()].filter((id) => (graph.needs.get(id)?.length ?? 0) + (graph.usedBy.get(id)?.length ?? 0) > 0)
  if (linked.length === 0) return html`<p>A cell that uses a name of another one is joined to it here.</p>`
  const { head } = notebook.selection.value
  const cells = linked.length > MAX_DRAWN ? nearTo(graph, head ?? linked[0], MAX_DRAWN) : linked
  const places = layoutOf(graph, cells, { width: WIDTH, row: ROW })
  const height = Math.max(...[...places.values()].map(({ y }) => y)) + ROW
  const edges = cells.flatMap((to) => [...new Set((graph.needs.get(to) ?? []).map(({ from }) => from))].map((from) => ({ from, to })))
  const title =
    linked.length > cells.length
      ? `${cells.length} of ${linked.length} cells, those near the selected one`
      : 'Cells and what they use of each other'
  return html`<svg class="graph" viewBox="0 0 ${WIDTH} ${height}" role="group" aria-label=${title}>
    ${edges.map(({ from, to }) => edge(places.get(from), places.get(to), head === from || head === to))}
    ${cells.map((id) => node(notebook, id, places.get(id), id === head, jumpTo))}
  </svg>`
}

function edge(from: Point | undefined, to: Point | undefined, isNear: boolean): unknown {
  if (from === undefined || to === undefined) return ''
  const bend = (to.x - from.x) / 2
  return svg`<path class=${isNear ? 'near' : ''} d="M${from.x} ${from.y} C${from.x + bend} ${from.y} ${to.x - bend} ${to.y} ${to.x} ${to.y}"></path>`
}

function node(notebook: NotebookModel, id: CellId, place: Point | undefined, isHead: boolean, jumpTo: (cell: CellId) => void): unknown {
  const model = notebook.document.cell(id)
  if (model === undefined || place === undefined) return ''
  const state = edgeOf(model.status.value, model.mark.value, model.run.value)
  const label = [notebook.nameOf(id), EDGE_WORDS[state]].filter((word) => word !== '').join(', ')
  const go = () => jumpTo(id)
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      event.stopPropagation()
      go()
    }
  }
  return svg`<g class=${isHead ? 'head' : ''} data-edge=${state} role="button" tabindex="0" aria-label=${label} @click=${go} @keydown=${press}>
    <title>${label}</title>
    <circle cx=${place.x} cy=${place.y} r=${RADIUS}></circle>
    <text x=${place.x + RADIUS + 3} y=${place.y + 3}>${shortName(notebook.nameOf(id))}</text>
  </g>`
}

const MAX_NAME = 10
const shortName = (name: string): string => {
  const bare = name.replace(/^cell /, '')
  return bare.length > MAX_NAME ? `${bare.slice(0, MAX_NAME - 1)}…` : bare
}

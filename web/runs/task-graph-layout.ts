/** Lays a graph of task runs out in layers; a script of its own, so that a large graph never stops the page. */
import { Graph, layout } from '@dagrejs/dagre'
import type { GraphQuestion, GraphAnswer } from './task-graph-nodes.ts'

const scope = globalThis as unknown as {
  onmessage: ((event: MessageEvent<GraphQuestion>) => void) | null
  postMessage(answer: GraphAnswer): void
}

scope.onmessage = ({ data: { id, nodes, edges } }) => {
  const graph = new Graph()
  graph.setGraph({ rankdir: 'LR', nodesep: 14, ranksep: 60, edgesep: 8, marginx: 16, marginy: 16 })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const { id: node, width, height } of nodes) graph.setNode(node, { width, height })
  for (const [from, to] of edges) graph.setEdge(from, to)
  layout(graph)
  const { width = 0, height = 0 } = graph.graph()
  scope.postMessage({
    id,
    width,
    height,
    places: nodes.map(({ id: node }) => {
      const { x, y } = graph.node(node)
      return [x, y] as const
    }),
  })
}

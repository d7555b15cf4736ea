/**
 * `<fc-task-graph .store>`: which task run's result went into which, in layers from left to right.
 *
 * 1. The layout is made in a Worker and again only when nodes or edges are others; states change in place.
 * 2. Above {@link MAX_GRAPH_NODES_SHOWN} task runs each task is one node with its counts.
 * 3. Arrow keys walk to the nearest node in that direction, Enter opens it; plus, minus and 0 zoom and fit.
 */
import layoutScript from 'bundle:./task-graph-layout.ts'
import { html, LitElement, nothing, svg, type PropertyValues, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { styleMap } from '../ui/style-map.ts'
import maximize from 'lucide-static/icons/maximize.svg'
import zoomIn from 'lucide-static/icons/zoom-in.svg'
import zoomOut from 'lucide-static/icons/zoom-out.svg'
import { pathTo } from '../app/router.ts'
import { startWorker } from '../app/trusted.ts'
import { icon } from '../ui/icon.ts'
import { Watch } from '../ui/signal.ts'
import { stateIcon } from '../ui/state.ts'
import { base } from '../ui/styles.ts'
import type { RunStore } from './run-store.ts'
import { fitted, neighbour, revealed, zoomed, type Look, type Places, type Point, type Size } from './task-graph-look.ts'
import { graphOf, MAX_GRAPH_NODES_SHOWN, type GraphAnswer, type GraphNode, type GraphQuestion, type TaskGraph } from './task-graph-nodes.ts'
import { NODE, taskGraphStyle } from './task-graph-style.ts'

/** Task runs that begin one after another are laid out together. */
const GATHER_MS = 150

interface Layout extends Size {
  readonly places: Places
}

export class FcTaskGraph extends LitElement {
  static override properties = { store: { attribute: false }, look: { state: true } }
  declare store: RunStore | undefined
  declare look: Look
  readonly #watch = new Watch(this, () => [this.store?.tasksVersion])
  #worker: Worker | undefined
  #graph: TaskGraph = { nodes: [], edges: [], isCollapsed: false }
  #layout: Layout | undefined
  #shape = ''
  #question = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #isTouched = false
  #focused = ''
  #drag: Point | undefined
  static override styles = [base, taskGraphStyle]

  constructor() {
    super()
    this.look = { x: 0, y: 0, scale: 1 }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#worker?.terminate()
    this.#worker = undefined
    this.#shape = ''
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('store')) {
      this.#watch.again()
      this.#layout = undefined
      this.#isTouched = false
    }
    this.#graph = graphOf(this.store?.tasks.rows ?? [])
    const shape = `${this.#graph.nodes.map(({ id }) => id).join()} ${this.#graph.edges.join()}`
    if (shape === this.#shape) return
    this.#shape = shape
    this.#timer ??= setTimeout(() => this.#ask(), this.#layout === undefined ? 0 : GATHER_MS)
  }

  #ask(): void {
    this.#timer = undefined
    this.#worker ??= this.#start()
    const { nodes, edges } = this.#graph
    const question: GraphQuestion = { id: ++this.#question, nodes: nodes.map(({ id }) => ({ id, ...NODE })), edges }
    this.#worker.postMessage(question)
  }

  #start(): Worker {
    const worker = startWorker(layoutScript, 'flowcell-task-graph')
    worker.addEventListener('message', ({ data }: MessageEvent<GraphAnswer>) => {
      if (data.id !== this.#question) return
      const { nodes } = this.#graph
      const places = new Map(data.places.flatMap((place, index) => (nodes[index] === undefined ? [] : [[nodes[index].id, place] as const])))
      this.#layout = { width: data.width, height: data.height, places }
      if (!this.#isTouched) this.#fit()
      this.requestUpdate()
    })
    return worker
  }

  protected override render(): TemplateResult {
    const { nodes, edges, isCollapsed } = this.#graph
    const layout = this.#layout
    if (nodes.length === 0) return html`<p>No task run yet: the graph shows which result went into which task run.</p>`
    if (layout === undefined) return html`<div class="view"><p role="status">Laying out the graph…</p></div>`
    const placed = nodes.filter(({ id }) => layout.places.has(id))
    const focus = placed.some(({ id }) => id === this.#focused) ? this.#focused : (placed[0]?.id ?? '')
    const { x, y, scale } = this.look
    const look = { transform: `translate(${x}px, ${y}px) scale(${scale})` }
    return html`
      ${isCollapsed ? html`<p>More than ${MAX_GRAPH_NODES_SHOWN} task runs: those of one task are one node.</p>` : nothing}
      <div class="tools">
        <button class="quiet icon-only" aria-label="Zoom out" @click=${() => this.#zoom(1 / 1.4)}>${icon(zoomOut)}</button>
        <button class="quiet icon-only" aria-label="Zoom in" @click=${() => this.#zoom(1.4)}>${icon(zoomIn)}</button>
        <button class="quiet icon-only" aria-label="Fit" @click=${() => this.#fit()}>${icon(maximize)}</button>
      </div>
      <div
        class="view"
        role="group"
        aria-label="Graph of ${nodes.length} nodes. Arrow keys walk."
        @wheel=${this.#wheeled}
        @pointerdown=${this.#grabbed}
        @pointermove=${this.#dragged}
        @pointerup=${() => (this.#drag = undefined)}
        @pointercancel=${() => (this.#drag = undefined)}
        @keydown=${this.#keyed}
      >
        <div class="canvas" style=${styleMap(look)}>
          <svg class="edges" width=${layout.width} height=${layout.height} aria-hidden="true">
            ${edges.map((edge) => edgePath(edge, layout))}
          </svg>
          ${repeat(
            placed,
            ({ id }) => id,
            (node) => this.#node(node, layout, node.id === focus),
          )}
        </div>
      </div>
    `
  }

  #node(node: GraphNode, { places }: Layout, isStop: boolean): TemplateResult {
    const [x, y] = places.get(node.id) ?? [0, 0]
    const [first] = node.rows
    const href =
      node.rows.length === 1 && first !== undefined
        ? `/runs/task-run/${first.id}`
        : `/runs/flow-run/${this.store?.id ?? ''}?view=graph&tab=tasks`
    const style = { left: `${x - NODE.width / 2}px`, top: `${y - NODE.height / 2}px` }
    return html`<a
      class="node"
      data-id=${node.id}
      data-state=${node.kind}
      href=${pathTo(href)}
      tabindex=${isStop ? 0 : -1}
      title="${node.label}: ${node.words}"
      draggable="false"
      style=${styleMap(style)}
      @focus=${() => this.#focus(node.id)}
    >
      ${stateIcon(node.kind)}<span><b>${node.label}</b><small>${node.words}</small></span>
    </a>`
  }

  get #box(): Size {
    const view = this.renderRoot.querySelector('.view')
    return { width: view?.clientWidth ?? 0, height: view?.clientHeight ?? 0 }
  }

  #focus(id: string): void {
    this.#focused = id
    const place = this.#layout?.places.get(id)
    if (place !== undefined) this.look = revealed(this.look, place, this.#box)
  }

  #fit(): void {
    const layout = this.#layout
    const box = this.#box
    if (layout === undefined || layout.width === 0 || box.width === 0) return
    this.#isTouched = false
    this.look = fitted(layout, box)
  }

  /** @param at A point of the box; its middle by default. */
  #zoom(factor: number, at?: Point): void {
    const { width, height } = this.#box
    this.look = zoomed(this.look, factor, at ?? { x: width / 2, y: height / 2 })
    this.#isTouched = true
  }

  readonly #wheeled = (event: WheelEvent): void => {
    if (!event.ctrlKey && !event.metaKey) return
    event.preventDefault()
    if (!(event.currentTarget instanceof Element)) return
    const { left, top } = event.currentTarget.getBoundingClientRect()
    this.#zoom(Math.exp(-event.deltaY / 300), { x: event.clientX - left, y: event.clientY - top })
  }

  readonly #grabbed = (event: PointerEvent): void => {
    const isOnNode = event.target instanceof Element && event.target.closest('.node') !== null
    if (event.button === 0 && !isOnNode) this.#drag = { x: event.clientX - this.look.x, y: event.clientY - this.look.y }
  }

  readonly #dragged = (event: PointerEvent): void => {
    if (this.#drag === undefined || !(event.currentTarget instanceof Element)) return
    event.currentTarget.setPointerCapture(event.pointerId)
    this.look = { ...this.look, x: event.clientX - this.#drag.x, y: event.clientY - this.#drag.y }
    this.#isTouched = true
  }

  readonly #keyed = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const walk = WALKS[event.key]
    if (walk !== undefined) this.#walk(walk)
    else if (event.key === '+' || event.key === '=') this.#zoom(1.4)
    else if (event.key === '-') this.#zoom(1 / 1.4)
    else if (event.key === '0') this.#fit()
    else return
    event.preventDefault()
  }

  #walk(direction: readonly [number, number]): void {
    const places = this.#layout?.places
    const next = places === undefined ? undefined : neighbour(places, this.#focused, direction)
    if (next === undefined) return
    this.renderRoot.querySelector<HTMLElement>(`[data-id='${CSS.escape(next)}']`)?.focus({ preventScroll: true })
  }
}

const WALKS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1],
}

function edgePath([from, to]: readonly [string, string], { places }: Layout): TemplateResult | typeof nothing {
  const [a, b] = [places.get(from), places.get(to)]
  if (a === undefined || b === undefined) return nothing
  const [x1, x2] = [a[0] + NODE.width / 2, b[0] - NODE.width / 2]
  const middle = (x1 + x2) / 2
  return svg`<path d="M${x1} ${a[1]}C${middle} ${a[1]} ${middle} ${b[1]} ${x2} ${b[1]}" />`
}

customElements.define('fc-task-graph', FcTaskGraph)

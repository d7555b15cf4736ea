/**
 * `<fc-task-graph .store>`: which task run's result went into which, in layers from left to right.
 *
 * 1. The layout is made in a Worker and again only when nodes or edges are others; states change in place.
 * 2. Above {@link MAX_GRAPH_NODES_SHOWN} task runs each task is one node with its counts.
 * 3. Arrow keys walk to the nearest node in that direction, Enter opens it; plus, minus and 0 zoom and fit.
 */
import layoutScript from 'bundle:./task-graph-layout.ts'
import { css, html, LitElement, nothing, svg, type PropertyValues, type TemplateResult } from 'lit'
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
import { graphOf, MAX_GRAPH_NODES_SHOWN, type GraphAnswer, type GraphNode, type GraphQuestion, type TaskGraph } from './task-graph-nodes.ts'

const NODE = { width: 190, height: 44 }
const MIN_SCALE = 0.1
const MAX_SCALE = 2
/** Task runs that begin one after another are laid out together. */
const GATHER_MS = 150

interface Layout {
  readonly width: number
  readonly height: number
  readonly places: ReadonlyMap<string, readonly [number, number]>
}

export class FcTaskGraph extends LitElement {
  static override properties = { store: { attribute: false }, scale: { state: true }, x: { state: true }, y: { state: true } }
  declare store: RunStore | undefined
  declare scale: number
  declare x: number
  declare y: number
  readonly #watch = new Watch(this, () => [this.store?.tasksVersion])
  #worker: Worker | undefined
  #graph: TaskGraph = { nodes: [], edges: [], isCollapsed: false }
  #layout: Layout | undefined
  #shape = ''
  #question = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #isTouched = false
  #focused = ''
  #drag: { readonly x: number; readonly y: number } | undefined
  static override styles = [
    base,
    css`
      :host {
        display: block;
        position: relative;
      }
      .view {
        position: relative;
        overflow: hidden;
        height: min(26rem, 60vh);
        cursor: grab;
        touch-action: none;
      }
      .canvas {
        position: absolute;
        top: 0;
        left: 0;
        transform-origin: 0 0;
      }
      svg.edges {
        position: absolute;
        overflow: visible;
        fill: none;
        stroke: var(--line-strong);
        stroke-width: 1.4;
      }
      .node {
        position: absolute;
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 0 8px;
        align-items: center;
        width: ${NODE.width}px;
        height: ${NODE.height}px;
        padding: 0 10px;
        border: 1px solid var(--state);
        border-left-width: 4px;
        border-radius: var(--radius-s);
        background: var(--paper);
        color: var(--ink);
        font-size: var(--text-sm);
        line-height: 1.25;
        text-decoration: none;
      }
      .node > .icon {
        color: var(--state);
      }
      .node span {
        min-width: 0;
      }
      .node b,
      .node small {
        display: block;
        overflow: hidden;
        font-weight: 550;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .tools {
        position: absolute;
        top: var(--space-2);
        right: var(--space-2);
        z-index: 1;
        display: flex;
        border: var(--hair);
        border-radius: var(--radius-s);
        background: var(--paper);
      }
      p {
        padding: var(--space-3) var(--space-4);
        color: var(--ink-2);
        font-size: var(--text-sm);
      }
    `,
  ]

  constructor() {
    super()
    this.scale = 1
    this.x = this.y = 0
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
    const look = { transform: `translate(${this.x}px, ${this.y}px) scale(${this.scale})` }
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

  #focus(id: string): void {
    this.#focused = id
    const place = this.#layout?.places.get(id)
    const view = this.renderRoot.querySelector('.view')
    if (place === undefined || view === null) return
    const [x, y] = [place[0] * this.scale + this.x, place[1] * this.scale + this.y]
    const isSeen = x > 0 && y > 0 && x < view.clientWidth && y < view.clientHeight
    if (isSeen) return
    this.x += view.clientWidth / 2 - x
    this.y += view.clientHeight / 2 - y
  }

  #fit(): void {
    const view = this.renderRoot.querySelector('.view')
    const layout = this.#layout
    if (view === null || layout === undefined || layout.width === 0) return
    this.#isTouched = false
    this.scale = Math.max(MIN_SCALE, Math.min(1, view.clientWidth / layout.width, view.clientHeight / layout.height))
    this.x = Math.max(0, (view.clientWidth - layout.width * this.scale) / 2)
    this.y = Math.max(0, (view.clientHeight - layout.height * this.scale) / 2)
  }

  #zoom(factor: number, at?: { readonly x: number; readonly y: number }): void {
    const view = this.renderRoot.querySelector('.view')
    if (view === null) return
    const { x, y } = at ?? { x: view.clientWidth / 2, y: view.clientHeight / 2 }
    const scale = Math.max(MIN_SCALE, Math.min(MAX_SCALE, this.scale * factor))
    this.x = x - ((x - this.x) * scale) / this.scale
    this.y = y - ((y - this.y) * scale) / this.scale
    this.scale = scale
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
    if (event.button === 0 && !isOnNode) this.#drag = { x: event.clientX - this.x, y: event.clientY - this.y }
  }

  readonly #dragged = (event: PointerEvent): void => {
    if (this.#drag === undefined || !(event.currentTarget instanceof Element)) return
    event.currentTarget.setPointerCapture(event.pointerId)
    this.x = event.clientX - this.#drag.x
    this.y = event.clientY - this.#drag.y
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

  /** To the nearest node that lies in that direction: what lies askew counts as farther. */
  #walk([dx, dy]: readonly [number, number]): void {
    const places = this.#layout?.places
    const from = places?.get(this.#focused)
    if (places === undefined || from === undefined) return
    let best: { readonly id: string; readonly far: number } | undefined
    for (const [id, [x, y]] of places) {
      const along = (x - from[0]) * dx + (y - from[1]) * dy
      const across = Math.abs((x - from[0]) * dy) + Math.abs((y - from[1]) * dx)
      if (id === this.#focused || along <= 0) continue
      const far = along + across * 2
      if (best === undefined || far < best.far) best = { id, far }
    }
    if (best === undefined) return
    this.renderRoot.querySelector<HTMLElement>(`[data-id='${CSS.escape(best.id)}']`)?.focus({ preventScroll: true })
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

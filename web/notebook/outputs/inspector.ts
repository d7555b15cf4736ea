/**
 * `<fc-inspector .node=${…} .context=${…} .opened=${set}>`: a value as a tree. What came along opens at once, the rest is asked of the kernel.
 *
 * What was opened stays open when the cell runs again: `opened` holds the paths and outlives the value. Keys are those of every tree: arrows,
 * Home, End, Enter.
 */
import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import chevron from 'lucide-static/icons/chevron-right.svg'
import { MAX_PREVIEW_ENTRIES } from '#sdk/protocol/limits.ts'
import type { ValueNode } from '../../kernel/media.ts'
import { icon } from '../../ui/icon.ts'
import { base } from '../../ui/styles.ts'
import type { OutputContext } from './context.ts'
import { inspectorStyle } from './inspector-style.ts'
import { outputStyle } from './output-style.ts'

/** What is known of an opened node beside what came along. */
interface Loaded {
  readonly children: readonly ValueNode[]
  readonly isLoading: boolean
  readonly trouble?: string
}

interface Row {
  readonly node: ValueNode
  readonly path: string
  readonly level: number
  readonly isOpen: boolean
  /** A row of words below an opened value; `of` its path where activating it loads more. */
  readonly beside?: { readonly words: string; readonly of?: string }
}

const STEP = '\u0000'

export class FcInspector extends LitElement {
  static override properties = {
    node: { attribute: false },
    context: { attribute: false },
    opened: { attribute: false },
    active: { state: true },
  }
  declare node: ValueNode
  declare context: OutputContext
  declare opened: Set<string>
  /** Path of the row that has the tab stop. */
  declare active: string
  static override styles = [base, outputStyle, inspectorStyle]
  readonly #loaded = new Map<string, Loaded>()

  constructor() {
    super()
    this.node = { type: 'undefined', preview: 'undefined' }
    this.opened = new Set()
    this.active = ''
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('node')) return
    this.#loaded.clear()
    this.#loadOpened()
  }

  /** What was open before, level by level as it comes. */
  #loadOpened(): void {
    for (const { node, path, isOpen } of this.#rows()) if (isOpen && !this.#loaded.has(path)) this.#load(node, path)
  }

  override render() {
    if (!isOpenable(this.node)) return html`<div class="line leaf">${valueOf(this.node)}</div>`
    const rows = this.#rows()
    const active = rows.some(({ path }) => path === this.active) ? this.active : ''
    return html`<div role="tree" aria-label="Value" @keydown=${(event: KeyboardEvent) => this.#press(event, rows, active)}>
      ${repeat(
        rows,
        ({ path }) => path,
        (row) => this.#row(row, row.path === active),
      )}
    </div>`
  }

  #row({ node, path, level, isOpen, beside }: Row, isActive: boolean): TemplateResult {
    const openable = beside === undefined && isOpenable(node)
    return html`<div
      class="line"
      role="treeitem"
      aria-level=${level + 1}
      aria-expanded=${openable ? (isOpen ? 'true' : 'false') : nothing}
      aria-selected=${isActive ? 'true' : 'false'}
      tabindex=${isActive ? '0' : '-1'}
      data-path=${path}
      data-level=${Math.min(level, MAX_INDENT)}
      @click=${() => this.#click({ node, path, level, isOpen, ...(beside !== undefined && { beside }) })}
    >
      <span class="mark ${isOpen ? 'open' : ''}">${openable ? icon(chevron) : nothing}</span>${
        beside !== undefined
          ? html`<span class=${beside.of === undefined ? 'note' : 'more'}>${beside.words}</span>`
          : html`${node.key === undefined ? nothing : html`<span class="key">${node.key}</span><span class="colon">: </span>`}${valueOf(node)}`
      }
    </div>`
  }

  /** Opened nodes one after another, as they are read. */
  #rows(): readonly Row[] {
    const rows: Row[] = []
    const add = (node: ValueNode, path: string, level: number): void => {
      const isOpen = isOpenable(node) && this.opened.has(path)
      rows.push({ node, path, level, isOpen })
      if (!isOpen || rows.length > MAX_ROWS) return
      for (const [index, child] of this.#childrenOf(node, path).entries()) add(child, `${path}${STEP}${child.key ?? index}`, level + 1)
      const beside = this.#wordsBelow(node, path)
      if (beside !== undefined) rows.push({ node, path: `${path}${STEP}${STEP}`, level: level + 1, isOpen: false, beside })
    }
    add(this.node, '', 0)
    return rows
  }

  #wordsBelow(node: ValueNode, path: string): Row['beside'] {
    const { trouble, isLoading } = this.#loaded.get(path) ?? { trouble: undefined, isLoading: false }
    if (trouble !== undefined) return { words: trouble }
    if (isLoading) return { words: 'Loading' }
    const hidden = node.type === 'getter' ? 0 : (node.size ?? 0) - this.#childrenOf(node, path).length
    if (hidden <= 0) return undefined
    return { words: `Show ${Math.min(hidden, MAX_PREVIEW_ENTRIES)} of ${hidden.toLocaleString('en')} more`, of: path }
  }

  #childrenOf(node: ValueNode, path: string): readonly ValueNode[] {
    return this.#loaded.get(path)?.children ?? node.children ?? []
  }

  #click(row: Row): void {
    this.active = row.path
    if (getSelection()?.type !== 'Range') this.#activate(row)
  }

  #activate({ node, path, beside }: Row): void {
    if (beside === undefined) {
      if (isOpenable(node)) this.#toggle(node, path)
    } else if (beside.of !== undefined) {
      this.active = beside.of
      this.#more(node, beside.of)
    }
  }

  #toggle(node: ValueNode, path: string): void {
    if (this.opened.has(path)) this.opened.delete(path)
    else {
      this.opened.add(path)
      this.#load(node, path)
    }
    this.requestUpdate()
  }

  #load(node: ValueNode, path: string): void {
    if (this.#childrenOf(node, path).length === 0) this.#more(node, path)
  }

  #more(node: ValueNode, path: string): void {
    const children = this.#childrenOf(node, path)
    if (node.handle === undefined) {
      this.#loaded.set(path, { children, isLoading: false, trouble: 'There is too much in it to open it here.' })
      return this.requestUpdate()
    }
    if (!this.context.isLive) {
      this.#loaded.set(path, {
        children,
        isLoading: false,
        trouble: this.context.closedBecause ?? 'Its kernel is gone: run the cell to open it.',
      })
      return this.requestUpdate()
    }
    const asked = this.node
    this.#loaded.set(path, { children, isLoading: true })
    this.context.expand(node.handle, children.length, MAX_PREVIEW_ENTRIES).then(
      (more) => this.#take(asked, path, { children: [...children, ...more], isLoading: false }),
      (error: unknown) =>
        this.#take(asked, path, {
          children,
          isLoading: false,
          trouble: error instanceof Error ? error.message : 'It could not be opened.',
        }),
    )
    this.requestUpdate()
  }

  #take(asked: ValueNode, path: string, loaded: Loaded): void {
    // The cell ran again meanwhile: the answer is of a value that is not shown any more.
    if (asked !== this.node) return
    this.#loaded.set(path, loaded)
    this.#loadOpened()
    this.requestUpdate()
  }

  #press(event: KeyboardEvent, rows: readonly Row[], active: string): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const at = rows.findIndex(({ path }) => path === active)
    const row = rows[at]
    if (row === undefined) return
    const parent = row.beside === undefined ? row.path.slice(0, Math.max(0, row.path.lastIndexOf(STEP))) : row.path.slice(0, -2)
    const moves: Readonly<Record<string, () => void>> = {
      ArrowDown: () => this.#focus(rows[at + 1]),
      ArrowUp: () => this.#focus(rows[at - 1]),
      Home: () => this.#focus(rows[0]),
      End: () => this.#focus(rows.at(-1)),
      ArrowRight: () => {
        if (row.beside !== undefined || !isOpenable(row.node)) return
        if (row.isOpen) this.#focus(rows[at + 1])
        else this.#toggle(row.node, row.path)
      },
      ArrowLeft: () => {
        if (row.isOpen) this.#toggle(row.node, row.path)
        else if (row.level > 0) this.#focus(rows.find(({ path }) => path === parent))
      },
      Enter: () => this.#activate(row),
      ' ': () => this.#activate(row),
    }
    const move = moves[event.key]
    if (move === undefined) return
    // Keys of the tree are none of the notebook's.
    event.preventDefault()
    event.stopPropagation()
    move()
  }

  #focus(row: Row | undefined): void {
    if (row === undefined) return
    this.active = row.path
    void this.updateComplete.then(() => {
      for (const line of this.renderRoot.querySelectorAll<HTMLElement>('[role=treeitem]'))
        if (line.dataset['path'] === row.path) line.focus()
    })
  }
}

const MAX_ROWS = 5_000
const MAX_INDENT = 12

const isOpenable = ({ size, children, handle }: ValueNode): boolean =>
  (size ?? 0) > 0 && (handle !== undefined || (children?.length ?? 0) > 0)

function valueOf({ type, preview }: ValueNode): TemplateResult {
  return html`<span class="value" data-type=${type}>${preview}</span>`
}
customElements.define('fc-inspector', FcInspector)

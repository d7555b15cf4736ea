/** Every shared element in its states, for the tests that look at them. */
import { html, render } from 'lit'
import { ROLES } from '#sdk/protocol/role-order.ts'
import { STATE_NAMES, type StateName } from '#sdk/protocol/state-types.ts'
import play from 'lucide-static/icons/play.svg'
import '../../../web/ui/bars.ts'
import type { Bar } from '../../../web/ui/bars.ts'
import '../../../web/ui/command-line.ts'
import { confirmDialog } from '../../../web/ui/dialog.ts'
import '../../../web/ui/empty.ts'
import { icon } from '../../../web/ui/icon.ts'
import '../../../web/ui/menu.ts'
import type { MenuItem } from '../../../web/ui/menu.ts'
import '../../../web/ui/page-header.ts'
import '../../../web/ui/schema-form.ts'
import type { FcSchemaForm } from '../../../web/ui/schema-form.ts'
import { stateBadge } from '../../../web/ui/state.ts'
import { base } from '../../../web/ui/styles.ts'
import '../../../web/ui/tabs.ts'
import { timeAgo } from '../../../web/ui/time.ts'
import { toast } from '../../../web/ui/toasts.ts'
import '../../../web/ui/virtual-list.ts'
import type { FcVirtualList } from '../../../web/ui/virtual-list.ts'

/** What the tests read and do. */
export interface Gallery {
  readonly said: string[]
  readonly toast: typeof toast
  readonly confirm: typeof confirmDialog
  /** The form's answer to `read()`. */
  read(): unknown
  setCount(count: number): void
}
const said: string[] = []
const opened = Date.now()

const items: readonly MenuItem[] = [
  { title: 'Run cell', icon: play, keys: 'Shift+Enter', run: () => said.push('run') },
  { title: 'Not now', isDisabled: true, run: () => said.push('never') },
  { title: 'Delete', isDanger: true, begins: true, keys: 'd d', run: () => said.push('delete') },
]
const kinds = ['completed', 'failed', 'running', 'late', 'crashed', 'cached'] as const
const bars: readonly Bar[] = Array.from({ length: 30 }, (_, index) => {
  const kind = kinds[index % kinds.length] ?? 'completed'
  return {
    id: String(index),
    size: ((index * 7) % 10) / 10 + 0.1,
    parts: [{ kind }],
    title: `run ${index} · ${kind} · ${index} s`,
    href: `#bar-${index}`,
  }
})
export const SCHEMA = {
  title: 'Parameters',
  type: 'object',
  properties: {
    message: { title: 'message', position: 0, type: 'string', description: 'Shown at the end.' },
    count: { title: 'count', position: 1, type: 'integer', default: 3 },
    ratio: { title: 'ratio', position: 2, anyOf: [{ type: 'number' }, { type: 'null' }] },
    isDry: { title: 'isDry', position: 3, type: 'boolean' },
    mode: { title: 'mode', position: 4, type: 'string', enum: ['fast', 'careful'] },
    day: { title: 'day', position: 5, type: 'string', format: 'date-time' },
    repos: { title: 'repos', position: 6, type: 'array', items: { type: 'string' }, minItems: 1 },
    retry: {
      title: 'retry',
      position: 7,
      type: 'object',
      properties: { times: { type: 'integer' }, delays: { type: 'array', items: { type: 'number' } } },
      required: ['times'],
    },
    anything: { title: 'anything', position: 8 },
  },
  required: ['message', 'isDry', 'mode', 'repos'],
  definitions: {},
} as const

const host = document.createElement('main')
const shadow = host.attachShadow({ mode: 'open' })
shadow.adoptedStyleSheets = [base.styleSheet ?? new CSSStyleSheet()]
const section = (title: string, content: unknown) =>
  html`<section class="panel" aria-label=${title}>
    <h2>${title}</h2>
    ${content}
  </section>`

function draw(count: number): void {
  render(
    html`<fc-page-header heading="Gallery"><span slot="before">Tests /</span>${stateBadge('RUNNING', 'Running')}</fc-page-header>
      ${section('States', html`<p>${Object.entries(STATE_NAMES).map(([name, type]: [string, (typeof STATE_NAMES)[StateName]]) => html`${stateBadge(type, name)} `)}</p>`)}
      ${section(
        'Buttons',
        html`<p>
            <button>Plain</button> <button class="primary">Primary</button> <button class="danger">Danger</button>
            <button class="quiet">Quiet</button> <button disabled>Disabled</button>
            <button class="icon-only" aria-label="Run">${icon(play)}</button>
          </p>
          <p>
            ${ROLES.map((role) => html`<span class="tag">${role}</span> `)}<code>code</code> <kbd>Ctrl</kbd> <a href="#x">A link</a>
            <small>small</small>
          </p>
          <p>
            <label>Field <input placeholder="Filter…" /></label> <label><input type="checkbox" checked /> Checked</label>
          </p>`,
      )}
      ${section('Menu', html`<fc-menu label="Cell" .items=${items}>Cell…</fc-menu>`)}
      ${section(
        'Tabs',
        html`<fc-tabs
          label="Parts"
          selected="logs"
          .tabs=${[
            { id: 'logs', title: 'Logs', count: 148 },
            { id: 'states', title: 'States' },
            { id: 'parameters', title: 'Parameters' },
          ]}
          @select=${({ detail }: CustomEvent<string>) => said.push(`tab ${detail}`)}
          ><button slot="tools" class="quiet">Follow</button>
          <p>The panel.</p></fc-tabs
        >`,
      )}
      ${section('Ages', html`<p>Made ${timeAgo(opened)}, ran ${timeAgo(opened, opened + 60_000)}</p>`)}
      ${section('Bars', html`<fc-bars label="Runs of the flow" .bars=${bars}></fc-bars>`)}
      ${section(
        'List',
        html`<fc-virtual-list
          class="list"
          label="Lines"
          selectable
          stick
          .count=${count}
          .rowHeight=${24}
          .row=${(index: number) => html`<span>line ${index}</span>`}
          @activate=${({ detail }: CustomEvent<number>) => said.push(`row ${detail}`)}
          @stick-change=${({ detail }: CustomEvent<boolean>) => said.push(`stick ${detail}`)}
        ></fc-virtual-list>`,
      )}
      ${section('Form', html`<fc-schema-form .schema=${SCHEMA} @submit=${({ detail }: CustomEvent) => said.push(JSON.stringify(detail))}></fc-schema-form>`)}
      ${section(
        'Empty',
        html`<fc-empty heading="No flow has run here yet">
          A flow is a function wrapped in flow(); its runs appear here.
          <fc-command-line slot="example" text="npx node examples/seeds/000-getting-started.ts"></fc-command-line>
          <button slot="action" class="primary">New notebook</button>
        </fc-empty>`,
      )}`,
    shadow,
  )
  const list = shadow.querySelector<FcVirtualList>('fc-virtual-list')
  if (list !== null) list.style.height = '200px'
}

const gallery: Gallery = {
  said,
  toast,
  confirm: confirmDialog,
  read: () => shadow.querySelector<FcSchemaForm>('fc-schema-form')?.read(),
  setCount: draw,
}
Object.assign(globalThis, { gallery })
document.body.append(host, document.createElement('fc-toasts'))
draw(100_000)

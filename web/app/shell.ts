/** `<fc-shell>`: what stands around every page: where one can go, how the connection is, and the page itself. */
import { LitElement, html, nothing, type TemplateResult } from 'lit'
import runsIcon from 'lucide-static/icons/chart-no-axes-gantt.svg'
import keyboard from 'lucide-static/icons/circle-question-mark.svg'
import more from 'lucide-static/icons/ellipsis.svg'
import book from 'lucide-static/icons/notebook-text.svg'
import search from 'lucide-static/icons/search.svg'
import code from 'lucide-static/icons/square-code.svg'
import palette from 'lucide-static/icons/sun-moon.svg'
import flow from 'lucide-static/icons/workflow.svg'
import { icon } from '../ui/icon.ts'
import '../ui/menu.ts'
import type { MenuItem } from '../ui/menu.ts'
import { Watch } from '../ui/signal.ts'
import { base } from '../ui/styles.ts'
import { isMac } from './commands.ts'
import './connection-note.ts'
import { workspace } from './current.ts'
import { flowRuns } from './flow-runs-store.ts'
import { ariaKeys, shownKeys } from './keys.ts'
import './page-outlet.ts'
import { pathTo, place } from './router.ts'
import type { Section } from './routes.ts'
import { openHelp, openPalette, registerShellCommands } from './shell-commands.ts'
import { shellStyles } from './shell-styles.ts'
import { setTheme, theme, THEMES } from './theme.ts'
import type { Connection } from './workspace.ts'

interface Destination {
  readonly section: Section
  readonly path: string
  readonly title: string
  readonly icon: string
}
const DESTINATIONS: readonly Destination[] = [
  { section: 'notebooks', path: '/notebooks', title: 'Notebooks', icon: book },
  { section: 'flows', path: '/flows', title: 'Flows', icon: flow },
  { section: 'runs', path: '/runs', title: 'Runs', icon: runsIcon },
]
const THEME_WORDS = { system: 'As the system', light: 'Light', dark: 'Dark' } as const
const CONNECTION_WORDS: Readonly<Record<Connection, readonly [string, string]>> = {
  connecting: ['Opening', 'The connection to the workspace is being opened'],
  open: ['Live', 'Connected: what runs appears here at once'],
  away: ['Away', 'The workspace does not answer; it is tried again and again'],
  over: ['Ended', 'The connection has ended'],
}
const PALETTE_KEYS = '$mod+KeyK'

export class FcShell extends LitElement {
  #stop = (): void => undefined
  static override styles = [base, shellStyles]

  constructor() {
    super()
    new Watch(this, () => [place, flowRuns, theme, workspace().role, workspace().connection])
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#stop = registerShellCommands()
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#stop()
  }

  override render(): TemplateResult {
    const { name, role } = workspace()
    return html`<nav class="rail" aria-label="Workspace">
        <button class="skip" @click=${this.#skip}>Skip to the page</button>
        <a class="mark" href=${pathTo('/')} title=${name}>
          ${logo}<span class="name">${name === '' ? 'Workspace' : name}<small>${role.value}</small></span>
        </a>
        ${DESTINATIONS.map((destination) => this.#destination(destination))}
        <span class="grow"></span>
        <button class="item wide" aria-keyshortcuts=${ariaKeys(PALETTE_KEYS, isMac) ?? nothing} @click=${openPalette}>
          ${icon(search)}Search<span class="keys">${shownKeys(PALETTE_KEYS, isMac).map((key) => html`<kbd>${key}</kbd>`)}</span>
        </button>
        <a class="item wide" href="${workspace().basePath}/api/docs">${icon(code)}API docs</a>
        <div class="tools wide">
          <fc-menu label="Theme" look="quiet icon-only" .items=${themeItems}>${icon(palette)}</fc-menu>
          <button class="quiet icon-only" aria-label="Keys" title="Keys (?)" @click=${openHelp}>${icon(keyboard)}</button>
          ${this.#connection()}
        </div>
        <fc-menu class="narrow" label="More" look="quiet" .items=${this.#moreItems}>${icon(more)}<span>More</span></fc-menu>
      </nav>
      <main id="main" tabindex="-1"><fc-page-outlet></fc-page-outlet></main>
      <fc-connection-note></fc-connection-note>`
  }

  #destination({ section, path, title, icon: markup }: Destination): TemplateResult {
    const isCurrent = place.value.route?.section === section
    const { running } = flowRuns.value
    const count =
      section === 'runs' && running > 0 ? html`<b title="${running} running"><span class="said-only">, running: </span>${running}</b>` : ''
    return html`<a class="item" href=${pathTo(path)} aria-current=${isCurrent ? 'page' : nothing}
      >${icon(markup)}<span>${title}</span>${count}</a
    >`
  }

  #connection(): TemplateResult {
    const connection = workspace().connection.value
    const [word, title] = CONNECTION_WORDS[connection]
    return html`<span class="connection" title=${title}><i class=${connection}></i>${word}</span>`
  }

  readonly #moreItems = (): readonly MenuItem[] => [
    { title: 'Search', icon: search, run: () => void openPalette() },
    { title: 'API docs', icon: code, run: () => location.assign(`${workspace().basePath}/api/docs`) },
    { title: 'Keys', icon: keyboard, run: () => void openHelp() },
    ...themeItems().map((item, index) => ({ ...item, title: `Theme: ${item.title.toLowerCase()}`, begins: index === 0 })),
  ]

  readonly #skip = (): void => {
    this.renderRoot.querySelector<HTMLElement>('main')?.focus()
  }
}
customElements.define('fc-shell', FcShell)

const themeItems = (): readonly MenuItem[] =>
  THEMES.map((known) => ({ title: THEME_WORDS[known], isChecked: theme.value === known, run: () => setTheme(known) }))

const logo = html`<svg class="logo" viewBox="0 0 24 24" aria-hidden="true">
  <path d="M3 8c4-4 6 4 10 0s6 0 8-1M3 16c4-4 6 4 10 0s6 0 8-1" />
</svg>`

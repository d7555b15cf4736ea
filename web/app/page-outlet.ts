/**
 * `<fc-page-outlet>`: shows the page that the address names, and never a dead one: a page that cannot be loaded, throws, or does not exist is
 * answered with a sentence and a way on.
 */
import { LitElement, css, html, type TemplateResult } from 'lit'
import { Signal, Watch } from '../ui/signal.ts'
import { base } from '../ui/styles.ts'
import '../ui/page-header.ts'
import type { PageElement } from './page.ts'
import { place, pathTo, setTitle } from './router.ts'
import type { Route } from './routes.ts'
import { messageOf } from '../ui/message-of.ts'

type Shown =
  | { readonly type: 'loading' }
  | { readonly type: 'page'; readonly element: PageElement }
  | { readonly type: 'missing' }
  | { readonly type: 'broken'; readonly route: Route; readonly error: unknown }

/** A page that is there at once shows no sign of loading. */
const LOADING_MS = 250

export class FcPageOutlet extends LitElement {
  readonly #shown = new Signal<Shown>({ type: 'loading' })
  #key = ''
  #isSlow = false
  static override styles = [
    base,
    css`
      :host {
        display: block;
      }
      .notice {
        max-width: 60ch;
      }
      .notice p {
        margin-bottom: var(--space-4);
      }
      .notice pre {
        margin-bottom: var(--space-4);
        white-space: pre-wrap;
      }
      .loading {
        padding: var(--space-6) 0;
        color: var(--ink-2);
      }
    `,
  ]

  constructor() {
    super()
    new Watch(this, () => [this.#shown])
    place.subscribe(() => this.#follow())
    addEventListener('unhandledrejection', ({ reason }) => this.#threw(reason))
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#follow()
  }

  override render(): unknown {
    const shown = this.#shown.value
    switch (shown.type) {
      case 'loading':
        return this.#isSlow ? html`<p class="loading" role="status">Loading the page…</p>` : ''
      case 'page':
        return shown.element
      case 'missing':
        return missing()
      case 'broken':
        return broken(shown.error, () => void this.#load(shown.route, 'again'))
    }
  }

  #follow(): void {
    const { route, params, query, path } = place.value
    if (route === undefined) {
      this.#key = ''
      this.#shown.value = { type: 'missing' }
      return
    }
    const key = `${route.tag} ${JSON.stringify(params)}`
    const shown = this.#shown.value
    if (key === this.#key && shown.type === 'page') {
      shown.element.query = query
      return
    }
    this.#key = key
    setTitle(route.title)
    void this.#load(route)
    void path
  }

  async #load(route: Route, again?: 'again'): Promise<void> {
    const key = this.#key
    const isCurrent = (): boolean => key === this.#key
    this.#isSlow = false
    const timer = setTimeout(() => {
      if (!isCurrent()) return
      this.#isSlow = true
      this.#shown.value = { type: 'loading' }
      this.requestUpdate()
    }, LOADING_MS)
    try {
      await route.load()
      if (!isCurrent()) return
      const element = document.createElement(route.tag) as PageElement // what the route's module defines
      element.params = place.value.params
      element.query = place.value.query
      this.#shown.value = { type: 'page', element }
      await this.updateComplete
      await element.updateComplete
    } catch (error) {
      // A module that failed once fails for ever in this document: only a new document asks for it again.
      if (again !== undefined && error instanceof TypeError) return location.reload()
      if (isCurrent()) this.#shown.value = { type: 'broken', route, error }
    } finally {
      clearTimeout(timer)
    }
  }

  /** An update of the page itself that threw leaves half a page: say so instead. Its parts say so by themselves or in a notice. */
  #threw(reason: unknown): void {
    const shown = this.#shown.value
    const { route } = place.value
    if (shown.type !== 'page' || route === undefined || shown.element.shadowRoot?.childElementCount !== 0) return
    this.#shown.value = { type: 'broken', route, error: reason }
  }
}

function missing(): TemplateResult {
  return html`<div class="notice">
    <fc-page-header heading="There is no such page"></fc-page-header>
    <p>This address leads nowhere in this workspace. It may be mistyped or cut off.</p>
    <a class="button primary" href=${pathTo('/')}>To the workspace</a>
  </div>`
}

function broken(error: unknown, again: () => void): TemplateResult {
  const said = messageOf(error)
  return html`<div class="notice" role="alert">
    <fc-page-header heading="This page could not be shown"></fc-page-header>
    <p>Nothing of yours is lost. The server may have been updated or be away; trying again may help.</p>
    <pre>${said}</pre>
    <button class="primary" @click=${again}>Try again</button>
  </div>`
}
customElements.define('fc-page-outlet', FcPageOutlet)

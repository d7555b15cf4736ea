/** `<fc-shell>`: what stands around every page: where one can go, how the connection is, and the page itself. */
import { LitElement, css, html, type TemplateResult } from 'lit'
import book from 'lucide-static/icons/notebook-text.svg'
import flow from 'lucide-static/icons/workflow.svg'
import runs from 'lucide-static/icons/chart-no-axes-gantt.svg'
import code from 'lucide-static/icons/square-code.svg'
import { icon } from '../ui/icon.ts'
import { Watch } from '../ui/signal.ts'
import { base } from '../ui/styles.ts'
import '../ui/toasts.ts'
import { workspace } from './current.ts'
import './page-outlet.ts'
import { pathTo, place } from './router.ts'
import type { Section } from './routes.ts'

const SECTIONS: readonly { readonly section: Section; readonly path: string; readonly title: string; readonly icon: string }[] = [
  { section: 'notebooks', path: '/notebooks', title: 'Notebooks', icon: book },
  { section: 'flows', path: '/flows', title: 'Flows', icon: flow },
  { section: 'runs', path: '/runs', title: 'Runs', icon: runs },
]

export class FcShell extends LitElement {
  static override styles = [
    base,
    css`
      .rail {
        position: fixed;
        inset: 0 auto 0 0;
        display: flex;
        flex-direction: column;
        gap: 2px;
        width: var(--rail);
        padding: var(--space-3) var(--space-2);
        border-right: var(--hair);
        background: var(--paper);
      }
      .rail a {
        display: flex;
        align-items: center;
        gap: 10px;
        padding: 6px 10px;
        border-radius: var(--radius-s);
        color: var(--ink-2);
        font-size: var(--text-sm);
        text-decoration: none;
      }
      .rail a[aria-current='page'] {
        background: var(--accent-soft);
        color: var(--accent);
        font-weight: 600;
      }
      main {
        margin-left: var(--rail);
        padding: 0 var(--space-6) var(--space-6);
      }
      main:focus {
        outline: none;
      }
    `,
  ]

  constructor() {
    super()
    new Watch(this, () => [place, workspace().connection])
  }

  override render(): TemplateResult {
    return html`<nav class="rail" aria-label="Workspace">
        ${SECTIONS.map(
          ({ section, path, title, icon: markup }) =>
            html`<a href=${pathTo(path)} aria-current=${place.value.route?.section === section ? 'page' : 'false'}
              >${icon(markup)}${title}</a
            >`,
        )}
        <a href="${workspace().basePath}/api/docs">${icon(code)}API docs</a>
      </nav>
      <main id="main" tabindex="-1"><fc-page-outlet></fc-page-outlet></main>`
  }
}
customElements.define('fc-shell', FcShell)

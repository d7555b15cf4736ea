/**
 * `<fc-page-header heading="…">`: the head of every page: where it stands (slot `before`), its h1, what belongs to it (slot `after`), what can
 * be done (slot `actions`). Names the document; takes the focus when the reader came here by a link, so that a screen reader begins here.
 */
import { LitElement, css, html, type PropertyValues } from 'lit'
import { place, setTitle } from '../app/router.ts'
import { base } from './styles.ts'

export class FcPageHeader extends LitElement {
  static override properties = { heading: {}, documentTitle: { attribute: 'document-title' } }
  declare heading: string
  /** Where the tab shall say something else than the heading. */
  declare documentTitle: string | undefined
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2) var(--space-3);
        min-height: 60px;
        padding: var(--space-2) 0;
      }
      slot[name='before'] {
        color: var(--ink-3);
        font-size: var(--text-sm);
      }
      h1 {
        min-width: 0;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2);
        margin-left: auto;
      }
    `,
  ]

  constructor() {
    super()
    this.heading = ''
  }

  override render() {
    return html`<slot name="before"></slot>
      <h1 tabindex="-1">${this.heading}</h1>
      <slot name="after"></slot>
      <div class="actions"><slot name="actions"></slot></div>`
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('heading') || changed.has('documentTitle')) setTitle(this.documentTitle ?? this.heading)
  }

  protected override firstUpdated(): void {
    if (place.value.by === 'link' || place.value.by === 'history') this.renderRoot.querySelector('h1')?.focus({ preventScroll: true })
  }
}
customElements.define('fc-page-header', FcPageHeader)

/** `<fc-start>`: where a workspace is entered: the welcome notebook while it is the only one and none was opened here, else the list. */
import { LitElement, html, type TemplateResult } from 'lit'
import { workspace } from '../app/current.ts'
import { navigate } from '../app/router.ts'
import { base } from '../ui/styles.ts'
import { hasOpened } from './opened-notebooks.ts'

export class FcStart extends LitElement {
  static override styles = [base]
  #stop: (() => void) | undefined

  override connectedCallback(): void {
    super.connectedCallback()
    if (hasOpened(workspace().id)) return navigate('/notebooks', 'replace')
    this.#stop = workspace().live.subscribe('notebooks', (change) => {
      const rows = change.type === 'reset' ? (change.snapshot.notebooks ?? []) : []
      this.#stop?.()
      const [first, ...others] = rows
      navigate(first !== undefined && others.length === 0 ? `/notebooks/notebook/${first.id}` : '/notebooks', 'replace')
    })
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#stop?.()
  }

  override render(): TemplateResult {
    return html`<p class="said-only" role="status">Opening the workspace…</p>`
  }
}
customElements.define('fc-start', FcStart)

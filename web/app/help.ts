/** `<fc-help>`: every key that works here, out of the registry (`?`). Loaded when it is first asked for. */
import { LitElement, css, html, type TemplateResult } from 'lit'
import { Signal, Watch } from '../ui/signal.ts'
import '../ui/dialog.ts'
import { base } from '../ui/styles.ts'
import { commands, isEnabled, isMac, type Command, type Context } from './commands.ts'
import { shownKeys } from './keys.ts'

const CONTEXTS: Readonly<Record<Context, string>> = {
  global: 'Everywhere',
  command: 'In command mode',
  edit: 'While editing a cell',
}
const isOpen = new Signal(false)

export class FcHelp extends LitElement {
  static override styles = [
    base,
    css`
      fc-dialog {
        --dialog-width: 52rem;
      }
      .columns {
        columns: 20rem;
        column-gap: var(--space-8);
      }
      section {
        break-inside: avoid;
        margin-bottom: var(--space-4);
      }
      h3 {
        margin-bottom: var(--space-1);
        color: var(--ink-2);
      }
      .row {
        display: flex;
        align-items: baseline;
        justify-content: space-between;
        gap: var(--space-4);
        padding: 3px 0;
        font-size: var(--text-sm);
      }
      dt {
        order: 2;
        display: inline-flex;
        gap: 2px;
      }
    `,
  ]

  constructor() {
    super()
    new Watch(this, () => [isOpen, commands])
  }

  override render() {
    const withKeys = commands.value.filter((command) => (command.keys?.length ?? 0) > 0 && isEnabled(command))
    const groups = Map.groupBy(withKeys, ({ when, group }) => `${CONTEXTS[when]} · ${group}`)
    return html`<fc-dialog heading="Keys" ?open=${isOpen.value} @close=${() => (isOpen.value = false)}>
      <div class="columns" tabindex="0" role="group" aria-label="Keys that work here">
        ${[...groups].map(([title, group]) => this.#group(title, group))}
      </div>
    </fc-dialog>`
  }

  #group(title: string, group: readonly Command[]): TemplateResult {
    return html`<section>
      <h3>${title}</h3>
      <dl>
        ${group.map(
          ({ title: what, keys }) =>
            html`<div class="row">
              <dt>
                ${(keys ?? []).slice(0, 2).map((one, index) => [index > 0 ? ' or ' : '', shownKeys(one, isMac).map((key) => html`<kbd>${key}</kbd>`)])}
              </dt>
              <dd>${what}</dd>
            </div>`,
        )}
      </dl>
    </section>`
  }

  protected override updated(): void {
    this.toggleAttribute('open', isOpen.value)
  }
}
customElements.define('fc-help', FcHelp)

export function openHelp(): void {
  if (document.querySelector('fc-help') === null) document.body.append(new FcHelp())
  isOpen.value = true
}

/** `<fc-flow-form .flow=${…} .context=${…}>`: the form of a flow that a cell defines, made of its types, with Run. */
import { LitElement, css, html, nothing, type PropertyValues } from 'lit'
import play from 'lucide-static/icons/play.svg'
import type { ParametersSchema } from '#sdk/protocol/parameters.ts'
import type { FlowOutput } from '../../kernel/media.ts'
import { icon } from '../../ui/icon.ts'
import '../../ui/schema-form.ts'
import type { FcSchemaForm } from '../../ui/schema-form.ts'
import { base } from '../../ui/styles.ts'
import type { OutputContext } from './context.ts'
import { outputStyle } from './output-style.ts'

const NO_SCHEMA: ParametersSchema = { title: 'Parameters', type: 'object', properties: {}, required: [], definitions: {} }

export class FcFlowForm extends LitElement {
  static override properties = {
    flow: { attribute: false },
    context: { attribute: false },
    isStarting: { state: true },
    trouble: { state: true },
  }
  declare flow: FlowOutput
  declare context: OutputContext
  declare isStarting: boolean
  declare trouble: string | undefined
  static override styles = [
    base,
    outputStyle,
    css`
      :host {
        padding: var(--space-2) 14px var(--space-3);
      }
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: var(--space-2);
        margin-bottom: var(--space-2);
        font-size: var(--text-sm);
      }
      header strong {
        font-size: var(--text-md);
        font-weight: 600;
      }
      fc-schema-form {
        display: block;
        max-width: 34rem;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-3);
        margin-top: var(--space-3);
      }
    `,
  ]

  #schema: ParametersSchema = NO_SCHEMA
  #schemaText: string | undefined

  constructor() {
    super()
    this.isStarting = false
    this.trouble = undefined
  }

  /** What was filled in stays as long as the parameters are the same ones. */
  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('flow')) return
    const text = JSON.stringify(this.flow.schema)
    if (text === this.#schemaText) return
    this.#schemaText = text
    this.#schema = schemaOf(this.flow.schema)
  }

  override render() {
    const { flow, context } = this
    const isClosed = !context.isLive
    return html`<section aria-label="Flow ${flow.flow}">
      <header><strong>${flow.flow}</strong><span class="quiet">flow</span></header>
      <fc-schema-form .schema=${this.#schema} @submit=${(event: CustomEvent) => void this.#run(event.detail)}></fc-schema-form>
      <div class="actions">
        <button class="primary" ?disabled=${isClosed || this.isStarting} @click=${() => this.#form?.submit()}>${icon(play)} Run</button>
        ${this.isStarting ? html`<span class="note" role="status">It runs: its card stands under the cell.</span>` : nothing}
        ${isClosed ? html`<span class="note">${context.closedBecause ?? 'Run the cell to run the flow from here.'}</span>` : nothing}
      </div>
      ${this.trouble === undefined ? nothing : html`<p class="trouble" role="alert">${this.trouble}</p>`}
    </section>`
  }

  /** To the first field, or to Run where it takes nothing. */
  override focus(): void {
    const form = this.#form
    void form?.updateComplete.then(() => {
      const field = form.renderRoot.querySelector<HTMLElement>('input, select, textarea, button')
      ;(field ?? this.renderRoot.querySelector<HTMLElement>('button.primary'))?.focus()
    })
  }

  get #form(): FcSchemaForm | null {
    return this.renderRoot.querySelector<FcSchemaForm>('fc-schema-form')
  }

  async #run(parameters: unknown): Promise<void> {
    if (!this.context.isLive || this.isStarting) return
    this.isStarting = true
    this.trouble = undefined
    try {
      await this.context.callFlow(this.flow.cell, this.flow.name, parameters)
    } catch (error) {
      this.trouble = error instanceof Error ? error.message : 'The flow could not be started.'
    } finally {
      this.isStarting = false
    }
  }
}

/** Stored outputs may hold anything: what is no object schema is a form without fields. */
function schemaOf(schema: unknown): ParametersSchema {
  return isSchema(schema) ? { ...NO_SCHEMA, ...schema } : NO_SCHEMA
}

function isSchema(schema: unknown): schema is Partial<ParametersSchema> {
  return typeof schema === 'object' && schema !== null && 'properties' in schema && typeof schema.properties === 'object'
}
customElements.define('fc-flow-form', FcFlowForm)

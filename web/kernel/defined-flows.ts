/** Which flows cells have defined, with what the compiler has read of them: a flow's form is drawn and sent by that. */
import type { Engine } from '#sdk/engine/engine.ts'
import type { BrowserHost } from '#sdk/hosts/browser.ts'
import { cellOfPlace, type CellTexts } from './cell-texts.ts'
import type { FlowOutput } from './media.ts'

type Call = (parameters: unknown) => unknown

export class DefinedFlows {
  readonly #sites = new WeakMap<object, string>()
  readonly #texts: CellTexts
  readonly flow: Engine['flow']

  constructor(engine: Engine, host: BrowserHost, texts: CellTexts) {
    this.#texts = texts
    this.flow = (fn, options) => {
      const made = engine.flow(fn, options)
      const site = host.callSite()
      if (site !== undefined) this.#sites.set(Object(made), site)
      return made
    }
  }

  outputOf(value: unknown): FlowOutput | undefined {
    const found = this.#find(value)
    if (found === undefined) return undefined
    const { flow, cell, declaration } = found
    if (declaration.constName === undefined) return undefined // nobody could call it by a name
    return { flow: flow.name, name: declaration.constName, cell, schema: declaration.schema }
  }

  /** Calls a flow with parameters by name, as its form has them. */
  callOf(value: unknown): Call | undefined {
    const found = this.#find(value)
    if (found === undefined) return undefined
    const { flow, declaration } = found
    return (parameters) => {
      const given: object = Object(parameters)
      const args = (declaration.parameters ?? []).flatMap(({ name, rest }) => {
        const argument: unknown = Reflect.get(given, name)
        return rest ? (Array.isArray(argument) ? argument : []) : [argument]
      })
      return Reflect.apply(flow.state, flow, args)
    }
  }

  #find(value: unknown) {
    if (!isFlow(value)) return undefined
    const site = this.#sites.get(value)
    const cell = site === undefined ? undefined : cellOfPlace(site)
    const read = site === undefined ? undefined : this.#texts.declarationAt(site)
    return cell === undefined || read === undefined || 'reason' in read ? undefined : { flow: value, cell, declaration: read.declaration }
  }
}

interface AnyFlow {
  readonly name: string
  readonly state: (...args: never[]) => unknown
}
const isFlow = (value: unknown): value is AnyFlow =>
  typeof value === 'function' && 'state' in value && typeof value.state === 'function' && !('submit' in value)

/** A page of the workspace, as the outlet makes it: it is given what its address says. */
import { LitElement } from 'lit'

export class PageElement extends LitElement {
  static override properties = { params: { attribute: false }, query: { attribute: false } }
  /** Of the route's pattern. */
  declare params: Readonly<Record<string, string>>
  declare query: URLSearchParams

  constructor() {
    super()
    this.params = {}
    this.query = new URLSearchParams()
  }
}

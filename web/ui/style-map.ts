/**
 * `style=${styleMap({ left: '4px' })}` as Lit's, but through the CSSOM from the first drawing on: Lit's own writes the attribute at first, which
 * `style-src 'self'` refuses.
 */
import { noChange } from 'lit'
import { Directive, directive, PartType, type ElementPart, type AttributePart, type PartInfo } from 'lit/directive.js'

export type StyleInfo = Readonly<Record<string, string | undefined>>

class StyleMapDirective extends Directive {
  #names = new Set<string>()

  constructor(part: PartInfo) {
    super(part)
    if (part.type !== PartType.ATTRIBUTE || part.name !== 'style' || (part.strings?.length ?? 0) > 2)
      throw new Error('styleMap stands alone in a style attribute.')
  }

  override render(_: StyleInfo): unknown {
    return noChange
  }

  override update(part: AttributePart | ElementPart, [info]: [StyleInfo]): unknown {
    const { element } = part
    if (!(element instanceof HTMLElement || element instanceof SVGElement)) return noChange
    const { style } = element
    for (const name of this.#names) if (info[name] === undefined) style.removeProperty(name)
    this.#names = new Set()
    for (const [name, value] of Object.entries(info)) {
      if (value === undefined) continue
      this.#names.add(name)
      if (style.getPropertyValue(name) !== value) style.setProperty(name, value)
    }
    return noChange
  }
}

/** Names as CSS writes them: `padding-left`, `--depth`. */
export const styleMap = directive(StyleMapDirective)

/** What a name is, when the pointer rests on it. */
import { hoverTooltip } from '@codemirror/view'
import type { Extension } from '@codemirror/state'
import { documentationView } from './documentation-view.ts'
import type { TypesClient } from './types-client.ts'

export function typesHover(client: TypesClient, cell: string): Extension {
  return hoverTooltip(async (view, at) => {
    if (client.state.value !== 'ready') return null
    const { doc } = view.state
    const hover = await client.ask('hover', cell, doc.toString(), { at })
    if (hover === undefined || hover === null || view.state.doc !== doc) return null
    const title = hover.cell === undefined ? undefined : client.titleOf(hover.cell)
    return { pos: hover.from, end: hover.to, above: true, create: () => ({ dom: documentationView(hover, title) }) }
  })
}

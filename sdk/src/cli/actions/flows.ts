/** What `flowcell flow …` does. */
import { MAX_PAGE } from '../../protocol/limits.ts'
import type { FlowOutput } from '../../protocol/flow.ts'
import type { FlowListOptions } from '../commands/flow.ts'
import type { Context } from '../context.ts'
import { table } from '../output/table.ts'
import { relative } from '../output/time.ts'
import { connect } from '../workspace.ts'

export async function listFlows(context: Context, { limit, name, output }: FlowListOptions): Promise<void> {
  const { terminal, nowMs } = context
  const workspace = await connect(context)
  const flows: FlowOutput[] = []
  while (flows.length < limit) {
    const size = Math.min(MAX_PAGE, limit - flows.length)
    const scope = name === undefined ? {} : { flows: { name: { like_: name } } }
    const page = await workspace.call('flows.filter', { body: { ...scope, limit: size, offset: flows.length, sort: 'CREATED_DESC' } })
    flows.push(...page)
    if (page.length < size) break
  }
  if (output === 'json') return terminal.print(JSON.stringify(flows, null, 2))
  if (flows.length === 0) return terminal.note(name === undefined ? 'There are no flows yet.' : `No flow has '${name}' in its name.`)
  await terminal.print(
    table(terminal, flows, [
      { title: 'NAME', value: (flow) => flow.name, least: 16 },
      { title: 'CREATED', value: (flow) => relative(flow.created, nowMs()) },
      { title: 'TAGS', value: (flow) => flow.tags.join(', '), least: 8 },
      { title: 'ID', value: (flow) => flow.id, spare: true },
    ]),
  )
}

/** What `flowcell version` does. */
import { ApiError } from '../../client/errors.ts'
import { VERSION } from '../../protocol/version.ts'
import type { OutputOptions } from '../commands/shared.ts'
import type { Context } from '../context.ts'
import { facts } from '../output/table.ts'
import { connect, findPlace, settingsOf } from '../workspace.ts'

export async function showVersion(context: Context, { output }: OutputOptions): Promise<void> {
  const { terminal } = context
  const place = findPlace(context)
  const server = place === undefined ? undefined : await serverVersion(context)
  const { profile } = settingsOf(context)
  const shown = { version: VERSION, node: process.versions.node, system: `${process.platform} ${process.arch}`, profile }
  if (output === 'json')
    return terminal.print(JSON.stringify({ ...shown, api_url: place?.apiUrl ?? null, server_version: server?.version ?? null }, null, 2))
  await terminal.print(
    facts(terminal, [
      ['Flowcell', shown.version],
      ['Node', shown.node],
      ['System', shown.system],
      ['Profile', shown.profile],
      ['Workspace', place === undefined ? 'none; "flowcell server start" starts one' : `${place.apiUrl} (${place.source})`],
      ['Server', server === undefined ? undefined : (server.version ?? `no version: ${server.why}`)],
    ]),
  )
}

type ServerVersion = { readonly version: string } | { readonly version: undefined; readonly why: string }

/** A workspace that does not answer is part of the answer here. */
async function serverVersion(context: Context): Promise<ServerVersion> {
  try {
    const workspace = await connect(context)
    return { version: await workspace.call('admin.version') }
  } catch (error) {
    if (error instanceof ApiError) return { version: undefined, why: error.detail }
    throw error
  }
}

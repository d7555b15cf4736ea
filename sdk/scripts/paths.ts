/** Where the repository's parts lie, for the scripts. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export const repository = fileURLToPath(new URL('../../', import.meta.url))
export const at = (...parts: readonly string[]): string => join(repository, ...parts)
export const wranglerBin = at('node_modules/wrangler/bin/wrangler.js')

/** No account and no telemetry: these commands run on machines without a network. */
export const quietWrangler = {
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  WRANGLER_SEND_METRICS: 'false',
  X_LOCAL_OBSERVABILITY: 'false',
} as const

/** Runs wrangler with this very Node; what it says is part of the error when it fails. */
export async function wrangler(...args: readonly string[]): Promise<void> {
  await promisify(execFile)(process.execPath, [wranglerBin, ...args], {
    cwd: repository,
    env: { ...process.env, ...quietWrangler, CI: '1' },
  })
}

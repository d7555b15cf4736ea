import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { root } from './support/repository.ts'

// The folder of the assets must be there, built or not: these tests ask for none.
mkdirSync(join(root, 'sdk/server/web'), { recursive: true })
// Wrangler asks for its required secrets before it looks at the bindings below.
const FLOWCELL_KEK = btoa('k'.repeat(32))
process.env['FLOWCELL_KEK'] = FLOWCELL_KEK

/** Tests that run inside workerd, on the very bindings of wrangler.toml. */
export default defineConfig({
  cacheDir: '../node_modules/.vite',
  resolve: { conditions: ['flowcell-source'] },
  plugins: [
    cloudflareTest({
      wrangler: { configPath: join(root, 'wrangler.toml') },
      miniflare: {
        bindings: { FLOWCELL_KEK, ADMIN_TOKEN: 'admin-token-of-the-tests', WORKSPACE_CREATION: 'open', FLOWCELL_LEASE_SECONDS: '1' },
      },
    }),
  ],
  test: {
    root: import.meta.dirname,
    // One workerd for all files, each of which took two seconds to start one; every workspace of a test has a name of its own.
    isolate: false,
    maxWorkers: 1,
    testTimeout: 20_000,
    include: ['{workspace,operations}/**/*.test.ts', '**/*.workerd.test.ts'],
  },
})

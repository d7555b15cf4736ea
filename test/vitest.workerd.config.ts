import { fileURLToPath } from 'node:url'
import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

/** Tests that run inside workerd, on the very bindings of wrangler.toml. */
export default defineConfig({
  cacheDir: '../node_modules/.vite',
  resolve: { conditions: ['flowcell-source'] },
  plugins: [
    cloudflareTest({
      wrangler: { configPath: fileURLToPath(new URL('../wrangler.toml', import.meta.url)) },
      miniflare: { bindings: { FLOWCELL_KEK: btoa('k'.repeat(32)), ADMIN_TOKEN: 'admin-token-of-the-tests', WORKSPACE_CREATION: 'open' } },
    }),
  ],
  test: {
    root: import.meta.dirname,
    include: ['{workspace,operations}/**/*.test.ts', '**/*.workerd.test.ts'],
  },
})

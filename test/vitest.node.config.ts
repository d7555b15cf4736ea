import { defineConfig } from 'vitest/config'

const CONDITIONS = ['flowcell-source']
const everywhere = { resolve: { conditions: CONDITIONS }, ssr: { resolve: { conditions: CONDITIONS, externalConditions: CONDITIONS } } }

/** One project per suite of test/run.ts. Suites that start processes run their files one after another: two cores are all there is. */
export default defineConfig({
  ...everywhere,
  cacheDir: '../node_modules/.vite',
  test: {
    root: import.meta.dirname,
    projects: [
      { ...everywhere, test: { name: 'unit', include: ['{house,protocol,machine,notebook,compiler,engine,client,hosts}/**/*.test.ts'] } },
      { ...everywhere, test: { name: 'storage', include: ['storage/**/*.test.ts'], exclude: ['**/*.workerd.test.ts'] } },
      {
        ...everywhere,
        test: {
          name: 'system',
          include: ['{cli,server,http}/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      { ...everywhere, test: { name: 'examples', include: ['examples/**/*.test.ts'], fileParallelism: false, testTimeout: 60_000 } },
      {
        ...everywhere,
        test: { name: 'browser', include: ['browser/**/*.test.ts'], fileParallelism: false, testTimeout: 60_000, hookTimeout: 60_000 },
      },
    ],
  },
})

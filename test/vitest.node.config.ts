import { join } from 'node:path'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'

const CONDITIONS = ['flowcell-source']
const resolution = { resolve: { conditions: CONDITIONS }, ssr: { resolve: { conditions: CONDITIONS, externalConditions: CONDITIONS } } }

type Options = NonNullable<TestProjectInlineConfiguration['test']>

/** Suites that start processes: one file after another, because two cores are all there is, and with patience. What is polled for comes when it comes. */
const PROCESSES = {
  fileParallelism: false,
  testTimeout: 60_000,
  hookTimeout: 60_000,
  expect: { poll: { timeout: 15_000 } },
} satisfies Options
/** vitest takes one core less than there are, which of two leaves one idle: 75 s of the units instead of 95. Pages wait more than they work. */
const BOTH_CORES = { maxWorkers: 2, isolate: false } satisfies Options

/** One project per suite of test/run.ts, and `slow` for `npm run test:slow`, of the tests in these rooms that run in Node; those inside workerd have a configuration of their own. */
function project(name: string, rooms: string, options: Options = {}): TestProjectInlineConfiguration {
  return { ...resolution, test: { name, include: [`${rooms}/**/*.test.ts`], exclude: ['**/*.workerd.test.ts'], ...options } }
}

export default defineConfig({
  ...resolution,
  cacheDir: '../node_modules/.vite',
  test: {
    root: import.meta.dirname,
    projects: [
      project('unit', '{house,protocol,machine,notebook,compiler,engine,client,hosts,outputs,web}', {
        ...BOTH_CORES,
        testTimeout: 30_000,
        hookTimeout: 30_000,
      }),
      project('storage', 'storage'),
      project('system', '{cli,server,http}', { ...PROCESSES, ...BOTH_CORES, fileParallelism: true }),
      project('examples', 'examples', PROCESSES),
      project('browser', 'browser', {
        ...PROCESSES,
        ...BOTH_CORES,
        fileParallelism: true,
        globalSetup: [join(import.meta.dirname, 'browser/shared-server.ts')],
      }),
      project('slow', 'slow', PROCESSES),
    ],
  },
})

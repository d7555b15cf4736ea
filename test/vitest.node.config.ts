import { join } from 'node:path'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'

const CONDITIONS = ['flowcell-source']
const resolution = { resolve: { conditions: CONDITIONS }, ssr: { resolve: { conditions: CONDITIONS, externalConditions: CONDITIONS } } }

type Options = NonNullable<TestProjectInlineConfiguration['test']>

/**
 * Two files at a time: vitest takes one core less than there are. Those of one core share a process and its modules, which else are read and compiled
 * for every file (101 s of CPU of the units instead of 67): tests keep nothing in modules, and put back what they fake.
 */
const BOTH_CORES = { maxWorkers: 2, isolate: false } satisfies Options
/** Suites that start processes and open pages: on a busy machine they take long. */
const PATIENT = { testTimeout: 60_000, hookTimeout: 60_000, expect: { poll: { timeout: 15_000 } } } satisfies Options
const ONE_BY_ONE = { ...PATIENT, fileParallelism: false } satisfies Options

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
        testTimeout: 15_000,
        hookTimeout: 30_000,
      }),
      project('storage', 'storage'),
      project('system', '{cli,server,http}', { ...PATIENT, ...BOTH_CORES }),
      project('examples', 'examples', ONE_BY_ONE),
      project('browser', 'browser', { ...PATIENT, ...BOTH_CORES, globalSetup: [join(import.meta.dirname, 'browser/shared-server.ts')] }),
      project('slow', 'slow', ONE_BY_ONE),
    ],
  },
})

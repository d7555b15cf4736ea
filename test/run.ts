/**
 * `npm test`: every suite one after another (two cores are all there is), each with its seconds and counts, and one last line
 * `N passed, N failed`. `npm test -- NAME…` runs the named suites or groups only.
 *
 * 1. A static check counts as one test. A suite that ran no test, that ended without a report or that took longer than its share
 *    counts one failure more, and so does a whole that took longer than eight minutes.
 * 2. Suites get an environment without FLOWCELL_* and a home folder of their own: nobody's settings decide a test.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { binOf, root } from './support/repository.ts'

interface Counts {
  readonly passed: number
  readonly failed: number
}

interface Suite {
  readonly name: string
  readonly group: 'static' | 'build' | 'tests'
  /** Seconds of the eight minutes ({@link ALL_SECONDS}): about 1.4 times what two quiet cores take. */
  readonly share: number
  run(environment: NodeJS.ProcessEnv): Promise<Counts>
}

const ALL_SECONDS = 480
const OUT = join(root, 'test/out')
const TSCONFIGS = [
  '.config/tsconfig.pure.json',
  'sdk/tsconfig.json',
  'worker/tsconfig.json',
  'web/tsconfig.json',
  'examples/tsconfig.json',
  'test/tsconfig.json',
  'test/tsconfig.web.json',
  'test/tsconfig.workerd.json',
]

const SUITES: readonly Suite[] = [
  check('types', 55, ...TSCONFIGS.map((config) => [binOf('tsc', 'typescript'), '-p', config])),
  check('lint', 20, [binOf('oxlint'), '--deny-warnings', '--report-unused-disable-directives']),
  check('format', 4, [binOf('oxfmt'), '--check']),
  check('dead code', 5, [binOf('knip'), '--config', '.config/knip.json', '--no-progress', '--treat-config-hints-as-errors']),
  {
    ...check(
      'build',
      25,
      ['sdk/scripts/build.ts'],
      [binOf('tsc', 'typescript'), '-p', 'sdk/tsconfig.build.json'],
      [binOf('publint'), 'sdk', '--strict'],
    ),
    group: 'build',
  },
  node('unit', 50),
  node('storage', 3),
  vitest('workerd', 52, ['-c', 'test/vitest.workerd.config.ts']),
  node('system', 88),
  node('examples', 18),
  node('browser', 160),
]

function check(name: string, share: number, ...commands: readonly (readonly string[])[]): Suite {
  const run = async (environment: NodeJS.ProcessEnv): Promise<Counts> => {
    let good = true
    for (const command of commands) {
      const { code, output } = await execute(command, environment)
      if (code !== 0) process.stdout.write(output)
      good &&= code === 0
    }
    return good ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
  }
  return { name, group: 'static', share, run }
}

function node(project: string, share: number): Suite {
  return vitest(project, share, ['-c', 'test/vitest.node.config.ts', '--project', project])
}

function vitest(name: string, share: number, args: readonly string[]): Suite {
  const run = async (environment: NodeJS.ProcessEnv): Promise<Counts> => {
    const report = join(OUT, `${name}.json`)
    rmSync(report, { force: true })
    const command = [
      binOf('vitest'),
      'run',
      ...args,
      '--reporter=json',
      `--outputFile.json=${report}`,
      '--reporter=dot',
      '--silent=passed-only',
    ]
    const { code, output } = await execute(command, environment)
    const counts = existsSync(report) ? countsOf(JSON.parse(readFileSync(report, 'utf8'))) : { passed: 0, failed: 0 }
    // A file that does not even load has no failed test in it, but the exit code knows.
    const silent = counts.failed === 0 && (code !== 0 || counts.passed === 0)
    if (silent || counts.failed > 0) process.stdout.write(output)
    if (silent && code === 0) process.stdout.write(`${name}: no test was found.\n`)
    return { passed: counts.passed, failed: counts.failed + (silent ? 1 : 0) }
  }
  return { name, group: 'tests', share, run }
}

/** A test that was skipped proves nothing: it counts as failed. */
function countsOf(report: { numPassedTests: number; numTotalTests: number }): Counts {
  return { passed: report.numPassedTests, failed: report.numTotalTests - report.numPassedTests }
}

function execute(command: readonly string[], environment: NodeJS.ProcessEnv): Promise<{ code: number | null; output: string }> {
  return new Promise((settle, fail) => {
    const child = spawn(process.execPath, command, { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (part: string) => (output += part))
    child.on('error', fail)
    child.on('close', (code) => settle({ code, output }))
  })
}

function choose(names: readonly string[]): readonly Suite[] {
  const unknown = names.filter((name) => !SUITES.some((suite) => suite.name === name || suite.group === name))
  if (unknown.length > 0) {
    const known = [...new Set(SUITES.flatMap(({ name, group }) => [name, group]))].join(', ')
    throw new Error(`There is no suite ${unknown.join(', ')}. There are: ${known}.`)
  }
  return names.length === 0 ? SUITES : SUITES.filter(({ name, group }) => names.includes(name) || names.includes(group))
}

mkdirSync(OUT, { recursive: true })
const home = mkdtempSync(join(tmpdir(), 'flowcell-home-'))
const environment: NodeJS.ProcessEnv = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('FLOWCELL_'))),
  FLOWCELL_HOME: home,
  // A server, a script or a command is a process of its own: from the second one on none compiles its sources again (0.24 s of CPU become 0.13).
  NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/node-compile'),
  CI: '1',
  NO_COLOR: '1',
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  WRANGLER_SEND_METRICS: 'false',
  X_LOCAL_OBSERVABILITY: 'false',
}
let passed = 0
let failed = 0
const start = performance.now()
try {
  for (const suite of choose(process.argv.slice(2))) {
    const began = performance.now()
    const counts = await suite.run(environment)
    const seconds = (performance.now() - began) / 1_000
    const slow = seconds > suite.share
    passed += counts.passed
    failed += counts.failed + (slow ? 1 : 0)
    const words = `${counts.passed} passed, ${counts.failed} failed${slow ? `, over its share of ${suite.share} s` : ''}`
    process.stdout.write(
      `${counts.failed > 0 || slow ? '✗' : '✓'} ${suite.name.padEnd(10)} ${seconds.toFixed(1).padStart(6)} s  ${words}\n`,
    )
  }
} finally {
  rmSync(home, { recursive: true, force: true })
}
const allSeconds = (performance.now() - start) / 1_000
if (allSeconds > ALL_SECONDS) {
  process.stdout.write(`✗ all of it took ${allSeconds.toFixed(0)} s; it may take ${ALL_SECONDS} s.\n`)
  failed += 1
}
process.stdout.write(`${passed} passed, ${failed} failed\n`)
process.exitCode = failed > 0 ? 1 : 0

/** The layer rules are only worth something if they bite: each snippet below breaks one of them, or is the nearest thing that is allowed. */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { binOf, root } from '../support/repository.ts'

interface Snippet {
  readonly file: string
  readonly source: string
  /** The rule that must be broken; none means that the snippet is allowed. */
  readonly breaks?: string
}

const IMPORTS = 'eslint(no-restricted-imports)'
const imports = (file: string, from: string, breaks?: string): Snippet => ({
  file,
  source: `import { x } from '${from}'\nexport const y = x\n`,
  ...(breaks === undefined ? {} : { breaks }),
})
const body = (file: string, source: string, breaks?: string): Snippet => ({ file, source, ...(breaks === undefined ? {} : { breaks }) })

const SNIPPETS: readonly Snippet[] = [
  imports('sdk/src/protocol/a1.ts', '../machine/x.ts', IMPORTS),
  imports('sdk/src/protocol/a2.ts', './x.ts'),
  imports('sdk/src/protocol/a3.ts', 'zod'),
  imports('sdk/src/machine/a1.ts', '../engine/x.ts', IMPORTS),
  imports('sdk/src/machine/a2.ts', '../protocol/x.ts'),
  imports('sdk/src/machine/a3.ts', 'node:fs', IMPORTS),
  imports('sdk/src/machine/deep/a4.ts', '../../hosts/x.ts', IMPORTS),
  imports('sdk/src/machine/a5.ts', '../../../worker/storage/x.ts', IMPORTS),
  imports('sdk/src/machine/a6.ts', '#sdk/protocol/x.ts', IMPORTS),
  imports('sdk/src/machine/a7.ts', '../../../examples/x.ts', IMPORTS),
  imports('sdk/src/engine/a1.ts', '../compiler/x.ts', IMPORTS),
  imports('sdk/src/engine/a2.ts', '../machine/x.ts'),
  imports('sdk/src/engine/a3.ts', '../client/x.ts', IMPORTS),
  imports('sdk/src/notebook/a1.ts', '../compiler/x.ts', IMPORTS),
  imports('sdk/src/compiler/a1.ts', '../engine/x.ts', IMPORTS),
  imports('sdk/src/compiler/a2.ts', '../notebook/x.ts'),
  imports('sdk/src/client/a1.ts', '../engine/x.ts', IMPORTS),
  imports('sdk/src/hosts/a1.ts', '../cli/x.ts', IMPORTS),
  imports('sdk/src/hosts/a2.ts', 'node:fs'),
  imports('sdk/src/agent/a1.ts', '../cli/x.ts', IMPORTS),
  imports('sdk/src/agent/a2.ts', '../hosts/x.ts'),
  imports('sdk/src/cli/a1.ts', '../agent/x.ts'),
  imports('sdk/src/cli/a2.ts', 'flowcell', IMPORTS),
  imports('sdk/local/a1.ts', '../src/protocol/x.ts', IMPORTS),
  imports('worker/storage/a1.ts', '../operations/x.ts', IMPORTS),
  imports('worker/storage/a2.ts', '#sdk/machine/x.ts'),
  imports('worker/storage/a3.ts', '#sdk/engine/x.ts', IMPORTS),
  imports('worker/storage/a4.ts', '../../sdk/src/protocol/x.ts', IMPORTS),
  imports('worker/operations/a1.ts', '../workspace/x.ts', IMPORTS),
  imports('worker/operations/a2.ts', '../storage/x.ts'),
  imports('worker/workspace/a1.ts', '../http/x.ts', IMPORTS),
  imports('worker/http/a1.ts', '../workspace/x.ts', IMPORTS),
  body('worker/http/a2.ts', "import type { X } from '../workspace/x.ts'\nexport type Y = X\n"),
  imports('worker/http/a3.ts', '../operations/x.ts', IMPORTS),
  imports('worker/http/a4.ts', '#sdk/machine/x.ts', IMPORTS),
  imports('web/app/a1.ts', '#sdk/engine/x.ts', IMPORTS),
  imports('web/app/a2.ts', '#sdk/client/x.ts'),
  imports('web/kernel/a1.ts', '#sdk/engine/x.ts'),
  imports('web/kernel/a2.ts', '#sdk/cli/x.ts', IMPORTS),
  imports('web/app/a3.ts', '../../worker/http/x.ts', IMPORTS),
  imports('examples/a1.ts', 'flowcell'),
  imports('examples/a2.ts', '#sdk/engine/x.ts', IMPORTS),
  imports('examples/a3.ts', 'hono', IMPORTS),
  imports('examples/a4.ts', 'node:http'),
  imports('examples/seeds/a5.ts', '../stub.ts'),
  imports('examples/seeds/a6.ts', '../../sdk/src/index.ts', IMPORTS),

  body('sdk/src/machine/b1.ts', 'export const now = Date.now()\n', 'eslint(no-restricted-properties)'),
  body('sdk/src/machine/b2.ts', 'export const now = new Date()\n', 'flowcell(no-ambient-time)'),
  body('sdk/src/machine/b3.ts', 'export const date = (ms: number) => new Date(ms)\n'),
  body('sdk/src/engine/b4.ts', 'export const chance = Math.random()\n', 'eslint(no-restricted-properties)'),
  body('sdk/src/hosts/b5.ts', 'export const now = () => Date.now() + Math.random()\n'),
  body('sdk/src/cli/c1.ts', 'export const f = (x: any) => x\n', 'typescript(no-explicit-any)'),
  body('sdk/src/cli/c2.ts', 'export const f = (x?: string) => x!.length\n', 'typescript(no-non-null-assertion)'),
  body('sdk/src/cli/c3.ts', 'export function f(g: () => void) {\n  try {\n    g()\n  } catch {}\n}\n', 'eslint(no-empty)'),
  body('sdk/src/cli/c4.ts', "export * from './c5.ts'\n", 'oxc(no-barrel-file)'),
  body('sdk/src/cli/c5.ts', 'export const z = 1\n'),
  body('sdk/src/cli/d1.ts', "import { b } from './d2.ts'\nexport const a = () => b\n", 'import(no-cycle)'),
  body('sdk/src/cli/d2.ts', "import { a } from './d1.ts'\nexport const b = () => a\n", 'import(no-cycle)'),
  body(
    'test/machine/e1.test.ts',
    "import { expect, test } from 'vitest'\ntest.only('x', () => expect(1).toBe(1))\n",
    'vitest(no-focused-tests)',
  ),
]

describe('layers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'flowcell-lint-'))
  const broken = new Map<string, readonly string[]>()

  beforeAll(() => {
    for (const name of ['.oxlintrc.json', '.config']) cpSync(join(root, name), join(folder, name), { recursive: true })
    for (const { file, source } of SNIPPETS) {
      mkdirSync(dirname(join(folder, file)), { recursive: true })
      writeFileSync(join(folder, file), source)
    }
    for (const { filename, code } of lint(folder)) {
      const file = relative(folder, join(folder, filename))
      broken.set(file, [...(broken.get(file) ?? []), code])
    }
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  for (const { file, source, breaks } of SNIPPETS) {
    test(`[HS1] a room imports only what the architecture allows, the pure ones read no clock: ${file}: ${source.split('\n')[0]} ${breaks === undefined ? 'is allowed' : `breaks ${breaks}`}`, () => {
      expect(broken.get(file) ?? []).toEqual(breaks === undefined ? [] : [breaks])
    })
  }
})

function lint(folder: string): readonly { filename: string; code: string }[] {
  const run = () =>
    execFileSync(process.execPath, [binOf('oxlint'), '--format', 'json', '-A', 'unicorn/no-empty-file'], {
      cwd: folder,
      encoding: 'utf8',
      // It looks for its helper from where it stands, and in the PATH of npm.
      env: { ...process.env, OXLINT_TSGOLINT_PATH: join(root, 'node_modules/.bin/tsgolint') },
    })
  try {
    return JSON.parse(run()).diagnostics
  } catch (error) {
    // Findings are exit code 1: that is what is asked for here.
    if (error instanceof Error && 'stdout' in error && typeof error.stdout === 'string') return JSON.parse(error.stdout).diagnostics
    throw error
  }
}

import { execFileSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { root } from '../support/repository.ts'
import { readDeclarations, type FlowDeclaration } from '#sdk/compiler/declarations.ts'

function declared(source: string, filename?: string): readonly FlowDeclaration[] {
  const read = readDeclarations(source, filename === undefined ? {} : { filename })
  if (!read.ok) throw new Error(read.error.message)
  return read.declarations
}
const only = (source: string): FlowDeclaration => {
  const [first, ...more] = declared(source)
  if (first === undefined || more.length > 0) throw new Error('expected exactly one declaration')
  return first
}
const names = (source: string) => declared(source).map(({ kind, constName, functionName }) => ({ kind, constName, functionName }))

describe('positions', () => {
  const folder = mkdtempSync(join(tmpdir(), 'flowcell-positions-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  const HEAD = `function flow(fn: unknown, options?: unknown): any { at.push(new Error().stack!.split('\\n')[2]!.replace(/^.*\\.[mc]?ts:(\\d+:\\d+)\\)?$/, '$1')); return fn }
const at: string[] = [], x = { flow, task: flow, y: { task: flow } }, task = flow;
`
  const FOOT = `\nprocess.stdout.write(JSON.stringify(at))\n`
  const SOURCES: readonly [string, string][] = [
    ['a bare call', `flow(() => 1)`],
    ['an exported constant', `export const a = flow(async function a(n: number) { return n })`],
    ['several lines', `const b = flow(\n  async (z: string) => z,\n  { name: 'x' },\n)`],
    ['a member', `const c = x.flow(() => 1); const d = x.y.task(() => 2)`],
    ['a member on the next line', `const e = x\n  .y\n  .task(() => 1)`],
    ['optional calls', `const f = x?.flow(() => 1); const g = flow?.(() => 1); const h = x?.task?.(() => 1)`],
    ['parentheses', `const f = (flow)(() => 1); const g = (x.flow)(() => 1); const h = ( flow ) /* ) ( */ (() => 1)`],
    ['a computed member', `const f = x['flow'](() => 1)`],
    [
      'type arguments and casts',
      `const f = flow<any>(() => 1); const g = flow!(() => 1); const h = x!.y!.task!(() => 1); const i = (flow as any)(() => 1)`,
    ],
    ['comments', `const f = flow /* c */ (() => 1); const g = flow // c\n (() => 4)`],
    ['inside functions', `await (async () => { const r = await flow(() => 1); return [1].map(() => task(() => 3)) })()`],
    ['class fields', `class K { static s = flow(() => 1); static t = x.flow(() => 1) }`],
    ['wide characters and tabs', `const ö = '𝒳🙂'; const o = flow(() => 1);\tconst p = flow(() => 2)`],
    ['wide characters in types', `const t: 'ö𝒳' = 'ö𝒳'; const f = flow((u: { ä?: 1 }) => u); const g = flow(() => 1)`],
    ['odd line ends', 'const s = `\u2028`; const f = flow(() => 1)\r\nconst g = flow(() => 1)\rconst h = flow(() => 1)'],
  ]
  test.each(SOURCES)('[CS1] a call is found where V8 says that it stands: %s', (_name, body) => {
    const source = HEAD + body + FOOT
    const file = join(folder, 'case.mts')
    writeFileSync(file, source)
    const measured: unknown = JSON.parse(
      execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', file], { encoding: 'utf8' }),
    )
    const read = declared(source).map(({ line, column }) => `${line}:${column}`)
    expect(Array.isArray(measured) && measured.length > 0).toBe(true)
    expect(read).toEqual(measured)
  })

  test('[CS1] a byte order mark is not counted', () => {
    const file = join(folder, 'mark.ts')
    writeFileSync(
      file,
      `\uFEFFflow(() => 1); function flow(fn: unknown) { process.stdout.write(new Error().stack!.split('\\n')[2]!.replace(/^.*ts:(\\d+:\\d+).*$/, '$1')) }`,
    )
    const measured = execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', file], { encoding: 'utf8' })
    const { line, column } = only(readFileSync(file, 'utf8'))
    expect(`${line}:${column}`).toBe(measured)
  })
})

describe('what is found', () => {
  test('[CS2] functions written in the call, and functions of the same document by name', () => {
    const source = `
      import { flow, task as step } from 'flowcell'
      async function declared(a: string) {}
      const arrow = (b: number) => b
      const again = arrow
      export const one = flow(declared)
      export const two = flow(arrow, {})
      const three = step(again)
      flow(async () => {})
      task(function* made() {})
      lib.flow(async function* stream() {})
      export default flow((function inner() {}) as never)`
    expect(names(source)).toEqual([
      { kind: 'flow', constName: 'one', functionName: 'declared' },
      { kind: 'flow', constName: 'two', functionName: 'arrow' },
      { kind: 'task', constName: 'three', functionName: 'arrow' },
      { kind: 'flow', constName: undefined, functionName: undefined },
      { kind: 'task', constName: undefined, functionName: 'made' },
      { kind: 'flow', constName: undefined, functionName: 'stream' },
      { kind: 'flow', constName: undefined, functionName: 'inner' },
    ])
  })

  test('[CS3] calls without a function of this document are not declarations', () => {
    const source = `
      import { imported } from './elsewhere.ts'
      let changing = (a: string) => a
      flow(); flow(...list); flow(imported); flow(unknown); flow(changing); flow(3); flow(wrap(() => 1)); workflow(() => 1); x.flows(() => 1)
      const loop = round; const round = loop; flow(loop)`
    expect(declared(source)).toEqual([])
  })

  test('[CS4] the name nearest to the call counts', () => {
    const source = `
      const work = (outer: string) => outer
      function room() { const work = (inner: number) => inner; return flow(work) }
      function other(work: unknown) { return flow(work) }
      const last = flow(work)`
    expect(declared(source).map(({ parameters }) => parameters.map(({ name }) => name))).toEqual([['inner'], ['outer']])
  })

  test('[CS5] what a declaration is assigned to is its name: variable, assignment, property, field, through withOptions and await', () => {
    const source = `
      let a; a = flow(() => 1)
      const b = flow(() => 1).withOptions({ name: 'x' })
      const c = { d: task(() => 1), [e]: task(() => 1) }
      class F { g = flow(() => 1) }
      const h = wrap(flow(() => 1))
      const i = await flow(() => 1)
      const j = flow(() => 1) satisfies unknown`
    expect(names(source).map(({ constName }) => constName)).toEqual(['a', 'b', 'd', undefined, 'g', undefined, 'i', 'j'])
  })

  test('[CS6] the range is the text of the function', () => {
    const source = `/* x */ const a = flow(async function a() { return 'ö' }, { retries: 3 })`
    const { range } = only(source)
    expect(source.slice(range.start, range.end)).toBe(`async function a() { return 'ö' }`)
  })
})

describe('descriptions', () => {
  test('[CS7] a doc comment above the statement, the function or the argument describes the declaration, its @param the parameters', () => {
    const source = `
      /**
       * Shows stars.
       *
       * Twice.
       * @param repos - which ones,
       *   as owner/name
       * @param {number} [limit=3] at most
       * @param options.deep is not a parameter
       * @returns nothing
       */
      // a note
      export const showStars = flow(async (repos: string[], limit = 3, /** how */ mode?: string, options?: unknown) => {})`
    const { description, schema } = only(source)
    expect({ description, properties: schema.properties }).toEqual({
      description: 'Shows stars.\n\nTwice.',
      properties: {
        repos: { title: 'repos', position: 0, type: 'array', items: { type: 'string' }, description: 'which ones,\n  as owner/name' },
        limit: { title: 'limit', position: 1, type: 'number', default: 3, description: 'at most' },
        mode: { title: 'mode', position: 2, type: 'string', description: 'how' },
        options: { title: 'options', position: 3 },
      },
    })
    expect(only(`/** Of the function. */\nfunction work() {}\n/** Of the flow. */\nconst w = flow(work)`).description).toBe(
      'Of the function.',
    )
    expect(only(`const w = flow(/** Of the argument. */ () => 1)`).description).toBe('Of the argument.')
    expect(only(`/** Of something else. */\nconst other = 1\nconst w = flow(() => 1)`).description).toBeUndefined()
  })
})

describe('what cannot be read', () => {
  test('[CS8] a source with a mistake is an answer with its place', () => {
    expect(readDeclarations('const a = 1\nconst x = (')).toEqual({ ok: false, error: { message: 'Unexpected token', line: 2, column: 12 } })
  })

  test('[CS8] mistakes that the parser gets over do not matter', () => {
    expect(names('const a = 1; const a = 2; flow(() => 1); return 3')).toEqual([
      { kind: 'flow', constName: undefined, functionName: undefined },
    ])
  })

  test('[CS8] a source nested too deep is an answer', () => {
    expect(readDeclarations(`flow(${'['.repeat(100_000)}`).ok).toBe(false)
    expect(JSON.stringify(only(`flow((a: string${'[]'.repeat(300)}) => a)`).schema)).not.toContain('string')
  })

  test('[CS8] every dialect by its file name', () => {
    expect(declared('const a = <p>{flow(() => 1)}</p>', 'a.tsx')).toHaveLength(1)
    expect(declared('const a = <any>flow(() => 1)', 'a.ts')).toHaveLength(1)
    expect(declared('const await = 1; flow(() => await)', 'a.cts')).toHaveLength(1)
    expect(declared('@logged class A { @field accessor b = flow(() => 1) }\nusing c = d', 'a.mts')).toHaveLength(1)
  })

  test('[CS8] no text makes it throw', () => {
    const pieces = fc.constantFrom(
      'flow(',
      'task(',
      '(a: ',
      'interface A { b: A }',
      'type B<T> = T | B<T[]>',
      '=> 1',
      ')',
      '{',
      '}',
      '[]',
      '|',
      '&',
      ': A',
      ' = 3',
      '...',
      ',',
      'async ',
      'function ',
      'const x = ',
      '`',
      '/*',
      "'",
      '\n',
      'export ',
      'Partial<A>',
      'keyof ',
      'B<string>',
      ' as const',
      '\uFEFF',
      '\ud800',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 25 }), (parts) => {
        const read = readDeclarations(parts.join(''))
        expect(read.ok ? JSON.stringify(read.declarations).startsWith('[') : read.error.line > 0).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  test('[CS9] every source of this house and of libraries is read', { timeout: 60_000 }, () => {
    const files = [
      'sdk/src',
      'worker',
      'web',
      'test/compiler',
      'node_modules/hono/dist',
      'node_modules/fast-check/lib',
      'node_modules/commander',
    ].flatMap((folder) => globSync(`${folder}/**/*.{ts,mts,cts,tsx,js,mjs,cjs}`, { cwd: root }))
    const unread = files.filter((file) => !readDeclarations(readFileSync(join(root, file), 'utf8'), { filename: file }).ok)
    expect(files.length).toBeGreaterThan(300)
    expect(unread).toEqual([])
  })
})

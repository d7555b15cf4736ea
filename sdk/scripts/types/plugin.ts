/**
 * The types Worker's two large parts for esbuild: TypeScript 6 without what the Worker never calls, and the library of declarations as a text
 * (`import library from 'types-library'`).
 *
 * TypeScript is published as one function that hides everything in it from the bundler (1,025 KB gzip). Taken out of it, and with its tables of
 * exports, code fixes and refactorings marked as free of side effects, what nobody reaches falls away (782 KB). The package's version is pinned,
 * and a build that does not find what it expects stops.
 */
import { readFileSync } from 'node:fs'
import type { Plugin } from 'esbuild'
import { at } from '../paths.ts'
import { typesLibrary } from './library.ts'

/** Modules of Node that TypeScript asks for where there is a `require`; a browser has none. */
const NODE_MODULES = ['fs', 'path', 'os', 'inspector', 'perf_hooks', 'source-map-support', 'crypto']

export const typesPlugin: Plugin = {
  name: 'types',
  setup(build) {
    build.onResolve({ filter: /^typescript-js$/ }, () => ({
      path: at('node_modules/typescript-js/lib/typescript.js'),
      namespace: 'typescript',
    }))
    build.onLoad({ filter: /.*/, namespace: 'typescript' }, () => ({ contents: openTypeScript(), loader: 'js', resolveDir: at() }))
    build.onResolve({ filter: /.*/, namespace: 'typescript' }, ({ path }) =>
      NODE_MODULES.includes(path) ? { path, external: true } : undefined,
    )
    build.onResolve({ filter: /^types-library$/ }, ({ path }) => ({ path, namespace: 'types-library' }))
    build.onLoad({ filter: /.*/, namespace: 'types-library' }, () => ({ contents: typesLibrary(), loader: 'text' }))
  },
}

/** Opens the published function: its declarations become those of a module, whose default export is an object of getters, as before. */
function openTypeScript(): string {
  const source = readFileSync(at('node_modules/typescript-js/lib/typescript.js'), 'utf8')
  const exported = /__export\(typescript_exports, \{\n([\s\S]*?)\n\}\);/.exec(source)
  const names = [...(exported?.[1] ?? '').matchAll(/^ {2}(\w+): \(\) => (\w+),?$/gm)].map(([, name, local]) => `${local} as ${name}`)
  if (exported === null || names.length < 2_000)
    throw new Error('The build does not find the exports of TypeScript: see sdk/scripts/types/plugin.ts.')
  const opened = [
    [/^var ts = \{\}; \(\(module\) => \{\n"use strict";$/m, ''],
    [/^__export\(typescript_exports, \{\n[\s\S]*?\n\}\);$/m, ''],
    [/^module\.exports = __toCommonJS\(typescript_exports\);$/m, ''],
    [/^0 && \(module\.exports = \{[\s\S]*$/m, ''],
    [/^(__export|registerCodeFix|registerRefactor)\(/gm, '/* @__PURE__ */ $1('],
  ] as const
  const body = opened.reduce((text, [pattern, by]) => {
    const next = text.replace(pattern, by)
    if (next === text) throw new Error(`The build does not find ${String(pattern)} in TypeScript: see sdk/scripts/types/plugin.ts.`)
    return next
  }, source)
  return `${body}\nexport { ${names.join(', ')} }\n`
}

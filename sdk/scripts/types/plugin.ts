/**
 * The types Worker's two large parts for esbuild: TypeScript 6 without what the Worker never calls (typescript.ts), and the library of
 * declarations as a text: `import library from 'types-library'`.
 */
import type { Plugin } from 'esbuild'
import { at } from '../paths.ts'
import { typesLibrary } from './library.ts'
import { languageServiceOnly, TYPESCRIPT } from './typescript.ts'

/** Modules of Node that TypeScript asks for where there is a `require`; a browser has none. */
const NODE_MODULES = ['fs', 'path', 'os', 'inspector', 'perf_hooks', 'source-map-support', 'crypto']

export const typesPlugin: Plugin = {
  name: 'types',
  setup: (build) => {
    build.onResolve({ filter: /^typescript-js$/ }, () => ({ path: TYPESCRIPT, namespace: 'typescript' }))
    build.onLoad({ filter: /./, namespace: 'typescript' }, () => ({ contents: languageServiceOnly(), loader: 'js', resolveDir: at() }))
    build.onResolve({ filter: /./, namespace: 'typescript' }, ({ path }) =>
      NODE_MODULES.includes(path) ? { path, external: true } : undefined,
    )
    build.onResolve({ filter: /^types-library$/ }, ({ path }) => ({ path, namespace: 'types-library' }))
    build.onLoad({ filter: /./, namespace: 'types-library' }, () => ({ contents: typesLibrary(), loader: 'text' }))
  },
}

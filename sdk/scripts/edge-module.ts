/** The local edge as workerd loads it: one file without types. */
import { readFileSync } from 'node:fs'
import { transformSync } from 'esbuild'
import { at } from './paths.ts'

export function edgeModule(): string {
  return transformSync(readFileSync(at('sdk/local/edge.ts'), 'utf8'), { loader: 'ts', target: 'esnext' }).code
}

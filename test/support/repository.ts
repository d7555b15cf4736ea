/** Where the repository and the programs that it installed lie. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))

/** The script behind a command of an installed package, to be run with this very Node: the machine's own may be older. */
export function binOf(name: string, packageName: string = name): string {
  const folder = join(root, 'node_modules', packageName)
  const { bin }: { bin: string | Readonly<Record<string, string>> } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const file = typeof bin === 'string' ? bin : bin[name]
  if (file === undefined) throw new Error(`${packageName} has no command ${name}.`)
  return join(folder, file)
}

/** `npm run bench`: every bench one after another, or the named ones: `npm run bench -- start`. Numbers are read, never asserted. */
import { globSync } from 'node:fs'
import { basename } from 'node:path'
import { pathToFileURL } from 'node:url'
import { cpus } from 'node:os'
import { table, type Bench } from './row.ts'

const wanted = process.argv.slice(2)
const files = globSync('*.bench.ts', { cwd: import.meta.dirname }).toSorted()
const names = files.map((file) => basename(file, '.bench.ts'))
const unknown = wanted.filter((name) => !names.includes(name))
if (unknown.length > 0) throw new Error(`There is no bench ${unknown.join(', ')}. There are: ${names.join(', ')}.`)

console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`)
for (const name of wanted.length === 0 ? names : wanted) {
  const { bench }: { bench: Bench } = await import(pathToFileURL(`${import.meta.dirname}/${name}.bench.ts`).href)
  console.log(`\n## ${name}: ${bench.title}\n`)
  console.log(table(await bench.run()))
}

/** Sources of ours as one script that a page or a Worker can load. */
import { build } from 'esbuild'
import { root } from '../support/repository.ts'

/** The bundle of a file, named from the repository's root, as an ES module. */
export async function bundleForBrowser(entry: string): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2024',
    conditions: ['flowcell-source'],
    logLevel: 'silent',
  })
  const [file] = outputFiles
  if (file === undefined) throw new Error(`${entry} made no bundle.`)
  return file.text
}

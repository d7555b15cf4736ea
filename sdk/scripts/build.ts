/**
 * `npm run build`: what production uploads, and what the local server needs to run that very bundle in raw workerd.
 *
 * 1. Everything comes out of wrangler.toml; a binding that the local server does not have stops the build.
 * 2. Built beside the old one and swapped in at the end: a failed build leaves the old server whole.
 */
import { createHash } from 'node:crypto'
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, extname, join, relative } from 'node:path'
import { unstable_readConfig as readConfig } from 'wrangler'
import { describeAssets } from './assets.ts'
import { edgeModule } from './edge-module.ts'
import { buildPages } from './pages.ts'
import { at, wrangler } from './paths.ts'
import { serverConfig, type ModuleKind } from './server-config.ts'
import { swapIn } from './swap.ts'

const KINDS: Readonly<Record<string, ModuleKind>> = {
  '.js': 'esModule',
  '.mjs': 'esModule',
  '.wasm': 'wasm',
  '.txt': 'text',
  '.bin': 'data',
}
/** Given by the launcher to every server, beside the variables of wrangler.toml. */
const SECRETS = ['FLOWCELL_KEK', 'ADMIN_TOKEN']

const startedAt = new Date()
const config = readConfig({ config: at('wrangler.toml') }, { hideWarnings: true })
const target = at('sdk/server')
const staging = `${target}-${process.pid}`
try {
  const summary = await build(staging)
  swapIn(staging, target, 'settings.json', startedAt)
  console.log(summary)
} finally {
  rmSync(staging, { recursive: true, force: true })
}

async function build(folder: string): Promise<string> {
  const workerFirst = checkAssets()
  refuseUnknownBindings()
  rmSync(folder, { recursive: true, force: true })
  const web = join(folder, 'web')
  await buildPages(web)
  await wrangler('deploy', '--dry-run', '--outdir', join(folder, 'worker'), '--assets', web)
  const bundle = modules(join(folder, 'worker'))
  const variables = textVariables()
  const manifest = await describeAssets({ web, encoded: join(folder, 'encoded') }, workerFirst)
  writeFileSync(join(folder, 'assets.json'), JSON.stringify(manifest))
  writeFileSync(join(folder, 'edge.js'), edgeModule())
  writeFileSync(
    join(folder, 'flowcell.capnp'),
    serverConfig({
      compatibilityDate: String(config.compatibility_date),
      compatibilityFlags: config.compatibility_flags,
      modules: bundle,
      objects: config.durable_objects.bindings.map(({ name, class_name }: { name: string; class_name: string }) => ({
        binding: name,
        className: class_name,
      })),
      assetsBinding: config.assets?.binding ?? 'ASSETS',
      variables: [...new Set([...Object.keys(variables), ...SECRETS])],
    }),
  )
  // Its presence says that the build was finished; its time will be the start, so that a source saved meanwhile is newer.
  writeFileSync(join(folder, 'settings.json'), JSON.stringify({ variables, build: hashOf(folder) }))
  const kib = Math.round(bundle.reduce((sum, { path }) => sum + readFileSync(join(folder, path)).byteLength, 0) / 1024)
  return `built ${Object.keys(manifest.files).length} assets and a bundle of ${kib} KiB`
}

/** Of every file: by it a server knows whether its copy is of this build. */
function hashOf(folder: string): string {
  const hash = createHash('sha256')
  const files = globSync('**/*', { cwd: folder, withFileTypes: true }).filter((entry) => entry.isFile())
  for (const path of files.map((entry) => join(entry.parentPath, entry.name)).toSorted()) {
    hash
      .update(relative(folder, path))
      .update('\0')
      .update(createHash('sha256').update(readFileSync(path)).digest())
  }
  return hash.digest('hex').slice(0, 32)
}

function checkAssets(): readonly string[] {
  const { assets } = config
  if (assets?.not_found_handling !== 'none' || assets.html_handling !== 'none' || !Array.isArray(assets.run_worker_first)) {
    throw new Error(
      'wrangler.toml: [assets] must have html_handling and not_found_handling "none" and a list run_worker_first: the local edge knows only that.',
    )
  }
  return assets.run_worker_first
}

function refuseUnknownBindings(): void {
  const { r2_buckets, ratelimits, d1_databases, kv_namespaces, queues, worker_loaders } = config
  const lists = { r2_buckets, ratelimits, d1_databases, kv_namespaces, queues: queues?.producers, worker_loaders }
  const named = Object.entries(lists).flatMap(([name, list]) => ((list?.length ?? 0) > 0 ? [name] : []))
  if (named.length > 0)
    throw new Error(`wrangler.toml: the local server has no ${named.join(', ')}; teach sdk/scripts/server-config.ts first.`)
}

/** The files of the bundle, the main module first. What else wrangler writes there (a map with this machine's paths) is taken away. */
function modules(folder: string): { name: string; path: string; kind: ModuleKind }[] {
  const main = `${basename(config.main ?? 'index.ts', '.ts')}.js`
  const written = globSync('*', { cwd: folder })
  for (const name of written) if (!(extname(name) in KINDS)) rmSync(join(folder, name))
  const names = written.filter((name) => extname(name) in KINDS)
  const sorted = [main, ...names.filter((name) => name !== main).toSorted()]
  return sorted.map((name) => ({ name, path: `worker/${name}`, kind: KINDS[extname(name)] ?? 'data' }))
}

/** The local server passes variables through the environment, which knows text only. */
function textVariables(): Record<string, string> {
  const entries = Object.entries(config.vars).map(([name, value]): [string, string] => {
    if (typeof value !== 'string') throw new Error(`wrangler.toml: the variable ${name} must be text.`)
    return [name, value]
  })
  return Object.fromEntries(entries)
}

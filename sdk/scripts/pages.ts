/**
 * The pages as browsers get them: scripts and styles under /app/ with hashed names, the HTML shells that name them, and web/public as it is.
 *
 * 1. What has a hash in its name never changes: it is served as immutable (web/public/_headers).
 * 2. `import address from 'bundle:./x.ts'` gives the address of a script that is bundled by itself; the engine's own waits are instrumented
 *    in there, as those of cells are.
 * 3. Addresses in web/app/*.html that begin with `./` or `package:` are the sources'; the build puts the built files' in their place.
 */
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import * as esbuild from 'esbuild'
import type { BuildOptions, BuildResult, Metafile, Plugin } from 'esbuild'
import { instrumentAwaits } from '../src/compiler/instrument.ts'
import { copyPages } from './assets.ts'
import { mergeChunks, type MergedFile } from './merge-chunks.ts'
import { at, repository } from './paths.ts'
import { typesPlugin } from './types/plugin.ts'

/** What was made of what, for the tests of what pages carry. */
export interface BuiltPages {
  /** Of the scripts before they were put together, and of the styles. */
  readonly pages: Metafile
  readonly scripts: readonly MergedFile[]
  /** Of each script that is bundled by itself, by the path of its source. */
  readonly bundles: ReadonlyMap<string, Metafile>
}

const FIRST_ENTRY = 'web/app/main.ts'
const ENTRIES = { app: FIRST_ENTRY, style: 'web/app/app.css', plain: 'web/app/plain.css' }
/** Scripts of documents without the shell, and what runs before the first paint. */
const SMALL_SCRIPTS = ['web/app/theme-first.ts', 'web/app/start-page.ts']
const SHELLS = ['app.html', 'start.html', 'unknown-workspace.html']
/** Pages that the Worker writes cannot know a hash. */
const UNHASHED = { 'plain.css': 'web/app/plain.css' }

export const COMMON = {
  absWorkingDir: repository,
  bundle: true,
  format: 'esm',
  platform: 'browser',
  target: 'esnext',
  minify: true,
  metafile: true,
  legalComments: 'none',
  charset: 'utf8',
  logLevel: 'silent',
  define: { 'process.env.NODE_ENV': '"production"' },
  loader: { '.woff2': 'file' },
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  publicPath: '/app/',
} as const satisfies BuildOptions

/** What the folder in memory (memfs) uses of Node, made for browsers. */
const BUILTINS = Object.fromEntries(
  ['async_hooks', 'buffer', 'events', 'path', 'querystring', 'stream', 'url', 'util'].map((name) => [`node:${name}`, `unenv/node/${name}`]),
)

/** Builds into `folder`, in place: hashed files of an earlier build that are no longer named go away at the end. */
export async function buildPages(folder: string): Promise<BuiltPages> {
  const outdir = join(folder, 'app')
  const bundles = new Bundles(outdir)
  copyPages(at('web/public'), folder)
  const [split, { metafile: small }] = await Promise.all([
    esbuild.build({ ...COMMON, entryPoints: ENTRIES, outdir, splitting: true, write: false, plugins: [...PAGE_PLUGINS, bundles.plugin] }),
    esbuild.build({ ...COMMON, entryPoints: SMALL_SCRIPTS, outdir, format: 'iife' }),
  ])
  const scripts = await writePages(split, outdir)
  const built = new Outputs([split.metafile, small], scripts)
  for (const name of SHELLS) writeFileSync(join(folder, name), shell(readFileSync(at('web/app', name), 'utf8'), built))
  for (const [name, source] of Object.entries(UNHASHED)) {
    writeFileSync(join(folder, name), readFileSync(join(outdir, built.fileOf(source))))
  }
  const plain = Object.keys(split.metafile.outputs).filter((path) => !path.endsWith('.js'))
  const alone = [small, ...bundles.made.values()].flatMap(({ outputs }) => Object.keys(outputs))
  removeOthers(outdir, new Set([...plain.map(nameOf), ...alone.map(nameOf), ...scripts.map(({ name }) => name)]))
  return { pages: split.metafile, scripts, bundles: bundles.made }
}

/** Styles and fonts as they are, scripts put together. */
async function writePages({ outputFiles, metafile }: Built, outdir: string): Promise<readonly MergedFile[]> {
  const texts = new Map<string, string>()
  mkdirSync(outdir, { recursive: true })
  for (const { path, contents, text } of outputFiles) {
    if (path.endsWith('.js')) texts.set(slashed(relative(repository, path)), text)
    else writeFileSync(path, contents)
  }
  const scripts = await mergeChunks(metafile, texts, FIRST_ENTRY)
  for (const { name, text } of scripts) writeFileSync(join(outdir, name), text)
  return scripts
}
type Built = BuildResult<{ metafile: true; write: false }>

function removeOthers(outdir: string, made: ReadonlySet<string>): void {
  for (const name of globSync('*', { cwd: outdir })) if (!made.has(name)) rmSync(join(outdir, name))
}

/** Scripts that are bundled by themselves, each once however many pages name it. */
export class Bundles {
  readonly #outdir: string
  readonly #addresses = new Map<string, Promise<string>>()
  readonly made = new Map<string, Metafile>()

  constructor(outdir: string) {
    this.#outdir = outdir
  }

  readonly plugin: Plugin = {
    name: 'bundle',
    setup: (build) => {
      build.onResolve({ filter: /^bundle:/ }, ({ path, resolveDir }) => ({
        path: join(resolveDir, path.slice('bundle:'.length)),
        namespace: 'bundle',
      }))
      build.onLoad({ filter: /./, namespace: 'bundle' }, async ({ path }) => ({
        contents: `export default ${JSON.stringify(await this.address(path))}`,
      }))
    },
  }

  /** Where the script stands; it is bundled when it is first asked for. */
  address(path: string): Promise<string> {
    const address = this.#addresses.get(path) ?? this.#bundle(path)
    this.#addresses.set(path, address)
    return address
  }

  async #bundle(path: string): Promise<string> {
    const plugins = [...PAGE_PLUGINS, instrumented, typesPlugin, this.plugin]
    const { metafile }: BuildResult<{ metafile: true }> = await esbuild.build({
      ...COMMON,
      alias: BUILTINS,
      entryPoints: [path],
      outdir: this.#outdir,
      plugins,
    })
    const source = slashed(relative(repository, path))
    this.made.set(source, metafile)
    return `/app/${new Outputs([metafile]).fileOf(source)}`
  }
}

/** Which file was made of which source. */
class Outputs {
  readonly #outputs: Metafile['outputs']
  readonly #scripts: readonly MergedFile[]

  constructor(metafiles: readonly Metafile[], scripts: readonly MergedFile[] = []) {
    this.#outputs = Object.assign({}, ...metafiles.map(({ outputs }) => outputs))
    this.#scripts = scripts
  }

  /** Name, below /app/, of the file made of a script, style or font. */
  fileOf(source: string): string {
    const isOf = ([path, { entryPoint, inputs }]: [string, Metafile['outputs'][string]]): boolean =>
      entryPoint === source || (path.endsWith('.woff2') && source in inputs)
    const found = Object.entries(this.#outputs).find(isOf)?.[0]
    if (found === undefined) throw new Error(`The build of the pages made nothing of ${source}.`)
    return this.#scripts.find(({ members }) => members.includes(found))?.name ?? nameOf(found)
  }
}

const slashed = (path: string): string => path.replaceAll(sep, '/')
const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

function shell(source: string, built: Outputs): string {
  const sourceOf = (address: string): string =>
    address.startsWith('package:') ? `node_modules/${address.slice('package:'.length)}` : `web/app/${address.slice('./'.length)}`
  return source.replace(
    / (src|href)="((?:\.\/|package:)[^"]+)"/g,
    (_, name: string, address: string) => ` ${name}="/app/${built.fileOf(sourceOf(address))}"`,
  )
}

/** What stands inside the `<svg>` of an icon; the element around it is ours (web/ui/icon.ts). */
const icons: Plugin = {
  name: 'icons',
  setup: (build) => {
    build.onLoad({ filter: /lucide-static\/icons\/[^/]+\.svg$/ }, ({ path }) => {
      const inner = /<svg[^>]*>(.*)<\/svg>/s.exec(readFileSync(path, 'utf8'))?.[1]
      if (inner === undefined) throw new Error(`${path} holds no <svg>.`)
      return { contents: inner.trim().replaceAll(/\s*\n\s*/g, ''), loader: 'text' }
    })
  },
}

const styleTexts: Plugin = {
  name: 'style texts',
  setup: (build) => {
    build.onLoad({ filter: /\.css$/ }, async ({ path, with: { type } }) => {
      if (type !== 'text') return undefined
      const { code } = await esbuild.transform(readFileSync(path, 'utf8'), { loader: 'css', minify: true })
      return { contents: code, loader: 'text' }
    })
  },
}

/** Waits inside the engine keep its context, as those of cells do. */
const instrumented: Plugin = {
  name: 'instrumented engine',
  setup: (build) => {
    build.onLoad({ filter: /[\\/]sdk[\\/]src[\\/]engine[\\/].*\.ts$/ }, async ({ path }) => {
      const { code } = await esbuild.transform(readFileSync(path, 'utf8'), { loader: 'ts', target: 'esnext' })
      const result = instrumentAwaits(code)
      if (!result.ok) throw new Error(`${path}:${result.error.line}: ${result.error.message}`)
      return { contents: result.code, loader: 'js' }
    })
  },
}

/** What every script of a page may import. */
export const PAGE_PLUGINS: readonly Plugin[] = [icons, styleTexts]

/**
 * The pages' folder of a build: the files as they are, their compressed twins, and the manifest that the local edge reads. Twins are kept from
 * build to build by the hash of what they are of: the language service alone takes ten seconds of a core.
 */
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, extname, join, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Asset, Encoding, HeaderRule, Manifest } from '../local/manifest.ts'
import { at } from './paths.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
}
const COMPRESSIBLE = /^(text\/|image\/svg|application\/json)/
const SMALLEST_COMPRESSED = 512
/** What is larger is compressed with less effort: 10 % more bytes, a fifteenth of the time. */
const LARGEST_BEST_BYTES = 1024 * 1024
const LARGE_QUALITY = 9
const MAX_KEPT_TWINS = 500
/** Files that speak to the platform and are never served. */
const SPECIAL = new Set(['_headers', '_redirects', '.assetsignore'])

export interface AssetFolders {
  readonly web: string
  /** The twins lie apart: they must not be uploaded. */
  readonly encoded: string
}

export function copyPages(from: string, web: string): void {
  cpSync(from, web, { recursive: true })
}

export async function describeAssets({ web, encoded }: AssetFolders, workerFirst: readonly string[]): Promise<Manifest> {
  mkdirSync(encoded, { recursive: true })
  mkdirSync(KEPT, { recursive: true })
  const paths = globSync('**/*', { cwd: web, withFileTypes: true })
    .filter((entry) => entry.isFile() && !SPECIAL.has(entry.name))
    .map((entry) => relative(web, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
  const described = await Promise.all(
    paths.map(async (path): Promise<[string, Asset]> => [`/${path}`, await describe(path, readFileSync(join(web, path)), encoded)]),
  )
  forgetOldTwins()
  return { files: Object.fromEntries(described), headers: parseHeaders(readFileSync(join(web, '_headers'), 'utf8')), workerFirst }
}

async function describe(path: string, body: Buffer, encoded: string): Promise<Asset> {
  const type = TYPES[extname(path)]
  if (type === undefined) throw new Error(`The build knows no content type for ${path}: add one to sdk/scripts/assets.ts.`)
  const etag = createHash('sha256').update(body).update(type).digest('hex').slice(0, 32)
  const encodings: Encoding[] = []
  if (COMPRESSIBLE.test(type) && body.byteLength >= SMALLEST_COMPRESSED) {
    for (const encoding of ['br', 'gzip'] as const) {
      const bytes = await twinOf(body, etag, encoding)
      if (bytes.byteLength > body.byteLength * 0.95) continue
      const file = join(encoded, `${path}.${EXTENSIONS[encoding]}`)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, bytes)
      encodings.push(encoding)
    }
  }
  return { etag, type, bytes: body.byteLength, encodings }
}

const EXTENSIONS: Readonly<Record<Encoding, string>> = { br: 'br', gzip: 'gz' }
const KEPT = at('node_modules/.cache/flowcell-twins')
const brotli = promisify(brotliCompress)
const zip = promisify(gzip)

async function twinOf(body: Buffer, etag: string, encoding: Encoding): Promise<Buffer> {
  const quality = body.byteLength > LARGEST_BEST_BYTES ? LARGE_QUALITY : constants.BROTLI_MAX_QUALITY
  const kept = join(KEPT, `${etag}-${quality}.${EXTENSIONS[encoding]}`)
  if (existsSync(kept)) {
    const now = new Date()
    utimesSync(kept, now, now)
    return readFileSync(kept)
  }
  const bytes =
    encoding === 'br'
      ? await brotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: body.byteLength } })
      : await zip(body, { level: constants.Z_BEST_COMPRESSION })
  const written = `${kept}-${process.pid}`
  writeFileSync(written, bytes)
  renameSync(written, kept)
  return bytes
}

/** Those that no build has used for longest go first. */
function forgetOldTwins(): void {
  const kept = readdirSync(KEPT).flatMap((name) => {
    const found = statSync(join(KEPT, name), { throwIfNoEntry: false }) // another build may have taken it away
    return found === undefined ? [] : [{ name, usedAt: found.mtimeMs }]
  })
  for (const { name } of kept.toSorted((a, b) => b.usedAt - a.usedAt).slice(MAX_KEPT_TWINS)) rmSync(join(KEPT, name), { force: true })
}

/** Cloudflare's `_headers`: a pattern on its own line, `Name: value` indented under it, `! Name` to take one away. */
function parseHeaders(source: string): HeaderRule[] {
  const rules: { pattern: string; set: Record<string, string>; unset: string[] }[] = []
  for (const line of source.split('\n')) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue
    if (!/^\s/.test(line)) {
      if (line.includes(':')) throw new Error(`_headers: placeholders and full addresses are not supported here: ${line}`)
      rules.push({ pattern: line.trim(), set: {}, unset: [] })
      continue
    }
    const rule = rules.at(-1)
    const [, bang, name, value] = /^\s+(!?)\s*([A-Za-z-]+)(?::\s*(.*))?$/.exec(line) ?? []
    if (rule === undefined || name === undefined) throw new Error(`_headers: cannot read the line "${line}".`)
    if (bang === '!') rule.unset.push(name)
    else if (value !== undefined) rule.set[name] = value
    else throw new Error(`_headers: ${name} has no value.`)
  }
  return rules
}

/** The pages' folder of a build: the files as they are, their compressed twins, and the manifest that the local edge reads. */
import { createHash } from 'node:crypto'
import { cpSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, extname, join, relative, sep } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { Asset, Encoding, HeaderRule, Manifest } from '../local/manifest.ts'

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

export function describeAssets({ web, encoded }: AssetFolders, workerFirst: readonly string[]): Manifest {
  mkdirSync(encoded, { recursive: true })
  const files: Record<string, Asset> = {}
  for (const entry of globSync('**/*', { cwd: web, withFileTypes: true })) {
    if (!entry.isFile() || SPECIAL.has(entry.name)) continue
    const path = relative(web, join(entry.parentPath, entry.name)).replaceAll(sep, '/')
    files[`/${path}`] = describe(path, readFileSync(join(web, path)), encoded)
  }
  return { files, headers: parseHeaders(readFileSync(join(web, '_headers'), 'utf8')), workerFirst }
}

function describe(path: string, body: Buffer, encoded: string): Asset {
  const type = TYPES[extname(path)]
  if (type === undefined) throw new Error(`The build knows no content type for ${path}: add one to sdk/scripts/assets.ts.`)
  const encodings: Encoding[] = []
  const write = (encoding: Encoding, extension: string, bytes: Buffer): void => {
    if (bytes.byteLength > body.byteLength * 0.95) return
    const file = join(encoded, `${path}.${extension}`)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, bytes)
    encodings.push(encoding)
  }
  if (COMPRESSIBLE.test(type) && body.byteLength >= SMALLEST_COMPRESSED) {
    write('br', 'br', brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }))
    write('gzip', 'gz', gzipSync(body, { level: constants.Z_BEST_COMPRESSION }))
  }
  const etag = createHash('sha256').update(body).update(type).digest('hex').slice(0, 32)
  return { etag, type, bytes: body.byteLength, encodings }
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

/** What the editor knows of `node:fs/promises` in a cell: the part that both Node and the kernel's folder in memory have. */
export const NODE_FS_TYPES = `
type Encoding = 'utf8' | 'utf-8' | 'utf16le' | 'latin1' | 'base64' | 'base64url' | 'hex' | 'ascii'
type Data = string | Uint8Array | Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>
type Path = string | URL
interface WriteOptions { encoding?: Encoding | null; flag?: string; mode?: number | string }
export interface Stats {
  readonly size: number
  readonly mode: number
  readonly atime: Date
  readonly mtime: Date
  readonly ctime: Date
  readonly birthtime: Date
  readonly mtimeMs: number
  isFile(): boolean
  isDirectory(): boolean
  isSymbolicLink(): boolean
}
export interface Dirent {
  readonly name: string
  readonly parentPath: string
  isFile(): boolean
  isDirectory(): boolean
  isSymbolicLink(): boolean
}
/** Reads a whole file: its bytes, or its text where an encoding is given. */
export function readFile(path: Path, options?: { encoding?: null; flag?: string } | null): Promise<Uint8Array<ArrayBuffer>>
export function readFile(path: Path, options: Encoding | { encoding: Encoding; flag?: string }): Promise<string>
/** Writes a whole file; what it had is gone. */
export function writeFile(path: Path, data: Data, options?: Encoding | WriteOptions | null): Promise<void>
/** Adds to the end of a file, which is made where there is none. */
export function appendFile(path: Path, data: string | Uint8Array, options?: Encoding | WriteOptions | null): Promise<void>
export function access(path: Path, mode?: number): Promise<void>
export function copyFile(from: Path, to: Path, mode?: number): Promise<void>
/** Makes a folder; with \`recursive\` those above it, too, and none is no error. */
export function mkdir(path: Path, options?: { recursive?: boolean; mode?: number | string } | number | null): Promise<string | undefined>
export function mkdtemp(prefix: string): Promise<string>
export function readdir(path: Path, options?: { withFileTypes?: false; recursive?: boolean } | Encoding | null): Promise<string[]>
export function readdir(path: Path, options: { withFileTypes: true; recursive?: boolean }): Promise<Dirent[]>
export function realpath(path: Path): Promise<string>
export function rename(from: Path, to: Path): Promise<void>
/** Removes a file, or with \`recursive\` a folder and all in it; with \`force\` none is no error. */
export function rm(path: Path, options?: { recursive?: boolean; force?: boolean }): Promise<void>
export function rmdir(path: Path): Promise<void>
export function stat(path: Path): Promise<Stats>
export function lstat(path: Path): Promise<Stats>
export function truncate(path: Path, length?: number): Promise<void>
export function unlink(path: Path): Promise<void>
export function utimes(path: Path, atime: number | string | Date, mtime: number | string | Date): Promise<void>
`

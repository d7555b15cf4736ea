/** The text that the build makes of all declarations (sdk/scripts/types/library.ts), read. */

export interface TypesLibrary {
  readonly files: ReadonlyMap<string, string>
  readonly modules: ReadonlyMap<string, string>
  readonly roots: readonly string[]
}

export function readLibrary(text: string): TypesLibrary {
  const read: unknown = JSON.parse(text)
  if (typeof read !== 'object' || read === null || !('files' in read) || !('modules' in read) || !('roots' in read))
    throw new Error('The library of types cannot be read.')
  return { files: textsOf(read.files), modules: textsOf(read.modules), roots: Array.isArray(read.roots) ? read.roots.map(String) : [] }
}

const textsOf = (value: unknown): ReadonlyMap<string, string> =>
  new Map(Object.entries(Object(value)).map(([name, text]): [string, string] => [name, String(text)]))

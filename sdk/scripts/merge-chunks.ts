/**
 * Puts small files of a split build together. esbuild makes one file for every set of pages that share something: thirty for a first page, each a
 * request. Nothing is carried twice, and a module stays one module.
 *
 * 1. What the first entry imports statically becomes one file with it: it is there before any page is.
 * 2. What is small and shared inside one room (web/runs, …) becomes one file per room; small and shared between rooms, it joins the first. Nothing
 *    joins that would bring along what is large.
 * 3. Names carry a hash of the file and of everything that it imports, over however many files.
 */
import { createHash } from 'node:crypto'
import * as esbuild from 'esbuild'
import type { Metafile, Plugin } from 'esbuild'

/** A file that is shared and smaller than this is not worth a request of its own. */
const SMALL_BYTES = 8 * 1024
const HASH_LENGTH = 8

interface Group {
  /** Of the file's name, before the hash. */
  readonly stem: string
  /** Paths of the split build; exports of several get names of their own. */
  readonly members: readonly string[]
}
export interface MergedFile {
  readonly name: string
  readonly text: string
  /** Paths of the split build that it is made of. */
  readonly members: readonly string[]
}

/**
 * @param texts Of every script of the split build, by its path in the metafile.
 * @param first The source of the entry that every other one is loaded after.
 */
export async function mergeChunks(
  { outputs }: Metafile,
  texts: ReadonlyMap<string, string>,
  first: string,
): Promise<readonly MergedFile[]> {
  const groups = group(outputs, [...texts.keys()], first)
  const groupOf = new Map(groups.flatMap((one, index) => one.members.map((member) => [member, index] as const)))
  const bundled = await Promise.all(groups.map((_, index) => bundle(index, { outputs, texts, groups, groupOf })))
  const imports = bundled.map((text) => [...text.matchAll(PLACE)].map(([, index]) => Number(index)))
  const names = groups.map(({ stem }, index) => `${stem}-${hashOf(index, bundled, imports)}.js`)
  return groups.map(({ members }, index) => ({
    name: names[index] ?? '',
    text: (bundled[index] ?? '').replace(PLACE, (_, place: string) => `/app/${names[Number(place)] ?? ''}`),
    members,
  }))
}

type Outputs = Metafile['outputs']

function group(outputs: Outputs, paths: readonly string[], first: string): readonly Group[] {
  const entries = paths.filter((path) => outputs[path]?.entryPoint !== undefined)
  const main = entries.find((path) => outputs[path]?.entryPoint === first)
  if (main === undefined) throw new Error(`The build made nothing of ${first}.`)
  const core = staticClosure(outputs, main)
  const rooms = new Map<string, Set<string>>()
  for (const entry of entries) {
    const room = outputs[entry]?.entryPoint?.split('/').slice(0, 2).join('-') ?? ''
    for (const path of staticClosure(outputs, entry)) rooms.set(path, (rooms.get(path) ?? new Set()).add(room))
  }
  const small = paths.filter(
    (path) => !core.has(path) && outputs[path]?.entryPoint === undefined && (outputs[path]?.bytes ?? 0) < SMALL_BYTES,
  )
  const roomOf = (path: string): string => {
    const [only = '', ...more] = rooms.get(path) ?? []
    return more.length === 0 ? only : ''
  }
  const joining = new Set(small)
  // Whoever imports a group imports all of it: what would bring something along that is not there anyway stays by itself.
  const fits = (path: string): boolean =>
    [...staticClosure(outputs, path)].every(
      (one) => core.has(one) || (joining.has(one) && (roomOf(one) === '' || roomOf(one) === roomOf(path))),
    )
  for (let before = -1; before !== joining.size;) {
    before = joining.size
    for (const path of joining) if (!fits(path)) joining.delete(path)
  }
  const shared = Map.groupBy(joining, roomOf)
  const alone = paths.filter((path) => !core.has(path) && !joining.has(path))
  return [
    { stem: 'app', members: [...core, ...(shared.get('') ?? [])] },
    ...[...shared].filter(([room]) => room !== '').map(([room, members]) => ({ stem: `${room}-shared`, members })),
    ...alone.map((path) => ({ stem: stemOf(outputs, path), members: [path] })),
  ]
}

const stemOf = (outputs: Outputs, path: string): string => outputs[path]?.entryPoint?.replace(/^.*\/|\.\w+$/g, '') ?? 'shared'

function staticClosure(outputs: Outputs, from: string, seen = new Set<string>()): Set<string> {
  if (seen.has(from)) return seen
  seen.add(from)
  for (const { path, kind } of outputs[from]?.imports ?? [])
    if (kind === 'import-statement' && path in outputs) staticClosure(outputs, path, seen)
  return seen
}

interface Plan {
  readonly outputs: Outputs
  readonly texts: ReadonlyMap<string, string>
  readonly groups: readonly Group[]
  readonly groupOf: ReadonlyMap<string, number>
}

/** Stands where the name of another file will, which is known when all are made. */
const placeOf = (index: number): string => `/app/@${index}@`
const PLACE = /\/app\/@(\d+)@/g

async function bundle(index: number, plan: Plan): Promise<string> {
  const { members = [] } = plan.groups[index] ?? {}
  const exported = members.map(
    (member) => `export { ${namesOf(plan, member)} } from ${JSON.stringify(member)}\nimport ${JSON.stringify(member)}`,
  )
  const result = await esbuild.build({
    stdin: { contents: exported.join('\n') },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'esnext',
    minify: true,
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'silent',
    plugins: [resolver(index, plan)],
  })
  return result.outputFiles[0]?.text ?? ''
}

/** `a as m3_a, b as m3_b`: two members may have exports of one name. Whoever is alone keeps its names, for `import()`. */
function namesOf({ outputs, groups, groupOf }: Plan, path: string): string {
  const { members = [] } = groups[groupOf.get(path) ?? -1] ?? {}
  const names = outputs[path]?.exports ?? []
  return names.map((name) => (members.length === 1 ? name : `${name} as m${members.indexOf(path)}_${name}`)).join(', ')
}

function resolver(index: number, plan: Plan): Plugin {
  const { outputs, texts, groups, groupOf } = plan
  const byName = new Map([...texts.keys()].map((path) => [nameOf(path), path]))
  return {
    name: 'merge',
    setup: (build) => {
      build.onResolve({ filter: /^\/app\/@/ }, ({ path }) => ({ path, external: true }))
      build.onResolve({ filter: /./ }, ({ path: given, kind }) => {
        const path = byName.get(nameOf(given)) ?? given
        const home = groupOf.get(path)
        if (home === undefined) throw new Error(`A merged script imports ${given}, which the build did not make.`)
        if (home === index) return { path, namespace: 'member' }
        if (kind !== 'dynamic-import') return { path, namespace: 'across' }
        if (groups[home]?.members.length !== 1) throw new Error(`${given} is imported lazily and merged with others.`)
        return { path: placeOf(home), external: true }
      })
      build.onLoad({ filter: /./, namespace: 'member' }, ({ path }) => ({ contents: texts.get(path) ?? '', loader: 'js' }))
      build.onLoad({ filter: /./, namespace: 'across' }, ({ path }) => {
        const home = groupOf.get(path) ?? -1
        const place = JSON.stringify(placeOf(home))
        const members = groups[home]?.members ?? []
        const names = (outputs[path]?.exports ?? []).map((name) =>
          members.length === 1 ? name : `m${members.indexOf(path)}_${name} as ${name}`,
        )
        return { contents: `export { ${names.join(', ')} } from ${place}\nimport ${place}`, loader: 'js' }
      })
    },
  }
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

function hashOf(index: number, texts: readonly string[], imports: readonly (readonly number[])[]): string {
  const seen = new Set<number>()
  const visit = (at: number): void => {
    if (seen.has(at)) return
    seen.add(at)
    for (const next of imports[at] ?? []) visit(next)
  }
  visit(index)
  const hash = createHash('sha256').update(texts[index] ?? '')
  for (const at of [...seen].toSorted((a, b) => a - b)) hash.update(texts[at] ?? '')
  return hash.digest('hex').slice(0, HASH_LENGTH).toUpperCase()
}

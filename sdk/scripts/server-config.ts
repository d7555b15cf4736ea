/**
 * The text of the workerd configuration: a pure function of what wrangler.toml says. It names no port, no folder and no
 * secret, so one file fits every machine; the launcher gives those with --socket-addr, --directory-path and the environment.
 */
export type ModuleKind = 'esModule' | 'wasm' | 'text' | 'data'

export interface ServerSettings {
  readonly compatibilityDate: string
  readonly compatibilityFlags: readonly string[]
  /** Files of the production bundle, the main module first, relative to the configuration file. */
  readonly modules: readonly { readonly name: string; readonly path: string; readonly kind: ModuleKind }[]
  readonly objects: readonly { readonly binding: string; readonly className: string }[]
  readonly assetsBinding: string
  /** Names of variables and secrets, all taken from the environment. */
  readonly variables: readonly string[]
}

export function serverConfig(settings: ServerSettings): string {
  const { objects } = settings
  return `# Written by the build from wrangler.toml. Started with:
#   workerd serve --experimental --socket-addr http=HOST:PORT --directory-path data=FOLDER
#     --directory-path files=web --directory-path encoded=encoded  this-file
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "edge", worker = .edge),
    (name = "worker", worker = .worker),
    (name = "files", disk = (writable = false)),
    (name = "encoded", disk = (writable = false)),
    (name = "data", disk = (writable = true)),
  ],
  sockets = [(name = "http", http = (), service = "edge")],
  logging = (structuredLogging = true),
);

# What stands before the Worker on Cloudflare: Host check, routing, static assets.
const edge :Workerd.Worker = (
  modules = [(name = "edge.js", esModule = embed "edge.js")],
  compatibilityDate = ${text(settings.compatibilityDate)},
  bindings = [
    (name = "MANIFEST", json = embed "assets.json"),
    (name = "FILES", service = "files"),
    (name = "ENCODED", service = "encoded"),
    (name = "WORKER", service = "worker"),
    (name = "HOSTS", fromEnvironment = "FLOWCELL_HOSTS"),
  ],
);

# The product: the bundle that \`wrangler deploy\` uploads, byte for byte.
const worker :Workerd.Worker = (
  modules = [
${lines(settings.modules.map(({ name, path, kind }) => `(name = ${text(name)}, ${kind} = embed ${text(path)}),`))}
  ],
  compatibilityDate = ${text(settings.compatibilityDate)},
  compatibilityFlags = [${settings.compatibilityFlags.map(text).join(', ')}],
  durableObjectNamespaces = [
${lines(objects.map(({ className }) => `(className = ${text(className)}, uniqueKey = ${text(`flowcell-${className}`)}, enableSql = true),`))}
  ],
  durableObjectStorage = (localDisk = "data"),
  bindings = [
${lines([
  ...objects.map(({ binding, className }) => `(name = ${text(binding)}, durableObjectNamespace = ${text(className)}),`),
  `(name = ${text(settings.assetsBinding)}, service = (name = "edge", entrypoint = "Assets")),`,
  ...settings.variables.map((name) => `(name = ${text(name)}, fromEnvironment = ${text(name)}),`),
])}
  ],
);
`
}

const lines = (entries: readonly string[]): string => entries.map((entry) => `    ${entry}`).join('\n')
const text = (value: string): string => JSON.stringify(value)

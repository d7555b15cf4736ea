/** What the operator of a deployment opens to cells, as settings have it. Free of zod. */

const KERNEL_HOST = /^(https?:\/\/)?((?:\*\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?)$/
const MODULE_HOST = /^(https?:\/\/[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?)(\/[\w@.~/-]*)?$/

export interface KernelHost {
  /** `api.example.com`, `*.example.com`, `127.0.0.1:9000` */
  readonly host: string
  readonly schemes: readonly ('http' | 'https')[]
}

/** A host of `KERNEL_HOSTS`: `host`, `host:port`, with `http://` or `https://` before it where only one is meant. Undefined: it is none. */
export function readKernelHost(text: string): KernelHost | undefined {
  const [, scheme, host] = KERNEL_HOST.exec(text.toLowerCase()) ?? []
  if (host === undefined) return undefined
  return { host, schemes: scheme === undefined ? ['http', 'https'] : scheme === 'http://' ? ['http'] : ['https'] }
}

/** The prefix of `npm:` modules, with a slash at its end; null where they are turned off. Undefined: it is no address. */
export function readModuleHost(text: string): string | null | undefined {
  if (text === '' || text === 'none') return null
  const [, origin, path = ''] = MODULE_HOST.exec(text) ?? []
  return origin === undefined ? undefined : `${origin}${path.replace(/\/*$/, '/')}`
}

/** The names of a server: what workerd binds, what people open, and which Host headers are its own. */

export interface Listener {
  readonly host: string
  readonly port: number
}

export const DEFAULT_HOST = '127.0.0.1'
export const DEFAULT_PORT = 8787

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '::1'])

/** Only programs of this machine can reach it. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.has(host)
}

/** As in an address: IPv6 in brackets. */
export function bindAddress({ host, port }: Listener): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** An address that this machine can open: "every interface" is no name. */
export function urlOf({ host, port }: Listener): string {
  const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `http://${bindAddress({ host: name, port })}`
}

/** The Host headers that a server answers to; whatever else comes is a page that had its name rebound to us. */
export function ownHosts(listener: Listener, further: readonly string[]): readonly string[] {
  const { port } = listener
  const own = [new URL(urlOf(listener)).host, `127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]
  return [...new Set([...own, ...further.map((name) => name.toLowerCase())])]
}

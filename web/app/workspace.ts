/**
 * The workspace that this page is about: who is here, how to call it, its one live socket.
 *
 * 1. A link's secret is exchanged once for a cookie that scripts cannot read. It leaves the address bar before anything is asked, so no reload,
 *    history entry or screenshot shows it.
 * 2. One socket for everything on the page, kernels included; it comes back by itself for ever, except after a refusal that is final.
 */
import { ApiError } from '#sdk/client/errors.ts'
import type { Failure } from '#sdk/client/failures.ts'
import type { OpenLink } from '#sdk/client/link.ts'
import { Live } from '#sdk/client/live.ts'
import { mayActAs } from '#sdk/protocol/role-order.ts'
import type { Role } from '#sdk/protocol/roles.ts'
import { PROTOCOL_VERSION } from '#sdk/protocol/wire.ts'
import { Signal, type ReadonlySignal } from '../ui/signal.ts'
import { createCall, type Call } from './api.ts'
import { LinkHub } from './link-hub.ts'
import { workerLink } from './live-socket.ts'
import { openedWorkspaces, rememberWorkspace } from './opened.ts'

/** `connecting`: not greeted yet. `away`: was lost, comes back by itself. `over`: it does not; see {@link WorkspaceSession.ending}. */
export type Connection = 'connecting' | 'open' | 'away' | 'over'

export class WorkspaceSession {
  readonly id: string
  readonly name: string
  readonly apiUrl: string
  /** `/w/{id}`, without a slash at the end. */
  readonly basePath: string
  readonly call: Call
  readonly live: Live
  /** A further link over the page's socket; a kernel's client takes one. */
  readonly openLink: OpenLink
  readonly #hub: LinkHub
  readonly #connection = new Signal<Connection>('connecting')
  readonly #ending = new Signal<Failure | undefined>(undefined)
  readonly #role: Signal<Role>

  constructor({ id, name, role }: { readonly id: string; readonly name: string; readonly role: Role }) {
    this.id = id
    this.name = name
    this.#role = new Signal(role)
    this.basePath = `/w/${id}`
    this.apiUrl = `${location.origin}${this.basePath}/api`
    const call = createCall(this.apiUrl)
    this.call = (operation, ...given) =>
      call(operation, ...given).catch((error: unknown) => {
        if (error instanceof ApiError && error.code === 'unauthenticated') this.#end(error)
        throw error
      })
    const kind = 'page'
    const pageName = `page in ${navigator.platform || 'a browser'}`
    this.#hub = new LinkHub(workerLink({ apiUrl: this.apiUrl, hello: { protocol: PROTOCOL_VERSION, kind, name: pageName } }))
    this.openLink = this.#hub.open
    this.live = new Live({
      apiUrl: this.apiUrl,
      kind,
      name: pageName,
      link: (events) => this.#hub.open({ ...events, closed: (failure) => (this.#end(failure), events.closed(failure)) }),
      onWelcome: (welcome) => {
        this.#role.value = welcome.role
        this.#connection.value = 'open'
        rememberWorkspace(id, { name, role: welcome.role, at: Date.now() })
      },
      onLost: () => {
        this.#connection.value = 'away'
      },
    })
  }

  get role(): ReadonlySignal<Role> {
    return this.#role
  }
  get connection(): ReadonlySignal<Connection> {
    return this.#connection
  }
  /** Why it is over. */
  get ending(): ReadonlySignal<Failure | undefined> {
    return this.#ending
  }

  /** The network is back, or somebody looks again. */
  hurry(): void {
    this.#hub.hurry()
  }

  /** Whether the link's role allows what the required one may. */
  may(required: Role): boolean {
    return mayActAs(this.#role.value, required)
  }

  #end(failure: Failure): void {
    this.#ending.value ??= { code: failure.code, detail: failure.detail }
    this.#connection.value = 'over'
  }
}

const ID = /^\/w\/([a-z2-7]{20})(?:\/|$)/

/** The secret of a link that stands in the address bar, taken out of it. */
export function takeSecret(): string | undefined {
  const secret = new URLSearchParams(location.hash.slice(1)).get('k')
  if (secret === null) return undefined
  history.replaceState(history.state, '', location.pathname + location.search)
  return secret
}

/**
 * Opens the workspace that the address names.
 *
 * @throws ApiError `unauthenticated` when this browser has no good link; `unreachable` when the server is away.
 */
export async function openWorkspace(secret = takeSecret()): Promise<WorkspaceSession> {
  const id = ID.exec(location.pathname)?.[1]
  if (id === undefined) throw new ApiError({ code: 'no_such_workspace', status: 404, detail: 'The address names no workspace.' })
  const call = createCall(`${location.origin}/w/${id}/api`)
  const known = openedWorkspaces().get(id)
  if (secret === undefined && known !== undefined) return new WorkspaceSession({ id, ...known })
  const { name, role } = secret === undefined ? await call('sessions.read') : await call('sessions.create', { body: { secret } })
  rememberWorkspace(id, { name, role, at: Date.now() })
  return new WorkspaceSession({ id, name, role })
}

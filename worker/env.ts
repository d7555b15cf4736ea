import type { Call, NewWorkspace, Outcome } from './workspace/contract.ts'

/** What the Worker calls on a workspace's object. */
export interface WorkspaceObject {
  perform(call: Call): Promise<Outcome>
  create(workspace: NewWorkspace): Promise<unknown>
  createOwnerLink(link: { readonly hash: string; readonly name: string }): Promise<Outcome>
  createOwnerToken(token: { readonly hash: string; readonly name: string }): Promise<Outcome>
  /** Upgrades only. */
  fetch(request: Request): Promise<Response>
}

/** What every seat (Cloudflare, wrangler dev, the tests, raw workerd) must bind. */
export interface Env {
  readonly WORKSPACE: { getByName(name: string): WorkspaceObject }
  /** The built pages. */
  readonly ASSETS: { fetch(input: Request | string): Promise<Response> }
  /** 32 bytes in base64: wraps the workspaces' keys and signs their ids. */
  readonly FLOWCELL_KEK: string
  /** Without it nobody may make a workspace in mode `token`, nor mint an owner link or token from outside. */
  readonly ADMIN_TOKEN?: string | null
  /** One of WORKSPACE_CREATION_MODES; anything else counts as `closed`. */
  readonly WORKSPACE_CREATION?: string | null
  /** Hosts beside those of its notebook's setting that a cell may reach, with blanks or commas between them; `http://host:port` is taken, too. */
  readonly KERNEL_HOSTS?: string | null
  /** Where `npm:` modules of cells come from, such as `https://esm.sh/`; `none` turns them off. */
  readonly MODULE_HOST?: string | null
}

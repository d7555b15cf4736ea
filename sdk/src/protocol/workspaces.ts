/** What stands outside any one workspace: making one, finding one's way back in. Served at `{origin}/api/workspaces`. */
import * as z from 'zod'
import { MAX_NAME_LENGTH } from './limits.ts'
import { Role } from './roles.ts'

/** 16 base32 characters of chance and 4 of HMAC under the deployment's key; unknown ids never wake an object. */
export const WorkspaceId = z
  .string()
  .regex(/^[a-z2-7]{20}$/, 'a workspace id has 20 characters of a-z and 2-7')
  .brand<'WorkspaceId'>()
export type WorkspaceId = z.infer<typeof WorkspaceId>

export const WORKSPACE_CREATION_MODES = ['open', 'token', 'closed'] as const

export const WorkspaceCreate = z.strictObject({ name: z.string().min(1).max(MAX_NAME_LENGTH).optional() })
export type WorkspaceCreate = z.infer<typeof WorkspaceCreate>
/** The only time that `link` and `token` are told; the workspace keeps their hashes. */
export const WorkspaceCreated = z.object({ id: WorkspaceId, name: z.string(), api_url: z.string(), link: z.string(), token: z.string() })
export type WorkspaceCreated = z.infer<typeof WorkspaceCreated>

export const LinkCreate = z.strictObject({ name: z.string().min(1).max(MAX_NAME_LENGTH).optional() })
export type LinkCreate = z.infer<typeof LinkCreate>
export const LinkCreated = z.object({ link: z.string(), role: Role })
export type LinkCreated = z.infer<typeof LinkCreated>

export const TokenCreate = z.strictObject({ name: z.string().min(1).max(MAX_NAME_LENGTH).optional() })
export type TokenCreate = z.infer<typeof TokenCreate>
export const TokenCreated = z.object({ token: z.string(), role: Role })
export type TokenCreated = z.infer<typeof TokenCreated>

/** The secret of a link, exchanged once for a cookie. */
export const SessionCreate = z.strictObject({ secret: z.string().min(1).max(200) })
export type SessionCreate = z.infer<typeof SessionCreate>
export const SessionCreated = z.object({ role: Role, workspace: WorkspaceId, name: z.string() })
export type SessionCreated = z.infer<typeof SessionCreated>

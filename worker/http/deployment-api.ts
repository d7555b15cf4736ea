/** `/api`: what stands outside any one workspace. Making one, finding one's way back in, and whether anybody is here. */
import { Hono, type Context } from 'hono'
import { VERSION } from '#sdk/protocol/version.ts'
import {
  LinkCreate,
  TokenCreate,
  WORKSPACE_CREATION_MODES,
  WorkspaceCreate,
  type LinkCreated,
  type TokenCreated,
  type WorkspaceCreated,
  type WorkspaceId,
} from '#sdk/protocol/workspaces.ts'
import type { Env } from '../env.ts'
import { answerJson, answerProblem, refusal } from './answers.ts'
import { bearerOf } from './credentials.ts'
import { deploymentDocument } from './openapi.ts'
import { readJson } from './read-input.ts'
import { hashSecret, isSameSecret, mintSecret } from './secrets.ts'
import { mintWorkspaceId, readWorkspaceId } from './workspace-ids.ts'

type DeploymentContext = Context<{ Bindings: Env }>

const DEFAULT_WORKSPACE_NAME = 'My workspace'
const DEFAULT_LINK_NAME = 'Owner link'
const DEFAULT_TOKEN_NAME = 'Owner token'

export const deploymentApi = new Hono<{ Bindings: Env }>({ strict: false })

deploymentApi.get('/health', () => answerJson({ name: 'flowcell', version: VERSION }, 200))
deploymentApi.get('/openapi.json', (c) => answerJson(deploymentDocument(`${originOf(c)}/api`), 200))
deploymentApi.post('/workspaces', createWorkspace)
deploymentApi.post('/workspaces/:id/links', createLink)
deploymentApi.post('/workspaces/:id/tokens', createToken)
for (const path of ['/health', '/openapi.json']) deploymentApi.all(path, (c) => methodNotAllowed(c, 'GET, HEAD'))
for (const path of ['/workspaces', '/workspaces/:id/links', '/workspaces/:id/tokens'])
  deploymentApi.all(path, (c) => methodNotAllowed(c, 'POST'))

async function createWorkspace(c: DeploymentContext): Promise<Response> {
  const refused = await refuseCreation(c)
  if (refused !== undefined) return refused
  const { name = DEFAULT_WORKSPACE_NAME } = await readJson(WorkspaceCreate, c.req.raw)
  const [id, secret, token] = [await mintWorkspaceId(c.env.FLOWCELL_KEK), mintSecret('link'), mintSecret('token')]
  const hashes = { ownerLinkHash: await hashSecret(secret), ownerTokenHash: await hashSecret(token) }
  await c.env.WORKSPACE.getByName(id).create({ id, name, ...hashes })
  const created: WorkspaceCreated = { id, name, api_url: `${originOf(c)}/w/${id}/api`, link: linkTo(c, id, secret), token }
  return answerJson(created, 201)
}

async function createLink(c: DeploymentContext): Promise<Response> {
  const refused = await refuseStranger(c)
  if (refused !== undefined) return refused
  const id = await workspaceOf(c)
  if (id === undefined) return noSuchWorkspace()
  const { name = DEFAULT_LINK_NAME } = await readJson(LinkCreate, c.req.raw)
  const secret = mintSecret('link')
  const outcome = await c.env.WORKSPACE.getByName(id).createOwnerLink({ hash: await hashSecret(secret), name })
  if (!outcome.ok) return answerProblem(outcome.problem)
  const created: LinkCreated = { link: linkTo(c, id, secret), role: 'owner' }
  return answerJson(created, 201)
}

async function createToken(c: DeploymentContext): Promise<Response> {
  const refused = await refuseStranger(c)
  if (refused !== undefined) return refused
  const id = await workspaceOf(c)
  if (id === undefined) return noSuchWorkspace()
  const { name = DEFAULT_TOKEN_NAME } = await readJson(TokenCreate, c.req.raw)
  const token = mintSecret('token')
  const outcome = await c.env.WORKSPACE.getByName(id).createOwnerToken({ hash: await hashSecret(token), name })
  if (!outcome.ok) return answerProblem(outcome.problem)
  const created: TokenCreated = { token, role: 'owner' }
  return answerJson(created, 201)
}

async function workspaceOf(c: DeploymentContext): Promise<WorkspaceId | undefined> {
  return readWorkspaceId(c.env.FLOWCELL_KEK, c.req.param('id') ?? '')
}

function noSuchWorkspace(): Response {
  return refusal({ code: 'no_such_workspace', detail: 'There is no such workspace on this server.' })
}

async function refuseCreation(c: DeploymentContext): Promise<Response | undefined> {
  const mode = WORKSPACE_CREATION_MODES.find((known) => known === c.env.WORKSPACE_CREATION) ?? 'closed'
  if (mode === 'open') return undefined
  if (mode === 'token') return refuseStranger(c)
  return refusal({ code: 'forbidden', detail: 'This server makes no new workspaces (WORKSPACE_CREATION is closed).' })
}

async function refuseStranger(c: DeploymentContext): Promise<Response | undefined> {
  const { ADMIN_TOKEN } = c.env
  if (ADMIN_TOKEN === undefined || ADMIN_TOKEN === null || ADMIN_TOKEN === '') {
    return refusal({ code: 'forbidden', detail: 'This server has no ADMIN_TOKEN, so nobody may do this over the network.' })
  }
  const given = bearerOf(c.req.raw)
  if (given !== undefined && (await isSameSecret(given, ADMIN_TOKEN))) return undefined
  return refusal({ code: 'unauthenticated', detail: "This needs the server's ADMIN_TOKEN: Authorization: Bearer {ADMIN_TOKEN}." })
}

function methodNotAllowed(c: DeploymentContext, allow: string): Response {
  return refusal({
    code: 'method_not_allowed',
    detail: `${c.req.path} does not take ${c.req.method}; it takes ${allow}.`,
    headers: { allow },
  })
}

const originOf = (c: DeploymentContext): string => new URL(c.req.url).origin
const linkTo = (c: DeploymentContext, id: WorkspaceId, secret: string): string => `${originOf(c)}/w/${id}#k=${secret}`

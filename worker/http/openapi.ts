/** The OpenAPI 3.1 documents, made of the very schemas that validate. Computed once per isolate. */
import * as z from 'zod'
import { Problem } from '#sdk/protocol/errors.ts'
import type { Operation } from '#sdk/protocol/operation.ts'
import { OPERATIONS } from '#sdk/protocol/operations.ts'
import { VERSION } from '#sdk/protocol/version.ts'
import { LinkCreate, LinkCreated, TokenCreate, TokenCreated, WorkspaceCreate, WorkspaceCreated } from '#sdk/protocol/workspaces.ts'
import { convertSchemas, isSchema, type Json, type Refer, type Schema } from './schemas.ts'

export interface OpenApiParameter {
  readonly name: string
  readonly in: 'path' | 'query'
  readonly required: boolean
  readonly schema: Schema
}
export interface OpenApiMedia {
  readonly [type: string]: { readonly schema: Schema }
}
export interface OpenApiOperation {
  readonly operationId: string
  readonly summary: string
  readonly tags: readonly string[]
  readonly security: readonly { readonly [scheme: string]: readonly string[] }[]
  readonly parameters: readonly OpenApiParameter[]
  readonly requestBody?: { readonly required: boolean; readonly content: OpenApiMedia }
  readonly responses: { readonly [status: string]: { readonly description: string; readonly content?: OpenApiMedia } }
  /** The least role that may call it; `public` needs no credential. */
  readonly 'x-flowcell-role': string
}
export interface OpenApiDocument {
  readonly openapi: '3.1.0'
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly servers: readonly { readonly url: string }[]
  readonly paths: { readonly [path: string]: { readonly [method: string]: OpenApiOperation } }
  readonly components: { readonly schemas: { readonly [name: string]: Schema }; readonly securitySchemes: Schema }
}

interface Part {
  readonly title: string
  readonly description: string
  readonly operations: readonly (readonly [id: string, operation: Operation])[]
  readonly securitySchemes: Schema
  readonly security: OpenApiOperation['security']
}

const WORKSPACE: Part = {
  title: 'Flowcell workspace',
  description:
    'Flows, runs, states and logs of one workspace. Paths, fields and filters are those of Prefect 3 wherever Prefect has the thing.',
  operations: Object.entries(OPERATIONS),
  securitySchemes: {
    token: { type: 'http', scheme: 'bearer', description: 'A token, fc_…' },
    basic: { type: 'http', scheme: 'basic', description: 'User flowcell, the token as password.' },
  },
  security: [{ token: [] }, { basic: [] }],
}

const DEPLOYMENT: Part = {
  title: 'Flowcell deployment',
  description:
    'Making a workspace and finding the way back into one. The setting WORKSPACE_CREATION says who may make one: open (anybody), token (who sends ADMIN_TOKEN as bearer) or closed.',
  operations: [
    [
      'health',
      {
        ...answered('GET', '/health', 'Who answers here, without waking a workspace.'),
        output: z.object({ name: z.string(), version: z.string() }),
      },
    ],
    ['openapi', { ...answered('GET', '/openapi.json', 'This document.'), output: z.looseObject({}) }],
    [
      'workspaces.create',
      {
        ...answered('POST', '/workspaces', 'Makes a workspace; its link and token are told this once.'),
        role: 'owner',
        body: WorkspaceCreate,
        output: WorkspaceCreated,
        status: 201,
      },
    ],
    [
      'links.create',
      {
        ...answered('POST', '/workspaces/:id/links', "A new owner's link, for who lost it. Needs ADMIN_TOKEN."),
        role: 'owner',
        params: z.strictObject({ id: z.string() }),
        body: LinkCreate,
        output: LinkCreated,
        status: 201,
      },
    ],
    [
      'tokens.create',
      {
        ...answered('POST', '/workspaces/:id/tokens', "A new owner's token, for who lost it. Needs ADMIN_TOKEN."),
        role: 'owner',
        params: z.strictObject({ id: z.string() }),
        body: TokenCreate,
        output: TokenCreated,
        status: 201,
      },
    ],
  ],
  securitySchemes: { admin: { type: 'http', scheme: 'bearer', description: "The server's ADMIN_TOKEN." } },
  security: [{ admin: [] }],
}

function answered(method: Operation['method'], path: string, summary: string): Omit<Operation, 'output'> {
  return { method, path, summary, role: 'public', at: 'edge', bodyOptional: true, status: 200 }
}

const documents = new Map<Part, OpenApiDocument>()

/** The document of a workspace's API at `url`. */
export const workspaceDocument = (url: string): OpenApiDocument => documentOf(WORKSPACE, url)

/** The document of what stands outside of workspaces, at `url`. */
export const deploymentDocument = (url: string): OpenApiDocument => documentOf(DEPLOYMENT, url)

function documentOf(part: Part, url: string): OpenApiDocument {
  const document = documents.get(part) ?? build(part)
  documents.set(part, document)
  return { ...document, servers: [{ url }] }
}

function build(part: Part): OpenApiDocument {
  const { refer, finish } = convertSchemas()
  refer(Problem, 'output')
  const paths: Record<string, Record<string, OpenApiOperation>> = {}
  for (const [id, operation] of part.operations) {
    const path = operation.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: describe(id, operation, part, refer) }
  }
  const { schemas, inPlace } = finish()
  const placed = inPlace(JSON.parse(JSON.stringify(paths))) as unknown as OpenApiDocument['paths'] // the same, with schemas for references
  return {
    openapi: '3.1.0',
    info: { title: part.title, version: VERSION, description: part.description },
    servers: [],
    paths: placed,
    components: { schemas: onlyUsed(schemas, JSON.stringify(placed)), securitySchemes: part.securitySchemes },
  }
}

function describe(id: string, operation: Operation, { security }: Part, refer: Refer): OpenApiOperation {
  const { summary, role, body, bodyOptional } = operation
  const [tag = id] = id.split('.')
  const content =
    body === undefined
      ? undefined
      : { 'application/json': { schema: bodyOptional === true ? orNull(refer(body, 'input')) : refer(body, 'input') } }
  return {
    operationId: id,
    summary,
    tags: [tag],
    security: role === 'public' ? [] : security,
    parameters: [...parametersOf('path', operation.params, refer), ...parametersOf('query', operation.query, refer)],
    ...(content === undefined ? {} : { requestBody: { required: bodyOptional !== true, content } }),
    responses: {
      ...answersOf(operation, refer),
      default: { description: 'Refused.', content: { 'application/problem+json': { schema: refer(Problem, 'output') } } },
    },
    'x-flowcell-role': role,
  }
}

/** A body that may be left out may also say null. */
const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] })

function answersOf({ output, status, creates }: Operation, refer: Refer): OpenApiOperation['responses'] {
  if (output === null) return { [status]: { description: 'Done.' } }
  if (output === 'websocket') return { [status]: { description: 'The socket is open.' } }
  const content =
    typeof output === 'string' ? { [output]: { schema: { type: 'string' } } } : { 'application/json': { schema: refer(output, 'output') } }
  const answer = { [status]: { description: status === 201 ? 'Created.' : 'The answer.', content } }
  return creates === true ? { 200: { description: 'It was there already.', content }, ...answer } : answer
}

function parametersOf(where: 'path' | 'query', schema: z.ZodObject | undefined, refer: Refer): OpenApiParameter[] {
  const fields = Object.entries(schema?.shape ?? {}) as [string, z.ZodType][] // a shape holds schemas
  return fields.map(([name, field]) => ({
    name,
    in: where,
    required: where === 'path' || !field.safeParse(undefined).success,
    schema: refer(field, 'input'),
  }))
}

/** Named schemas that the text, or another used one, refers to. */
function onlyUsed(schemas: Readonly<Record<string, Schema>>, text: string): Record<string, Schema> {
  const used = new Set<string>()
  const visit = (source: string): void => {
    for (const [, name = ''] of source.matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      const schema: Json | undefined = schemas[name]
      if (used.has(name) || !isSchema(schema)) continue
      used.add(name)
      visit(JSON.stringify(schema))
    }
  }
  visit(text)
  return Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name)))
}

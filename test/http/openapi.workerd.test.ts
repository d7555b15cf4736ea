import { reset } from 'cloudflare:test'
import { afterEach, expect, test } from 'vitest'
import type { Operation } from '#sdk/protocol/operation.ts'
import { OPERATIONS } from '#sdk/protocol/operations.ts'
import type { OpenApiDocument, OpenApiOperation } from '../../worker/http/openapi.ts'
import { PAGE_HEADERS } from '../../worker/http/security-headers.ts'
import { ORIGIN, ask, askAnonymously, createWorkspace } from './client.workerd.ts'

afterEach(() => reset())

const TABLE: readonly (readonly [string, Operation])[] = Object.entries(OPERATIONS)

async function documentOf(path?: string): Promise<OpenApiDocument> {
  const response = path === undefined ? await askAnonymously(await createWorkspace(), '/openapi.json') : await ask(path)
  return response.json()
}

const operationsOf = ({ paths }: OpenApiDocument): [string, OpenApiOperation][] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, OpenApiOperation] => [`${method.toUpperCase()} ${path}`, operation]),
  )

test('[OA1] the document tells every operation of the table with its method, path, role and status, and no other', async () => {
  const document = await documentOf()
  const told = operationsOf(document).map(([place, operation]) => [
    operation.operationId,
    place,
    operation['x-flowcell-role'],
    Object.keys(operation.responses),
  ])
  const table = TABLE.map(([id, { method, path, role, status, creates }]) => [
    id,
    `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`,
    role,
    [...(creates === true ? ['200'] : []), String(status), 'default'],
  ])
  expect(told.toSorted()).toEqual(table.toSorted())
})

test('[OA2] the address in it is the one that was asked, and credentials are named where they are needed', async () => {
  const workspace = await createWorkspace()
  const document: OpenApiDocument = await (await askAnonymously(workspace, '/openapi.json')).json()
  expect([document.openapi, document.servers]).toEqual(['3.1.0', [{ url: `${ORIGIN}/w/${workspace.id}/api` }]])
  for (const [, operation] of operationsOf(document)) {
    expect(operation.security).toEqual(operation['x-flowcell-role'] === 'public' ? [] : [{ token: [] }, { basic: [] }])
  }
})

test('[OA3] every reference leads to a shape, every shape is used, and none is left over from the conversion', async () => {
  for (const document of [await documentOf(), await documentOf('/api/openapi.json')]) {
    const text = JSON.stringify(document)
    const referred = new Set([...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, target]) => target))
    const shapes = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`)
    expect([...referred].toSorted()).toEqual(shapes.toSorted())
    expect(text).not.toMatch(/~|readOnly|\$schema|\$id/)
  }
})

test('[OA4] requests forbid unknown fields, answers allow later ones', async () => {
  const { schemas } = (await documentOf()).components
  expect([schemas['FlowRunCreate']?.['additionalProperties'], schemas['FlowRun']?.['additionalProperties']]).toEqual([false, undefined])
  expect(schemas['FlowCreate']).toEqual({
    type: 'object',
    properties: {
      name: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[^/%&<>]+$' },
      tags: { type: 'array', maxItems: 100, items: { type: 'string', minLength: 1, maxLength: 255 } },
      labels: {
        anyOf: [
          {
            type: 'object',
            propertyNames: { type: 'string', maxLength: 255 },
            additionalProperties: { anyOf: [{ type: 'string', maxLength: 255 }, { type: 'number' }, { type: 'boolean' }] },
          },
          { type: 'null' },
        ],
      },
      parameter_openapi_schema: { anyOf: [{ type: 'object', additionalProperties: {} }, { type: 'null' }] },
    },
    required: ['name'],
    additionalProperties: false,
  })
})

test('[OA4] a body that may be left out may also say null', async () => {
  const { paths } = await documentOf()
  const bodyOf = (path: string) => paths[path]?.['post']?.requestBody
  const count = { anyOf: [{ $ref: '#/components/schemas/Scope' }, { type: 'null' }] }
  expect(bodyOf('/flows/count')).toEqual({ required: false, content: { 'application/json': { schema: count } } })
  expect(bodyOf('/flows/')).toEqual({
    required: true,
    content: { 'application/json': { schema: { $ref: '#/components/schemas/FlowCreate' } } },
  })
})

test('[OA5] making workspaces has a small document of its own', async () => {
  const document = await documentOf('/api/openapi.json')
  expect(operationsOf(document).map(([place]) => place)).toEqual([
    'GET /health',
    'GET /openapi.json',
    'POST /workspaces',
    'POST /workspaces/{id}/links',
    'POST /workspaces/{id}/tokens',
  ])
  expect(document.servers).toEqual([{ url: `${ORIGIN}/api` }])
})

test('[OA6] the page tells every operation with an example, asks for nothing from elsewhere and runs no script', async () => {
  const workspace = await createWorkspace('<b>&"')
  const response = await askAnonymously(workspace, '/docs')
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
  expect(response.headers.get('content-security-policy')).toBe(PAGE_HEADERS['Content-Security-Policy'])
  const page = await response.text()
  for (const [id] of TABLE) expect(page).toContain(`<article id="${id}">`)
  expect(page.match(/<pre/g)).toHaveLength(TABLE.length)
  expect(page).not.toMatch(/<script|style=|(?:src|href)="(?:https?:)?\/\/(?!flowcell\.test)/)
})

test('[OA6] every link within the page has a target', async () => {
  const page = await (await askAnonymously(await createWorkspace(), '/docs')).text()
  const ids = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))
  expect([...page.matchAll(/href="#([^"]+)"/g)].map(([, target]) => target).filter((target) => !ids.has(target))).toEqual([])
})

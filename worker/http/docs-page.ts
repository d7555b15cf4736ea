/** `/w/{workspace}/api/docs`: the OpenAPI document as one page without scripts. */
import { describeAnswer, describeFields, typeOf } from './docs-fields.ts'
import { exampleCall } from './docs-examples.ts'
import { html, type Html } from './html.ts'
import type { OpenApiDocument, OpenApiOperation } from './openapi.ts'
import { isSchema } from './schemas.ts'
import { PAGE_HEADERS } from './security-headers.ts'

const GROUPS: Readonly<Record<string, string>> = {
  admin: 'Server',
  sessions: 'Sessions',
  live: 'Live socket',
  flows: 'Flows',
  flow_runs: 'Flow runs',
  task_runs: 'Task runs',
  flow_run_states: 'States of flow runs',
  task_run_states: 'States of task runs',
  logs: 'Logs',
  notebooks: 'Notebooks',
}

interface Entry {
  readonly method: string
  readonly path: string
  readonly operation: OpenApiOperation
}

export function docsPage(document: OpenApiDocument): Response {
  return new Response(renderDocs(document).text, {
    headers: { ...PAGE_HEADERS, 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' },
  })
}

function renderDocs(document: OpenApiDocument): Html {
  const groups = Map.groupBy(entriesOf(document), ({ operation }) => operation.tags[0] ?? '')
  const url = document.servers[0]?.url ?? ''
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>API · Flowcell</title>
        <link rel="icon" href="/favicon.svg" />
        <link rel="stylesheet" href="/plain.css" />
        <link rel="stylesheet" href="/docs.css" />
      </head>
      <body class="docs">
        <a class="skip" href="#main">Skip to the operations</a>
        <nav aria-label="Operations">
          <a class="mark" href="${url.replace(/\/api$/, '')}"><img src="/favicon.svg" alt="" width="22" height="22" /> Workspace</a>
          ${[...groups].map(([tag, entries]) => renderIndex(tag, entries))}
          <p><a href="#shapes">Shapes</a></p>
        </nav>
        <main id="main">
          ${renderIntroduction(document, url)} ${[...groups].map(([tag, entries]) => renderGroup(tag, entries, document, url))}
          ${renderShapes(document)}
        </main>
      </body>
    </html> `
}

function entriesOf(document: OpenApiDocument): Entry[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  )
}

const titleOf = (tag: string): string => GROUPS[tag] ?? tag

function renderIndex(tag: string, entries: readonly Entry[]): Html {
  const items = entries.map(({ operation }) => html`<li><a href="#${operation.operationId}">${wordsOf(operation.operationId)}</a></li>`)
  return html`<details>
    <summary>${titleOf(tag)}</summary>
    <ul>
      <li><a href="#${tag}">All of them</a></li>
      ${items}
    </ul>
  </details>`
}

/** `flow_runs.set_state` → "set state" */
const wordsOf = (id: string): string => (id.split('.')[1] ?? id).replaceAll('_', ' ')

function renderIntroduction({ info }: OpenApiDocument, url: string): Html {
  return html`<header>
    <h1>API of this workspace</h1>
    <p>${info.description} Also as <a href="${url}/openapi.json">OpenAPI 3.1</a>.</p>
    <dl class="facts">
      <dt>Address</dt>
      <dd><code>${url}</code></dd>
      <dt>Credential</dt>
      <dd>
        <code>Authorization: Bearer fc_…</code>, or Basic with the user <code>flowcell</code> and the token as password. The token was told
        when the workspace was made; <code>flowcell server start --json</code> prints the local server's.
      </dd>
      <dt>Times</dt>
      <dd>RFC 3339 in UTC with microseconds; ids are UUIDs.</dd>
      <dt>Errors</dt>
      <dd>
        <code>application/problem+json</code> with a stable <code>code</code>, a sentence in <code>detail</code>, and each bad field in
        <code>errors</code>. <a href="#Problem">Problem</a>
      </dd>
      <dt>Twice</dt>
      <dd>
        Where it says <em>may be sent twice</em>, the header <code>Idempotency-Key</code> makes the second request answer the first one's
        result.
      </dd>
    </dl>
    <p>For the examples: <code>export API=${url} TOKEN=fc_…</code></p>
  </header>`
}

function renderGroup(tag: string, entries: readonly Entry[], document: OpenApiDocument, url: string): Html {
  return html`<section id="${tag}">
    <h2>${titleOf(tag)}</h2>
    ${entries.map((entry) => renderOperation(entry, document, url))}
  </section>`
}

function renderOperation({ method, path, operation }: Entry, document: OpenApiDocument, url: string): Html {
  const body = operation.requestBody?.content['application/json']?.schema
  const optional = operation.requestBody?.required === false ? ' (may be left out)' : ''
  const twice = '200' in operation.responses && '201' in operation.responses
  const parameters = operation.parameters.map(
    ({ name, schema, required, in: where }) =>
      html`<tr>
        <td><code>${name}</code>${required ? '' : html` <small>optional</small>`}</td>
        <td>${typeOf(schema)} <small>in the ${where}</small></td>
      </tr>`,
  )
  return html`<article id="${operation.operationId}">
    <h3>
      <span class="method ${method.toLowerCase()}">${method}</span> <code>${path}</code>
      <span class="role">${operation['x-flowcell-role']}</span>
    </h3>
    <p>${operation.summary}${twice ? html` <em>May be sent twice.</em>` : ''}</p>
    ${
      parameters.length === 0
        ? ''
        : html`<table>
            ${parameters}
          </table>`
    }
    ${
      body === undefined
        ? ''
        : html`<details>
            <summary>Body${optional}: ${typeOf(body)}</summary>
            ${describeFields(body, document.components.schemas)}
          </details>`
    }
    ${describeAnswer(operation, document.components.schemas)}
    <pre tabindex="0"><code>${exampleCall({ method, path, operation }, document.components.schemas, url)}</code></pre>
  </article>`
}

function renderShapes({ components }: OpenApiDocument): Html {
  const shapes = Object.entries(components.schemas).map(([name, schema]) =>
    isSchema(schema)
      ? html`<article id="${name}">
          <h3><code>${name}</code></h3>
          ${describeFields(schema, {})}
        </article>`
      : html``,
  )
  return html`<section id="shapes">
    <h2>Shapes</h2>
    <p>Fields with a dot • are required in requests and always there in answers.</p>
    ${shapes}
  </section>`
}

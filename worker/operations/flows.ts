/** Flows. */
import { ProblemError } from '#sdk/protocol/errors.ts'
import type { Flow } from '#sdk/protocol/flow.ts'
import type { FlowId } from '#sdk/protocol/ids.ts'
import { mintFlowId } from '#sdk/protocol/mint.ts'
import type { JsonObject, Labels, Tags } from '#sdk/protocol/json.ts'
import { MAX_PARAMETERS_BYTES } from '#sdk/protocol/limits.ts'
import { deleteFlow } from './delete.ts'
import { pageOf } from './page.ts'
import { presentFlow } from './present.ts'
import { jsonBytes } from './sizes.ts'
import type { Handler, Unit } from './unit.ts'

export interface FlowRegistration {
  readonly name: string
  readonly tags?: Tags | undefined
  readonly labels?: Labels | null | undefined
  readonly parameter_openapi_schema?: JsonObject | null | undefined
}

/** The flow of that name, made when it is new. What the registration says of tags and parameters is kept; what it does not say stays. */
export function registerFlow(unit: Unit, registration: FlowRegistration): { readonly flow: Flow; readonly isNew: boolean } {
  const { now, random, store } = unit
  const { name, tags, labels, parameter_openapi_schema: schema } = registration
  requireSmallSchema(schema)
  const known = store.flows.findByName(name)
  if (known !== undefined) return { flow: updateFlow(unit, known, registration), isNew: false }
  const flow: Flow = {
    id: mintFlowId(now, random),
    created: now,
    updated: now,
    name,
    tags: tags ?? [],
    labels: labels ?? {},
    parameter_openapi_schema: schema ?? null,
  }
  store.flows.insert(flow)
  return { flow, isNew: true }
}

/** Writes only when something differs: a flow is registered by every run. */
function updateFlow(
  { now, store }: Unit,
  known: Flow,
  { tags, labels, parameter_openapi_schema: schema }: Partial<FlowRegistration>,
): Flow {
  const wanted: Flow = {
    ...known,
    tags: tags ?? known.tags,
    labels: labels ?? known.labels,
    parameter_openapi_schema: schema ?? known.parameter_openapi_schema,
  }
  const isSame = [wanted.tags, wanted.labels, wanted.parameter_openapi_schema].every(
    (value, index) => JSON.stringify(value) === JSON.stringify([known.tags, known.labels, known.parameter_openapi_schema][index]),
  )
  if (isSame) return known
  const updated = { ...wanted, updated: now }
  store.flows.update(updated)
  return updated
}

function requireSmallSchema(schema: JsonObject | null | undefined): void {
  if (schema == null || jsonBytes(schema, MAX_PARAMETERS_BYTES) <= MAX_PARAMETERS_BYTES) return
  throw new ProblemError('too_large', `parameter_openapi_schema may have ${MAX_PARAMETERS_BYTES} bytes as JSON.`)
}

export function flowOrProblem({ store }: Unit, id: FlowId): Flow {
  const flow = store.flows.find(id)
  if (flow === undefined) throw new ProblemError('not_found', `There is no flow ${id}.`)
  return flow
}

export const createFlow: Handler<'flows.create'> = (unit, { body }) => {
  const known = unit.store.flows.findByName(body.name)
  if (known !== undefined) return { output: presentFlow(known), status: 200 }
  const { flow } = registerFlow(unit, body)
  return { output: presentFlow(flow) }
}

export const readFlow: Handler<'flows.read'> = (unit, { params }) => ({ output: presentFlow(flowOrProblem(unit, params.id)) })

export const readFlowByName: Handler<'flows.read_by_name'> = ({ store }, { params }) => {
  const flow = store.flows.findByName(params.name)
  if (flow === undefined) throw new ProblemError('not_found', `There is no flow with the name ${JSON.stringify(params.name)}.`)
  return { output: presentFlow(flow) }
}

export const patchFlow: Handler<'flows.update'> = (unit, { params, body }) => {
  updateFlow(unit, flowOrProblem(unit, params.id), body)
  return {}
}

export const removeFlow: Handler<'flows.delete'> = (unit, { params }) => {
  deleteFlow(unit, flowOrProblem(unit, params.id).id)
  return {}
}

export const filterFlows: Handler<'flows.filter'> = ({ store }, { body }) => ({
  output: store.flows.list(body, body.sort, body.limit, body.offset).map(presentFlow),
})

export const paginateFlows: Handler<'flows.paginate'> = ({ store }, { body }) => ({
  output: pageOf(body, store.flows.count(body), (limit, offset) => store.flows.list(body, body.sort, limit, offset).map(presentFlow)),
})

export const countFlows: Handler<'flows.count'> = ({ store }, { body }) => ({ output: store.flows.count(body) })

export const bulkDeleteFlows: Handler<'flows.bulk_delete'> = (unit, { body }) => {
  const flows = unit.store.flows.list({ flows: body.flows }, 'NAME_ASC', body.limit, 0)
  for (const { id } of flows) deleteFlow(unit, id)
  return { output: { deleted: flows.map(({ id }) => id) } }
}

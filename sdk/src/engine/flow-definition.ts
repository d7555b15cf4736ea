/** What is known of a flow before any run of it, and what its parameters become. */
import type { RunCreateItem } from '../protocol/frames.ts'
import type { JsonObject } from '../protocol/json.ts'
import { ParameterError } from './errors.ts'
import type { FlowScope } from './flow-scope.ts'
import { fillTemplate, flowNameOf } from './names.ts'
import type { FlowOptions } from './options.ts'
import { coerceParameters, toArguments, type Parameters } from './parameters.ts'
import { describeIssues } from './parameters/issues.ts'
import { schemaOfNames, schemaOfStandard } from './parameters/schema-document.ts'
import { validateWithStandardSchema } from './parameters/standard-schema.ts'
import { recordedParameters, recordedSchema } from './recorded-parameters.ts'
import { asError } from './run-state.ts'
import type { Source } from './source.ts'
import type { Drive } from './streams.ts'

export interface FlowDefinition {
  readonly source: Source
  readonly options: FlowOptions
  /** Hands the values of a generator out as they come; without it they are gathered. */
  readonly drive?: Drive
}

export const nameOfFlow = ({ source, options }: FlowDefinition): string => options.name ?? flowNameOf(source.ownName)

/** What the workspace is told of a new run, and what a person should know of it. */
export function creationOf(
  scope: FlowScope,
  definition: FlowDefinition,
  given: Parameters,
): { readonly run: Omit<RunCreateItem, 'type'>; readonly warnings: readonly string[] } {
  const { parameters, warnings } = recordedParameters(given)
  const { schema, warning } = schemaOf(definition)
  return {
    run: {
      id: scope.id,
      created: scope.createdAt,
      flow: { name: scope.flowName, ...(schema !== undefined && { parameter_openapi_schema: schema }) },
      name: scope.name,
      parameters,
      ...(scope.version !== null && { flow_version: scope.version }),
      ...(scope.tags.length > 0 && { tags: [...new Set(scope.tags)] }),
    },
    warnings: warning === undefined ? warnings : [...warnings, warning],
  }
}

/** What is known of the parameters, for forms and for whoever prepares a run; with a word when that is less than there is. */
function schemaOf({ source, options }: FlowDefinition): { readonly schema?: JsonObject; readonly warning?: string } {
  const names = source.parameters ?? []
  const whole =
    options.parameters === undefined
      ? (source.schema ?? (source.parameters && schemaOfNames(names)))
      : schemaOfStandard(options.parameters, names)
  if (whole === undefined) return {}
  const schema = recordedSchema(whole)
  if (schema !== undefined) return { schema }
  const less = recordedSchema(schemaOfNames(names))
  return {
    ...(less !== undefined && { schema: less }),
    warning: 'The schema of the parameters is too large to be recorded, only their names are.',
  }
}

export type CheckedCall =
  | { readonly ok: true; readonly parameters: Parameters; readonly args: readonly unknown[]; readonly name: string | undefined }
  | { readonly ok: false; readonly error: Error }

/** The parameters as the function gets them, and the run's name that is made of them. Never rejects. */
export async function checkCall(definition: FlowDefinition, given: Parameters): Promise<CheckedCall> {
  const { source, options } = definition
  const checked = await checkParameters(definition, given)
  if (!checked.ok)
    return { ok: false, error: new ParameterError(`Validation of flow parameters failed with error: ${describeIssues(checked.issues)}`) }
  const { parameters } = checked
  try {
    const name = options.flowRunName === undefined ? undefined : fillTemplate('flow', options.flowRunName, parameters)
    return { ok: true, parameters, args: toArguments(source.parameters, parameters), name }
  } catch (error) {
    return { ok: false, error: asError(error) }
  }
}

/** The user's own schema comes first, then what the source says. */
function checkParameters({ source, options }: FlowDefinition, given: Parameters) {
  if (options.validateParameters === false) return { ok: true, parameters: given } as const
  if (options.parameters !== undefined) return validateWithStandardSchema(options.parameters, given)
  return source.schema === undefined ? ({ ok: true, parameters: given } as const) : coerceParameters(source.schema, given)
}

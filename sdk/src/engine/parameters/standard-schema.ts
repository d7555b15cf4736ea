/** Parameters described by a library of the user's choice, through the Standard Schema and Standard JSON Schema interfaces (version 1). */
import { describeValue, type ParameterCheck, type ParameterIssue } from './issues.ts'

interface StandardIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}
type StandardResult = { readonly value: unknown; readonly issues?: undefined } | { readonly issues: readonly StandardIssue[] }

/** What zod, valibot, arktype and others put on their schemas. `types` carries the TypeScript types, never a value. */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => StandardResult | Promise<StandardResult>
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
    readonly jsonSchema?: { readonly input: (options: { readonly target: string }) => Record<string, unknown> } | undefined
  }
}

/** Schemas of some libraries are functions. */
export function isStandardSchema(value: unknown): value is StandardSchema {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || !('~standard' in value)) return false
  const standard = value['~standard']
  return typeof standard === 'object' && standard !== null && 'validate' in standard && typeof standard.validate === 'function'
}

/**
 * Checks and converts parameters with the user's own schema, which describes them as one object by name. A parameter that the schema does not
 * know goes through as it was given: libraries drop unknown keys, and a lost argument would be lost silently. A schema that throws is an issue.
 */
export async function validateWithStandardSchema(
  schema: StandardSchema,
  parameters: Readonly<Record<string, unknown>>,
): Promise<ParameterCheck> {
  const result = await validate(schema, parameters)
  if (result.issues !== undefined) return { ok: false, issues: result.issues.map(toIssue) }
  if (!isRecord(result.value)) {
    return {
      ok: false,
      issues: [{ path: [], message: `the schema of the parameters must give an object, got ${describeValue(result.value)}` }],
    }
  }
  return { ok: true, parameters: { ...parameters, ...result.value } }
}

async function validate(schema: StandardSchema, parameters: Readonly<Record<string, unknown>>): Promise<StandardResult> {
  try {
    return await schema['~standard'].validate(parameters)
  } catch (error) {
    return {
      issues: [{ message: `the schema of the parameters failed: ${error instanceof Error ? error.message : describeValue(error)}` }],
    }
  }
}

function toIssue({ message, path = [] }: StandardIssue): ParameterIssue {
  const keys = path.map((part) => (typeof part === 'object' ? part.key : part))
  return { message, path: keys.map((key) => (typeof key === 'symbol' ? String(key) : key)) }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

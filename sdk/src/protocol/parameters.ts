/** How a function's parameters are described: read by the compiler, checked by the engine, stored with the flow, shown as a form. */
import type { JsonValue } from './json.ts'

/**
 * The part of JSON Schema that is written and enforced here. `{}` admits anything. `format: 'date-time'` means a Date in memory and an ISO
 * string in JSON; `{ type: 'integer', format: 'bigint' }` means a bigint in memory. `position` is Prefect's: the place in the signature.
 */
export type JsonSchema = {
  readonly title?: string
  readonly description?: string
  readonly position?: number
  readonly default?: JsonValue
  readonly type?: JsonSchemaType
  readonly format?: string
  readonly const?: JsonLiteral
  readonly enum?: readonly JsonLiteral[]
  readonly items?: JsonSchema
  readonly prefixItems?: readonly JsonSchema[]
  readonly minItems?: number
  readonly maxItems?: number
  readonly properties?: { readonly [name: string]: JsonSchema }
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly allOf?: readonly JsonSchema[]
  /** `#/definitions/Name`, in the same document only. */
  readonly $ref?: string
}
export type JsonLiteral = string | number | boolean | null
export type JsonSchemaType = 'string' | 'number' | 'integer' | 'boolean' | 'null' | 'array' | 'object'

/** The document that goes with a flow (`parameter_openapi_schema`), in the shape of Prefect's. */
export type ParametersSchema = {
  readonly title: 'Parameters'
  readonly type: 'object'
  readonly properties: { readonly [name: string]: JsonSchema }
  readonly required: readonly string[]
  readonly definitions: { readonly [name: string]: JsonSchema }
}

/** One parameter of a signature. A rest parameter is never required and takes all further arguments as one array. */
export interface ParameterInfo {
  readonly name: string
  readonly position: number
  readonly required: boolean
  readonly rest: boolean
}

/** The rest parameter that a function without arrow gets when it reads `arguments`: what it declares is then not all that it takes. */
export const ARGUMENTS_PARAMETER = 'arguments'

/** The name of a parameter that has none (`{ a, b }`): `arg0` for the first, longer while another one is called so. */
export function positionalName(position: number, taken: ReadonlySet<string>): string {
  const name = `arg${position}`
  return taken.has(name) ? `${name}_` : name
}

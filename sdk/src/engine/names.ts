/** Names: of flows from functions, of runs from templates, and a word when two share one. */
import { MAX_NAME_LENGTH } from '../protocol/limits.ts'
import { writeEngineLog, type Core } from './core.ts'
import { OptionError } from './errors.ts'
import type { NameTemplate } from './options.ts'
import type { Parameters } from './parameters.ts'
import { cut, describeError } from './record-error.ts'

/** `showStars` and `show_stars` → `show-stars`. What no flow's name may have becomes `-`, too. */
export function flowNameOf(functionName: string): string {
  return functionName
    .replaceAll(/[_/%&<>]/g, '-')
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1-$2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1-$2')
    .toLowerCase()
    .slice(0, MAX_NAME_LENGTH)
}

/** Says so when a name stands for two definitions. The same place defining it again, as a cell that is run again does, is not two. */
export function registerName(core: Core, kind: 'flow' | 'task', name: string, callSite: string | undefined): void {
  const key = `${kind} ${name}`
  const isKnown = core.names.has(key)
  const first = core.names.get(key)
  if (!isKnown) core.names.set(key, callSite)
  if (!isKnown || (first === callSite && first !== undefined)) return
  const where = first === undefined ? '' : ` The first one is at ${first}.`
  writeEngineLog(
    core,
    'WARNING',
    `A ${kind} named '${name}' is defined more than once.${where} Give each a name of its own: ${kind}(fn, { name: 'my-unique-name' })`,
  )
}

/**
 * The name of a run that a template makes of parameters: `{repo}` is the parameter `repo`.
 * @throws OptionError when it names a parameter that is not there, makes no name, or throws.
 */
export function fillTemplate(kind: 'flow' | 'task', template: NameTemplate, parameters: Parameters): string {
  const field = `${kind}RunName`
  try {
    const name =
      typeof template === 'function'
        ? template(parameters)
        : template.replaceAll(/\{([^{}]+)\}/g, (_, key: string) => shown(field, key, parameters))
    if (typeof name !== 'string' || name === '')
      throw new OptionError(field, `${field}: expected it to make a text, got ${typeof name === 'string' ? "''" : typeof name}.`)
    return cut(name, MAX_NAME_LENGTH)
  } catch (error) {
    if (error instanceof OptionError) throw error
    throw new OptionError(field, `The name of the ${kind} run could not be made: ${describeError(error)}`, { cause: error })
  }
}

function shown(field: string, key: string, parameters: Parameters): string {
  const name = key.trim()
  if (!Object.hasOwn(parameters, name)) {
    throw new OptionError(
      field,
      `${field}: there is no parameter '${name}' to put in; there are ${Object.keys(parameters).join(', ') || 'none'}.`,
    )
  }
  const value = parameters[name]
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}

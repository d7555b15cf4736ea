/** Where names are declared, and from where they are seen. */

export type DefinitionKind = 'const' | 'let' | 'var' | 'using' | 'function' | 'class' | 'import' | 'parameter'

interface Declared {
  readonly kind: DefinitionKind
  readonly start: number
  readonly end: number
}

/** One block, function or class. */
export interface Scope {
  readonly names: Map<string, Declared>
  readonly parent: Scope | undefined
  /** `var` goes up to the nearest of these. */
  readonly isFunction: boolean
}

export const newScope = (parent: Scope | undefined, isFunction = false): Scope => ({ names: new Map(), parent, isFunction })

/** Notes a name; the first place in the source counts. Answers what had the name in the same scope. */
export function declare(within: Scope, name: string, declared: Declared): Declared | undefined {
  const { names } = declared.kind === 'var' ? functionScope(within) : within
  const before = names.get(name)
  if (before === undefined || before.start > declared.start) names.set(name, declared)
  return before
}

export function sees(from: Scope, name: string): boolean {
  for (let scope: Scope | undefined = from; scope !== undefined; scope = scope.parent) if (scope.names.has(name)) return true
  return false
}

function functionScope(from: Scope): Scope {
  let scope = from
  while (!scope.isFunction && scope.parent !== undefined) scope = scope.parent
  return scope
}

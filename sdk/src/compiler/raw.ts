/** The tree as it is, field by field: for walks that meet every kind of node and must not trust that a field is there. */

export interface RawNode {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [field: string]: unknown
}

export function isRaw(value: unknown): value is RawNode {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    typeof value.type === 'string' &&
    'start' in value &&
    typeof value.start === 'number' &&
    'end' in value &&
    typeof value.end === 'number'
  )
}

export function childOf(node: RawNode, field: string): RawNode | undefined {
  const value = node[field]
  return isRaw(value) ? value : undefined
}

/** The nodes of a list; the holes of `[, a]` are left out. */
export function listOf(node: RawNode, field: string): readonly RawNode[] {
  const value = node[field]
  return Array.isArray(value) ? value.filter(isRaw) : []
}

export function textOf(node: RawNode | undefined, field: string): string | undefined {
  const value = node?.[field]
  return typeof value === 'string' ? value : undefined
}

export const hasFlag = (node: RawNode, field: string): boolean => node[field] === true

/** Every node below, in no particular order of use: fields as the parser wrote them. */
export function childrenOf(node: RawNode): readonly RawNode[] {
  const children: RawNode[] = []
  for (const value of Object.values(node)) {
    if (isRaw(value)) children.push(value)
    else if (Array.isArray(value)) {
      for (const item of value) if (isRaw(item)) children.push(item)
    }
  }
  return children
}

export function isParenthesized(node: RawNode): boolean {
  const { extra } = node
  return typeof extra === 'object' && extra !== null && 'parenthesized' in extra && extra.parenthesized === true
}

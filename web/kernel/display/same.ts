/** Whether two values are the same for all who use them. Where that cannot be told in bounded work, they are not. */

const MAX_VALUES = 100_000
const MAX_DEPTH = 100

/**
 * True for equal data: texts, numbers, dates, plain objects, lists, maps and sets of those. An object that is the very same one is not "the same":
 * the run may have changed what is in it. Never throws, runs no getter.
 */
export function isSame(before: unknown, after: unknown): boolean {
  try {
    return equal(before, after, 0, { left: MAX_VALUES })
  } catch {
    return false
  }
}

function equal(before: unknown, after: unknown, depth: number, budget: { left: number }): boolean {
  if (--budget.left < 0 || depth > MAX_DEPTH) return false
  if (typeof before !== 'object' || before === null || typeof after !== 'object' || after === null) return Object.is(before, after)
  if (before === after || Object.getPrototypeOf(before) !== Object.getPrototypeOf(after)) return false
  if (before instanceof Date && after instanceof Date) return Object.is(before.getTime(), after.getTime())
  if (Array.isArray(before) && Array.isArray(after)) return before.length === after.length && equalProperties(before, after, depth, budget)
  if (before instanceof Map && after instanceof Map) return equalLists([...before], [...after], depth, budget)
  if (before instanceof Set && after instanceof Set) return equalLists([...before], [...after], depth, budget)
  const prototype: unknown = Object.getPrototypeOf(before)
  return (prototype === Object.prototype || prototype === null) && equalProperties(before, after, depth, budget)
}

function equalLists(before: readonly unknown[], after: readonly unknown[], depth: number, budget: { left: number }): boolean {
  return before.length === after.length && before.every((item, index) => equal(item, after[index], depth + 1, budget))
}

function equalProperties(before: object, after: object, depth: number, budget: { left: number }): boolean {
  const keys = Reflect.ownKeys(before)
  const others = Reflect.ownKeys(after)
  if (keys.length !== others.length || keys.length > budget.left) return false
  // The order of names is seen by who walks them.
  return keys.every((key, index) => {
    if (others[index] !== key) return false
    const left = Object.getOwnPropertyDescriptor(before, key)
    const right = Object.getOwnPropertyDescriptor(after, key)
    if (left?.get !== undefined || right?.get !== undefined) return false
    return left?.enumerable === right?.enumerable && equal(left?.value, right?.value, depth + 1, budget)
  })
}

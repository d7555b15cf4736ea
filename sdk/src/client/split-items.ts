const STRUCTURE = /"(?:[^"\\]|\\.)*"|[[\]{},]/g

/** The texts of the items of a JSON array, however deep they nest: it is read without recursion, and not checked. */
export function splitItems(array: string): readonly string[] {
  const items: string[] = []
  let depth = 0
  let start = 1
  for (const { 0: token, index } of array.matchAll(STRUCTURE)) {
    if (token === '[' || token === '{') depth++
    if (token === ']' || token === '}') depth--
    if ((token === ',' && depth === 1) || depth === 0) {
      if (index > start) items.push(array.slice(start, index))
      start = index + 1
    }
  }
  return items
}

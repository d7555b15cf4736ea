/** Lists by page, in Prefect's shape. */
export interface Page<T> {
  readonly results: readonly T[]
  readonly count: number
  readonly limit: number
  readonly pages: number
  readonly page: number
}

/** `limit` 0 asks for the count alone. */
export function pageOf<T>(
  { limit, page }: { readonly limit: number; readonly page: number },
  count: number,
  list: (limit: number, offset: number) => readonly T[],
): Page<T> {
  const pages = limit === 0 ? 0 : Math.ceil(count / limit)
  return { results: limit === 0 ? [] : list(limit, (page - 1) * limit), count, limit, pages, page }
}

/** Which route an address takes. Pure. */

/** A pattern such as `/runs/flow-run/:id`; a parameter is one part of the path and never empty. */
export interface Pattern {
  readonly pattern: string
}
export interface Match<R extends Pattern> {
  readonly route: R
  readonly params: Readonly<Record<string, string>>
}

/** The first route whose pattern is the path; a slash at its end does not count. Undefined where a part cannot be decoded. */
export function matchRoute<R extends Pattern>(routes: readonly R[], path: string): Match<R> | undefined {
  const parts = partsOf(path)
  for (const route of routes) {
    const wanted = partsOf(route.pattern)
    if (wanted.length !== parts.length) continue
    const params: Record<string, string> = {}
    const fits = wanted.every((want, index) => {
      const part = parts[index] ?? ''
      if (!want.startsWith(':')) return want === part
      const value = decode(part)
      if (value !== undefined) params[want.slice(1)] = value
      return value !== undefined
    })
    if (fits) return { route, params }
  }
  return undefined
}

const partsOf = (path: string): readonly string[] => path.split('/').filter((part) => part !== '')

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}

/** Instants on the pages of runs: microseconds, as on the socket; REST rows have them as text. */

/** `2026-11-22T05:00:00.123456Z`, as the workspace writes it. */
export function instantOf(text: string): number {
  const seconds = Date.parse(`${text.slice(0, 19)}Z`)
  return seconds * 1_000 + Number(text.slice(20, 26))
}

export const instantOrNull = (text: string | null): number | null => (text === null ? null : instantOf(text))

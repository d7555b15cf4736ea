/** One measured number beside the peer or the limit that was measured, or set, in the same run. */
export interface Row {
  readonly what: string
  readonly ours: number
  /** What the number is compared with: a peer's name, or "limit". */
  readonly beside: string
  readonly reference: number
  readonly unit: string
  readonly better: 'less' | 'more'
}

export interface Bench {
  readonly title: string
  readonly run: () => Promise<readonly Row[]>
}

/** A table in which a ratio above 1 is good news. */
export function table(rows: readonly Row[]): string {
  const lines = rows.map(({ what, ours, beside, reference, unit, better }) => {
    const ratio = better === 'less' ? reference / ours : ours / reference
    return `| ${what} | ${short(ours)} ${unit} | ${short(reference)} ${unit} (${beside}) | ${better} | ${ratio.toFixed(2)} |`
  })
  return ['| what | ours | beside | better is | times as good |', '|---|---|---|---|---|', ...lines].join('\n')
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

function short(value: number): string {
  return value >= 100 ? Math.round(value).toString() : value.toPrecision(3)
}

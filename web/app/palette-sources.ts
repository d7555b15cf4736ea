/** What pages add to the palette: notebooks, runs, cells. Small, because the palette itself comes only when it is asked for. */

export interface PaletteEntry {
  /** Remembered as recent. */
  readonly id: string
  readonly title: string
  /** Said small beside it: "flow run", "2 h ago". */
  readonly detail?: string
  /** Further words that find it. */
  readonly words?: string
  readonly keys?: string
  readonly group: string
  readonly run: () => unknown
}
/** Asked for each query; what takes longer than the next letter is dropped. */
export type PaletteSource = (query: string, signal: AbortSignal) => readonly PaletteEntry[] | Promise<readonly PaletteEntry[]>

const sources = new Set<PaletteSource>()

/** Adds entries to the palette; answers how to take them away again. */
export function addPaletteSource(source: PaletteSource): () => void {
  sources.add(source)
  return () => sources.delete(source)
}
export const paletteSources = (): readonly PaletteSource[] => [...sources]

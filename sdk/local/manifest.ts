/** What the build tells the local edge about the assets. */
export type Encoding = 'br' | 'gzip'

export interface Asset {
  readonly etag: string
  readonly type: string
  readonly bytes: number
  /** Encodings that lie beside it in the `encoded` folder, best first. */
  readonly encodings: readonly Encoding[]
}

export interface HeaderRule {
  readonly pattern: string
  readonly set: Readonly<Record<string, string>>
  readonly unset: readonly string[]
}

export interface Manifest {
  readonly files: Readonly<Record<string, Asset>>
  readonly headers: readonly HeaderRule[]
  readonly workerFirst: readonly string[]
}

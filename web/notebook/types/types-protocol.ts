/**
 * What the editor and the types Worker say to each other. The shape is that of the Language Server Protocol (completion, hover, signature help,
 * pulled diagnostics, definition, references, rename), so that another server could take the Worker's place; places are UTF-16 offsets into
 * the text of a cell whose lines end with `\n`, as the editor counts them.
 *
 * 1. A change of cells is taken in before every question that comes after it.
 * 2. A question that waits while cells change may be answered about the newer text: who asked drops answers about a text that is gone.
 */

/** One cell of TypeScript. */
export interface TypedCell {
  readonly id: string
  readonly source: string
  /** What people call it; the id where it has no name. */
  readonly title?: string
}

export interface Span {
  readonly from: number
  readonly to: number
}
export interface SpanEdit extends Span {
  readonly insert: string
}
export interface CellSpan extends Span {
  readonly cell: string
}

export interface Completion {
  readonly label: string
  /** `function`, `class`, `interface`, `variable`, `constant`, `method`, `property`, `keyword`, `namespace`, `type`, `enum`, `text`. */
  readonly kind: string
  /** Higher comes first among equal matches. */
  readonly boost: number
  /** Where it differs from the label. */
  readonly insert?: string
  /** Where it takes away more than the word: `.` before `?.name`. */
  readonly from?: number
  readonly isDeprecated?: true
}
export interface CompletionList extends Span {
  readonly items: readonly Completion[]
}
/** What is known of a name: its declaration as code, and prose. Plain text, never HTML. */
export interface Documentation {
  readonly code: string
  readonly text: string
  /** `@param`, `@throws`, `@example`, … in their order. */
  readonly tags: readonly { readonly name: string; readonly text: string }[]
}
export interface Hover extends Span, Documentation {
  /** The other cell that defines it. */
  readonly cell?: string
}
export interface Signature {
  readonly before: string
  readonly parameters: readonly { readonly label: string; readonly text: string }[]
  readonly separator: string
  readonly after: string
  readonly text: string
}
export interface SignatureHelp {
  readonly signatures: readonly Signature[]
  readonly activeSignature: number
  readonly activeParameter: number
  /** Where the arguments begin: the place of the box. */
  readonly from: number
}
export interface Fix {
  readonly title: string
  readonly edits: readonly SpanEdit[]
}
export interface TypeDiagnostic extends Span {
  /** Never an error: what keeps a cell from running is the compiler's to tell. */
  readonly severity: 'warning' | 'hint'
  readonly message: string
  /** TypeScript's number, or the name of a rule of ours. */
  readonly code: number | string
  readonly tag?: 'deprecated'
  readonly fixes: readonly Fix[]
}
export interface CellEdits {
  readonly cell: string
  readonly spans: readonly SpanEdit[]
}
export type RenameTarget = (Span & { readonly ok: true; readonly name: string }) | { readonly ok: false; readonly reason: string }
export type Renamed = { readonly ok: true; readonly edits: readonly CellEdits[] } | { readonly ok: false; readonly reason: string }
export interface FoundReference extends CellSpan {
  /** From 1. */
  readonly line: number
  /** The line that it stands in. */
  readonly text: string
  readonly isDefinition: boolean
}

/** Question and answer by method. */
export interface Methods {
  completion: { readonly params: { readonly at: number; readonly trigger?: string }; readonly result: CompletionList | null }
  resolve: { readonly params: { readonly at: number; readonly label: string }; readonly result: Documentation | null }
  hover: { readonly params: { readonly at: number }; readonly result: Hover | null }
  signature: { readonly params: { readonly at: number }; readonly result: SignatureHelp | null }
  diagnostics: { readonly params: Record<string, never>; readonly result: readonly TypeDiagnostic[] }
  definition: { readonly params: { readonly at: number }; readonly result: readonly CellSpan[] }
  references: { readonly params: { readonly at: number }; readonly result: readonly FoundReference[] }
  prepareRename: { readonly params: { readonly at: number }; readonly result: RenameTarget }
  rename: { readonly params: { readonly at: number; readonly name: string }; readonly result: Renamed }
}
export type Method = keyof Methods
export type ParamsOf<M extends Method> = Methods[M]['params']
export type ResultOf<M extends Method> = Methods[M]['result']

export type Question = { [M in Method]: { readonly method: M; readonly cell: string; readonly params: ParamsOf<M> } }[Method]

export type ToTypes =
  /** The cells that are new or changed, and the ids of all in the notebook's order: what is not named is gone. */
  | { readonly type: 'cells'; readonly changed: readonly TypedCell[]; readonly order: readonly string[] }
  | ({ readonly type: 'ask'; readonly id: number } & Question)
  /** Nobody waits for the answer any more. */
  | { readonly type: 'drop'; readonly id: number }

export type FromTypes =
  | { readonly type: 'ready' }
  | { readonly type: 'answer'; readonly id: number; readonly result: Methods[Method]['result'] }
  /** A fault of the language service: the question has no answer, the next one may have. */
  | { readonly type: 'failed'; readonly id: number; readonly message: string }

/** What cells show and ask with: `display`, `input`, `progress`, `html` and their siblings. The kernel and Node each have their own. */

/** Something shown that can be shown anew. */
export interface Displayed {
  readonly id: string
  /** Shows another value in the same place. */
  update(value: unknown): void
}

export interface DisplayFunction {
  /**
   * Shows a value below the cell, now.
   * @example
   * const shown = display('loading')
   * shown.update(await load())
   */
  (value: unknown, options?: { readonly id?: string }): Displayed
  /** Takes away everything that the cell has shown so far. */
  clear(): void
}

interface Labelled {
  readonly label?: string
  /** Runs the cell and what uses it whenever the value changes; otherwise they are only marked stale. */
  readonly runOnChange?: boolean
}
export interface SliderOptions extends Labelled {
  readonly min?: number
  readonly max?: number
  readonly step?: number
  readonly value?: number
}
export interface TextOptions extends Labelled {
  readonly value?: string
  readonly placeholder?: string
  readonly multiline?: boolean
}
export interface NumberOptions extends Labelled {
  readonly min?: number
  readonly max?: number
  readonly step?: number
  readonly value?: number | null
}
export interface SelectOptions<T extends string> extends Labelled {
  readonly options: readonly T[]
  readonly value?: NoInfer<T>
}
export interface SelectManyOptions<T extends string> extends Labelled {
  readonly options: readonly T[]
  readonly multiple: true
  readonly value?: readonly NoInfer<T>[]
}
export interface CheckboxOptions extends Labelled {
  readonly value?: boolean
}
export interface DateOptions extends Labelled {
  /** `YYYY-MM-DD`. */
  readonly value?: string | null
  readonly min?: string
  readonly max?: string
}
export interface FileOptions extends Labelled {
  /** As in HTML: `.csv,text/csv`. */
  readonly accept?: string
}

/** A file that a person chose; the platform's `File` where there is one. */
export interface InputFile {
  readonly name: string
  readonly size: number
  readonly type: string
  text(): Promise<string>
  arrayBuffer(): Promise<ArrayBuffer>
}

/** A field of a form: the options of an input with its type. */
export type FormField =
  | ({ readonly type: 'slider' } & Omit<SliderOptions, 'runOnChange'>)
  | ({ readonly type: 'text' } & Omit<TextOptions, 'runOnChange'>)
  | ({ readonly type: 'number' } & Omit<NumberOptions, 'runOnChange'>)
  | ({ readonly type: 'select' } & Omit<SelectOptions<string>, 'runOnChange'>)
  | ({ readonly type: 'checkbox' } & Omit<CheckboxOptions, 'runOnChange'>)
  | ({ readonly type: 'date' } & Omit<DateOptions, 'runOnChange'>)

interface FieldValues {
  readonly slider: number
  readonly text: string
  readonly number: number | null
  readonly select: string
  readonly checkbox: boolean
  readonly date: string | null
}
export type FormValue<F extends Readonly<Record<string, FormField>>> = { readonly [K in keyof F]: FieldValues[F[K]['type']] }
export interface FormOptions extends Labelled {
  /** The word on its button. */
  readonly submit?: string
}

/**
 * Inputs below the cell. Each answers the value that it has now; when a person changes it, the cell and what uses it are stale.
 *
 * @example
 * const days = input.slider({ label: 'Days', min: 1, max: 30, value: 7 })
 */
export interface Inputs {
  slider(options?: SliderOptions): number
  text(options?: TextOptions): string
  number(options?: NumberOptions): number | null
  select<const T extends string>(options: SelectManyOptions<T>): readonly T[]
  select<const T extends string>(options: SelectOptions<T>): T
  checkbox(options?: CheckboxOptions): boolean
  date(options?: DateOptions): string | null
  file(options?: FileOptions): InputFile | null
  form<const F extends Readonly<Record<string, FormField>>>(fields: F, options?: FormOptions): FormValue<F>
}

export interface ProgressBar {
  readonly value: number
  /** Goes `by` further, 1 where nothing is said. */
  step(by?: number): void
  set(value: number): void
  /** It is done, wherever it stands. */
  end(): void
}
export interface ProgressOptions {
  readonly label?: string
  /** How much there is, where the list does not tell. */
  readonly total?: number
}

/**
 * Shows how far work has come.
 *
 * @example
 * for (const page of progress(pages, { label: 'Pages' })) await load(page)
 */
export interface ProgressFunction {
  (total: number, options?: ProgressOptions): ProgressBar
  <T>(items: Iterable<T>, options?: ProgressOptions): Iterable<T>
  <T>(items: AsyncIterable<T>, options?: ProgressOptions): AsyncIterable<T>
}

/** A text with the media type that says how it is drawn. */
export interface Markup {
  readonly media: string
  readonly text: string
}
/** Takes a text or stands before a template: md`# ${title}`. */
export interface MarkupTag {
  (text: string): Markup
  (strings: TemplateStringsArray, ...values: readonly unknown[]): Markup
}

export interface DisplayFace {
  readonly display: DisplayFunction
  readonly input: Inputs
  readonly progress: ProgressFunction
  /** Markup; values in its template are escaped. What has a script is drawn in a closed frame. */
  readonly html: MarkupTag
  /** Markdown. */
  readonly md: MarkupTag
  /** A drawing; values in its template are escaped. */
  readonly svg: MarkupTag
  /** A formula, as LaTeX writes it. */
  readonly latex: MarkupTag
}

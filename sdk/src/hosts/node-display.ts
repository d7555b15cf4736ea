/**
 * `display`, `input` and `progress` where no page looks on, so that `node x.nb.ts` runs: what is displayed is printed, an input answers its
 * first value, progress passes through.
 */
import { inspect as inspectNode } from 'node:util'
import type { DisplayFace, DisplayFunction, Displayed, Inputs, ProgressBar, ProgressFunction } from './display-face.ts'
import { formSpecs, inputSpec, optionsOf, type InputType } from './input-values.ts'
import { html, latex, markupOf, md, svg } from './markup.ts'
import { inspectValue } from './node-console.ts'

/** Where text goes: `process.stdout` for one. */
export interface DisplayOutput {
  readonly isTTY?: boolean
  write(text: string): unknown
}

export function newNodeDisplay(output: DisplayOutput): DisplayFace {
  let count = 0
  const print = (value: unknown): void => {
    const text = markupOf(value)?.text ?? (output.isTTY === true ? coloured(value) : inspectValue(value))
    output.write(`${text}\n`)
  }
  const display: DisplayFunction = Object.assign(
    (value: unknown, options: { readonly id?: string } = {}): Displayed => {
      print(value)
      return { id: options.id ?? `display-${++count}`, update: print }
    },
    { clear: (): void => undefined },
  )
  return { display, input: firstValues(), progress: passThrough(), html, md, svg, latex }
}

function coloured(value: unknown): string {
  return typeof value === 'string' ? value : inspectNode(value, { colors: true, depth: 6 })
}

function firstValues(): Inputs {
  const first =
    (type: InputType) =>
    (options?: unknown): unknown =>
      inputSpec(type, options).initial
  return {
    slider: first('slider'),
    text: first('text'),
    number: first('number'),
    select: first('select'),
    checkbox: first('checkbox'),
    date: first('date'),
    file: first('file'),
    form: (fields: unknown, options: unknown = {}) => {
      optionsOf(options, 'input.form', ['label', 'submit', 'runOnChange'])
      return Object.fromEntries([...formSpecs(fields)].map(([name, { initial }]) => [name, initial]))
    },
  } as Inputs // the specs check that each value is of its type
}

function passThrough(): ProgressFunction {
  const bar = (): ProgressBar => {
    let value = 0
    return {
      get value() {
        return value
      },
      step: (by = 1) => void (value += by),
      set: (to) => void (value = to),
      end: () => undefined,
    }
  }
  return ((items: unknown) => (typeof items === 'number' ? bar() : items)) as ProgressFunction // a list is answered as it is
}

/**
 * Cells use `display` and its siblings without importing them. A notebook that is run as a script finds them in its realm; other scripts
 * import them.
 */
export function giveToNotebook(face: DisplayFace, script: string | undefined): void {
  if (script === undefined || !/\.nb\.[cm]?[jt]s$/.test(script)) return
  const { display, input, progress, html: htmlTag, md: mdTag } = face
  for (const [name, value] of Object.entries({ display, input, progress, html: htmlTag, md: mdTag })) {
    if (!(name in globalThis)) Object.defineProperty(globalThis, name, { value, writable: true, configurable: true })
  }
}

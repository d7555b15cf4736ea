/** The trap of lines without `;`: a line that begins with `(`, `[` or a template goes on with the line before it. Pure. */
import { parser } from '@lezer/javascript'

export interface AsiHint {
  /** Where a `;` would end the line before. */
  readonly at: number
  readonly sentence: string
}

const typescript = parser.configure({ dialect: 'ts' })
const CONTINUED: Readonly<Record<string, string | undefined>> = {
  ArgList: 'is called',
  '[': 'is read from',
  TemplateString: 'takes the template',
}

export function asiHints(source: string): readonly AsiHint[] {
  if (!/\n[ \t]*[([`]/.test(source)) return []
  const hints: AsiHint[] = []
  typescript.parse(source).iterate({
    enter: ({ node, name, from }) => {
      const what = CONTINUED[name]
      const before = node.prevSibling
      if (what === undefined || before === null || !/^(?:Call|Member|TaggedTemplate)Expression$/.test(node.parent?.name ?? '')) return
      const between = source.slice(before.to, from)
      if (!between.includes('\n') || between.includes('?.')) return
      const line = source.slice(0, before.to).split('\n').length
      hints.push({
        at: before.to,
        sentence: `Line ${line} goes on in the next one: what stands there ${what}. If they are two statements, end line ${line} with a semicolon.`,
      })
    },
  })
  return hints
}

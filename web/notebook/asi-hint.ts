/** The trap of lines without `;`: a line that begins with `(`, `[` or a template goes on with the line before it. Pure. */
import { parser } from '@lezer/javascript'

type SyntaxNode = ReturnType<typeof parser.parse>['topNode']

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

/** Nothing but spaces and comments stands before it. */
const FIRST_ON_ITS_LINE = /\n(?:[^\S\n]|\/\*[^\n]*?\*\/)*$/
const IS_COMMENT = /Comment$/
/** Inside of these a `;` would be wrong, and a long expression over several lines is meant. */
const ENCLOSING: ReadonlySet<string> = new Set([
  'ParenthesizedExpression',
  'ArrayExpression',
  'ObjectExpression',
  'Interpolation',
  'ArgList',
  'ParamList',
  'ForSpec',
  'ForOfSpec',
  'ForInSpec',
])

export function asiHints(source: string): readonly AsiHint[] {
  if (!/\n\s*(?:[([`]|\/\*)/.test(source)) return []
  const hints: AsiHint[] = []
  typescript.parse(source).iterate({
    enter: ({ node, name, from }) => {
      const what = CONTINUED[name]
      const before = what === undefined ? null : codeBefore(node)
      if (what === undefined || before === null || !/^(?:Call|Member|TaggedTemplate)Expression$/.test(node.parent?.name ?? '')) return
      const between = source.slice(before.to, from)
      if (!FIRST_ON_ITS_LINE.test(between) || between.includes('?.') || isEnclosed(node.parent)) return
      const line = source.slice(0, before.to).split('\n').length
      hints.push({
        at: before.to,
        sentence: `Line ${line} goes on in the next one: what stands there ${what}. If they are two statements, end line ${line} with a semicolon.`,
      })
    },
  })
  return hints
}

/** What it is drawn to; null where types or a `?.` say that it is meant. */
function codeBefore(node: SyntaxNode): SyntaxNode | null {
  let before = node.prevSibling
  while (before !== null && IS_COMMENT.test(before.name)) before = before.prevSibling
  return before === null || before.lastChild?.name === 'TypeArgList' || before.name === '?.' ? null : before
}

function isEnclosed(node: SyntaxNode | null): boolean {
  for (let inner = node, up = node?.parent ?? null; inner !== null && up !== null; inner = up, up = up.parent) {
    if (/Statement$|Declaration$|^Block$|^Script$/.test(up.name)) return false
    if (ENCLOSING.has(up.name)) return true
    if (up.name === 'MemberExpression' && up.firstChild?.from !== inner.from) return true
  }
  return false
}

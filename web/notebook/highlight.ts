/** The syntax of code without an editor: the classes are those of the editor's own theme. Loaded after the first paint. */
import { parser as javascript } from '@lezer/javascript'
import { highlightTree } from '@lezer/highlight'
import { codeClasses } from './code-classes.ts'
import { piecesOf, type Piece, type Token } from './pieces.ts'

export { asiHints } from './asi-hint.ts'

const typescript = javascript.configure({ dialect: 'ts' })
/** A longer text is shown without colours: it would keep the page from everything else. */
const MAX_COLOURED = 64 * 1024

export function tokensOf(source: string): readonly Token[] {
  const tokens: Token[] = []
  if (source.length > MAX_COLOURED) return tokens
  highlightTree(typescript.parse(source), codeClasses, (from, to, className) => tokens.push({ from, to, className }))
  return tokens
}

/** The whole text in coloured pieces. */
export const highlight = (source: string): readonly Piece[] => piecesOf(source, tokensOf(source), [])

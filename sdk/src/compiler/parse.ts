/** Text to syntax tree, for any of the dialects that a cell or a script may be written in. */
import { parse, type ParserOptions, type ParserPlugin } from '@babel/parser'
import { lineStartsOf } from './positions.ts'
import type { Comment, Program } from './syntax.ts'

/** Why a source could not be read. Line and column count from 1. */
export interface SyntaxProblem {
  readonly message: string
  readonly line: number
  readonly column: number
}

/** A program with its text, its comments in order, and the offsets at which its lines begin. */
export interface SourceDocument {
  readonly source: string
  readonly program: Program
  readonly comments: readonly Comment[]
  readonly lineStarts: readonly number[]
  /** What the parser got over. The tree may then have holes that its types do not show. */
  readonly mistakes: readonly SyntaxProblem[]
}

export type Parsed = { readonly ok: true; readonly document: SourceDocument } | { readonly ok: false; readonly error: SyntaxProblem }

export const NESTED_TOO_DEEP = 'The source is nested too deep to be read.'

/**
 * Parses a script. Mistakes that the parser can get over (a name declared twice, `await` at an odd place) do not matter here.
 * `.tsx` and `.jsx` have elements; `.cts` and `.cjs` are CommonJS; everything else is a module in TypeScript, of which JavaScript is a part.
 */
export function parseSource(source: string, filename = 'cell.ts'): Parsed {
  try {
    const { program, comments, errors } = parse(source, parserOptions(filename))
    const document = { source, program, comments: comments ?? [], lineStarts: lineStartsOf(source), mistakes: errors.map(problemOf) }
    return { ok: true, document }
  } catch (error) {
    return { ok: false, error: problemOf(error) }
  }
}

function parserOptions(filename: string): ParserOptions {
  const isCommonJs = /\.c[tj]s$/.test(filename)
  const plugins: ParserPlugin[] = [['typescript', { dts: /\.d\.[cm]?ts$/.test(filename) }], 'decorators', 'decoratorAutoAccessors']
  if (/\.[tj]sx$/.test(filename)) plugins.push('jsx')
  return {
    sourceType: isCommonJs ? 'commonjs' : 'module',
    plugins,
    errorRecovery: true,
    attachComment: false,
    // The parser takes none of them for CommonJS, where the last two are so anyway.
    ...(isCommonJs ? {} : { allowAwaitOutsideFunction: true, allowReturnOutsideFunction: true, allowNewTargetOutsideFunction: true }),
    allowUndeclaredExports: true,
  }
}

/** The parser throws a SyntaxError with a place, and a RangeError for a source nested too deep for the stack. */
function problemOf(error: unknown): SyntaxProblem {
  if (!(error instanceof Error)) return { message: String(error), line: 1, column: 1 }
  if (error instanceof RangeError) return { message: NESTED_TOO_DEEP, line: 1, column: 1 }
  const loc: unknown = 'loc' in error ? error.loc : undefined
  const at = typeof loc === 'object' && loc !== null && 'line' in loc && 'column' in loc ? loc : { line: 1, column: 0 }
  return { message: error.message.replace(/ \(\d+:\d+\)$/, ''), line: Number(at.line), column: Number(at.column) + 1 }
}

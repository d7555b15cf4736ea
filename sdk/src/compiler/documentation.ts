/** Doc comments: what stands right above a thing, and what it says about parameters. */
import { endOf, startOf } from './syntax.ts'
import type { SourceDocument } from './parse.ts'

export interface Documentation {
  readonly description: string | undefined
  /** By parameter name. */
  readonly parameters: ReadonlyMap<string, string>
}

const NOTHING: Documentation = { description: undefined, parameters: new Map() }

/** The doc comment that ends right before one of these offsets; the first offset that has one wins. */
export function documentationAt(document: SourceDocument, offsets: readonly number[]): Documentation {
  for (const offset of offsets) {
    const text = docCommentBefore(document, offset)
    if (text !== undefined) return readDocComment(text)
  }
  return NOTHING
}

/** What a doc comment right before this offset says, without its tags. */
export const descriptionAt = (document: SourceDocument, offset: number): string | undefined =>
  documentationAt(document, [offset]).description

/** Other comments may stand between the doc comment and the thing; code may not. */
function docCommentBefore({ source, comments }: SourceDocument, offset: number): string | undefined {
  let below = offset
  for (let index = lastEndingBy(comments, offset); index >= 0; index--) {
    const comment = comments[index]
    if (comment === undefined || source.slice(endOf(comment), below).trim() !== '') return undefined
    if (comment.type === 'CommentBlock' && comment.value.startsWith('*')) return comment.value.slice(1)
    below = startOf(comment)
  }
  return undefined
}

function lastEndingBy(comments: SourceDocument['comments'], offset: number): number {
  let low = 0
  let high = comments.length
  while (low < high) {
    const middle = (low + high) >> 1
    const comment = comments[middle]
    if (comment !== undefined && endOf(comment) <= offset) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** `@param name text`, `@param {type} name - text`, `@param [name=1] text`; a text goes on until the next tag. */
const PARAMETER = /^@(?:param|arg|argument)\s+(?:\{[^}]*\}\s*)?(?:\[\s*([\w$]+)[^\]]*\]|([\w$]+))(?![\w$.[])\s*(?:-\s*)?([\s\S]*)$/

function readDocComment(text: string): Documentation {
  const lines = text.split(/\r\n|[\n\r\u2028\u2029]/).map((line) => line.replace(/^\s*\* ?/, '').trimEnd())
  const blocks: string[][] = [[]]
  for (const line of lines) {
    if (line.trimStart().startsWith('@')) blocks.push([line.trimStart()])
    else blocks.at(-1)?.push(line)
  }
  const [head, ...tags] = blocks.map((block) => block.join('\n').trim())
  const parameters = new Map<string, string>()
  for (const tag of tags) {
    const [, optional, plain, words] = PARAMETER.exec(tag) ?? []
    const name = optional ?? plain
    if (name !== undefined && words !== undefined && words.trim() !== '') parameters.set(name, words.trim())
  }
  return { description: head === undefined || head === '' ? undefined : head, parameters }
}

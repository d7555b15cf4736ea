/** What is written out when a word at the beginning of a line is taken: Tab goes from field to field. */
import { snippet, type Completion } from '@codemirror/autocomplete'

interface Snippet {
  readonly detail: string
  /** In the words of CodeMirror's snippets: `${field}`; fields of one name are written together. */
  readonly template: string
}

const SNIPPETS = {
  flow: {
    detail: 'a new flow',
    template: 'const ${hello} = flow(async function ${hello}(${name}: ${string}) {\n\t${}\n})',
  },
  task: {
    detail: 'a new task',
    template: 'const ${load} = task(async function ${load}(${url}: ${string}) {\n\t${}\n})',
  },
} as const satisfies Readonly<Record<string, Snippet>>

/** Above every name: it stands only where a statement begins. */
const BOOST = 90

/**
 * Those for the beginning of a line.
 *
 * @param known Names that can be used there: one that is missing is imported.
 */
export function snippetsFor(lineBefore: string, known: ReadonlySet<string>): readonly Completion[] {
  if (!/^\s*\w*$/.test(lineBefore)) return []
  return Object.entries(SNIPPETS).map(([label, { detail, template }]) => ({
    label,
    detail,
    type: 'keyword',
    boost: BOOST,
    apply: snippet(known.has(label) ? template : `import { ${label} } from 'flowcell'\n\n${template}`),
  }))
}

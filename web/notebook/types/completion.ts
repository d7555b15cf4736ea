/** Completion in the editor: the Worker's list while it answers, the names of the text itself until then. */
import {
  acceptCompletion,
  autocompletion,
  insertCompletionText,
  type Completion as Option,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete'
import { localCompletionSource } from '@codemirror/lang-javascript'
import { Prec, type Extension } from '@codemirror/state'
import { keymap } from '@codemirror/view'
import { documentationView } from './documentation-view.ts'
import { snippetsFor } from './snippets.ts'
import type { Completion } from './types-protocol.ts'
import type { TypesClient } from './types-client.ts'

const WORD = /[\p{ID_Continue}$]*$/u
const WHOLE_WORD = /^[\p{ID_Continue}$]*$/u
const OPENS_IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*['"][^'"\n]*$/

interface TypedOption extends Option {
  readonly isDeprecated?: boolean
}

export function typesCompletion(client: TypesClient, cell: string): Extension {
  return [
    autocompletion({
      override: [(context) => complete(client, cell, context)],
      optionClass: (option: TypedOption) => (option.isDeprecated === true ? 'fc-outdated' : ''),
    }),
    Prec.high(keymap.of([{ key: 'Tab', run: acceptCompletion }])),
  ]
}

async function complete(client: TypesClient, cell: string, context: CompletionContext): Promise<CompletionResult | null> {
  if (!context.explicit && !isPlace(context)) return null
  if (client.state.value !== 'ready' && !(context.explicit && client.state.value === 'loading')) return localCompletionSource(context)
  const source = context.state.doc.toString()
  const list = await client.ask('completion', cell, source, { at: context.pos }, (drop) => context.addEventListener('abort', drop))
  if (list === undefined) return context.aborted ? null : localCompletionSource(context)
  if (list === null) return null
  const info = async (option: Option): Promise<HTMLElement | null> => {
    // Of the text as it is by then: what was typed since belongs to the same word.
    const text = context.view?.state.doc.toString() ?? source
    const details = await client.ask('resolve', cell, text, { at: list.from, label: option.label })
    return details === undefined || details === null ? null : documentationView(details)
  }
  const line = context.state.doc.lineAt(list.from)
  const snippets = snippetsFor(line.text.slice(0, list.from - line.from), new Set(list.items.map(({ label }) => label)))
  return {
    from: list.from,
    options: [...snippets, ...list.items.map((item) => ({ ...optionOf(item), info }))],
    validFor: WHOLE_WORD,
  }
}

/** Where a list opens by itself: in a word, after a dot, in the name of a module. Not in numbers. */
function isPlace(context: CompletionContext): boolean {
  const line = context.state.doc.lineAt(context.pos)
  const before = line.text.slice(0, context.pos - line.from)
  if (OPENS_IMPORT.test(before)) return true
  const word = WORD.exec(before)?.[0] ?? ''
  if (word !== '') return !/^\d/.test(word)
  return /[\p{ID_Continue}$)\]'"`}?!]\.$/u.test(before) && !/(?:^|[^\p{ID_Continue}$.])\d+\.$/u.test(before)
}

function optionOf({ label, kind, boost, insert, from, isDeprecated }: Completion): TypedOption {
  const option = { label, type: kind, boost, ...(isDeprecated === true ? { isDeprecated } : {}) }
  if (insert === undefined && from === undefined) return option
  return {
    ...option,
    apply: (view, _completion, start, end) => view.dispatch(insertCompletionText(view.state, insert ?? label, from ?? start, end)),
  }
}

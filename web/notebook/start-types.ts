/** The language service of an open notebook: is told the cells, gives editors what it knows, and goes and renames through the page. */
import { cellTitleOf } from '#sdk/notebook/document.ts'
import { toast } from '../ui/toasts.ts'
import { cellLabel } from './cell-label.ts'
import type { EditorParts } from './lazy-parts.ts'
import type { NotebookModel } from './notebook-model.ts'
import type { PageHooks } from './page-hooks.ts'
import { TypesClient } from './types/types-client.ts'

const TELL_AFTER_MS = 100

export function startTypes(model: NotebookModel, hooks: PageHooks): { readonly parts: EditorParts; readonly close: () => void } {
  const client = new TypesClient()
  const { document } = model
  let timer: ReturnType<typeof setTimeout> | undefined
  const tell = (): void => {
    client.setCells(
      document.notebook.cells.flatMap((cell, index) =>
        cell.type === 'ts' ? [{ id: cell.id, source: cell.source, title: cellTitleOf(cell) ?? cellLabel(index) }] : [],
      ),
    )
  }
  const stops = [
    document.revision.subscribe(() => {
      // What is typed the editor tells by itself.
      timer ??= setTimeout(() => {
        timer = undefined
        tell()
      }, TELL_AFTER_MS)
    }),
    () => clearTimeout(timer),
    client.notice.subscribe(() => {
      if (client.notice.value !== undefined) toast({ text: client.notice.value })
    }),
    client.state.subscribe(() => (model.types.value = client.state.value)),
    client.onNavigate((cell, from, to) => hooks.showText(cell, from, to)),
    client.onRename((edits, { from, to }) => {
      const operations = edits.flatMap(({ cell, spans }) => {
        const found = document.notebook.cells.find(({ id }) => id === cell)
        return found === undefined ? [] : [{ op: 'changeText', cell: found.id, length: found.source.length, spans } as const]
      })
      if (!model.perform({ title: `Rename ${from}`, operations })) return
      const places = edits.reduce((sum, { spans }) => sum + spans.length, 0)
      const text = `${from} is now ${to}, in ${places === 1 ? '1 place' : `${places} places`}.`
      toast({ text, action: { title: 'Undo', run: () => void document.undo() } })
    }),
  ]
  tell()
  client.wake()
  return {
    parts: { types: (cell) => client.extensions(cell) },
    close: () => {
      for (const stop of stops) stop()
      client.dispose()
    },
  }
}

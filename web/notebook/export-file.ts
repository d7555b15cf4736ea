/** A notebook as a file that is downloaded. */
import { printHtml } from '#sdk/notebook/html.ts'
import { printIpynb } from '#sdk/notebook/ipynb.ts'
import { printMarkdown } from '#sdk/notebook/markdown.ts'
import { printNotebook } from '#sdk/notebook/nb-ts.ts'
import type { CellOutputs } from '#sdk/notebook/outputs.ts'
import { printPlainTs } from '#sdk/notebook/plain-ts.ts'
import { saveFile } from './outputs/save-file.ts'
import type { NotebookModel } from './notebook-model.ts'
import { renderMarkdown } from './render-markdown.ts'

export type ExportKind = 'nb.ts' | 'ipynb' | 'md' | 'html' | 'ts'

const MEDIA: Readonly<Record<ExportKind, string>> = {
  'nb.ts': 'text/typescript',
  ipynb: 'application/x-ipynb+json',
  md: 'text/markdown',
  html: 'text/html',
  ts: 'text/typescript',
}

export async function exportNotebook(model: NotebookModel, kind: ExportKind): Promise<void> {
  const name = `${fileNameOf(model.title)}.${kind}`
  saveFile(name, new Blob([await textOf(model, kind)], { type: MEDIA[kind] }))
}

async function textOf(model: NotebookModel, kind: ExportKind): Promise<string> {
  const { notebook } = model.document
  switch (kind) {
    case 'nb.ts':
      return printNotebook(notebook)
    case 'md':
      return printMarkdown(notebook)
    case 'ipynb':
      return printIpynb(notebook, outputsOf(model))
    case 'html':
      return printHtml(notebook, { outputs: outputsOf(model), renderText: (source) => markupOf(source) })
    case 'ts':
      // As the code runs: each cell behind what it needs.
      await model.compile.now()
      return printPlainTs(notebook, [...model.compile.graph.value.order])
  }
}

function outputsOf(model: NotebookModel): CellOutputs {
  return new Map(model.document.order.value.map((cell) => [cell, model.runs.get(cell)?.run.outputs ?? []]))
}

function markupOf(source: string): string {
  const place = document.createElement('div')
  place.append(renderMarkdown(source))
  return place.innerHTML
}

/** What every system takes as the name of a file. */
export function fileNameOf(title: string): string {
  const name = title
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '')
  return name === '' ? 'notebook' : name.slice(0, 80)
}

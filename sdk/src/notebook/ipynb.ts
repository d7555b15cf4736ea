/**
 * Jupyter notebooks, both ways. Ids, kinds and attributes go along in `metadata.flowcell`, so what we wrote reads as it was.
 *
 * Cells in other languages become text with their code in a fence and `language=python`; written again, they are code cells as before.
 */
import type { JsonValue } from '../protocol/json.ts'
import type { Random } from '../protocol/mint.ts'
import type { Cell, CellAttributes, Notebook, NotebookHeader } from '../protocol/notebook.ts'
import { isCellAttributes, isNotebookHeader } from '../protocol/notebook-rules.ts'
import { buildNotebook, type Draft } from './build.ts'
import { cellTitleOf, FORMAT_VERSION, hasFlag, titleOf } from './document.ts'
import { fenced, unfenced } from './fence.ts'
import { isRecord, listOf, recordOf, textOf, type UnknownRecord } from './json-read.ts'
import type { Notice, ReadNotebook } from './notices.ts'
import type { CellOutput } from '../protocol/cell-output.ts'
import type { CellOutputs } from './outputs.ts'

const OURS: readonly string[] = ['typescript', 'ts', 'javascript', 'js', 'deno', 'tslab', 'jslab']

/** The `.ipynb` of a notebook, in nbformat 4.5. Without `outputs` no cell has one. */
export function printIpynb(notebook: Notebook, outputs?: CellOutputs): string {
  const title = titleOf(notebook)
  const metadata = {
    kernelspec: { name: 'deno', display_name: 'Deno', language: 'typescript' },
    language_info: { name: 'typescript', file_extension: '.ts', mimetype: 'text/x.typescript' },
    ...(title === undefined ? {} : { title }),
    flowcell: { header: notebook.header },
  }
  const cells = notebook.cells.map((cell) => writeCell(cell, outputs?.get(cell.id) ?? []))
  return `${JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }, null, 1)}\n`
}

function writeCell(cell: Cell, outputs: readonly CellOutput[]): JsonValue {
  const { id, type, attributes } = cell
  const title = cellTitleOf(cell)
  const metadata = {
    ...(title === undefined ? {} : { name: title }),
    ...(hasFlag(attributes, 'hidden') ? { jupyter: { source_hidden: true } } : {}),
    flowcell: { id, type, attributes },
  }
  const code = (source: string, more: object) => ({
    cell_type: 'code',
    id,
    metadata: { ...metadata, ...more },
    execution_count: null,
    outputs: outputs.map(writeOutput),
    source: linesOf(source),
  })
  if (type === 'ts') return code(cell.source, {})
  const language = attributes['language']
  const foreign = type === 'md' && typeof language === 'string' ? unfenced(language, cell.source) : undefined
  if (foreign !== undefined) return code(foreign, { vscode: { languageId: language } })
  return { cell_type: type === 'md' ? 'markdown' : 'raw', id, metadata, source: linesOf(cell.source) }
}

/** nbformat keeps texts as lists of lines, each with its end. */
const linesOf = (text: string): string[] => text.split(/(?<=\n)/).filter((line) => line !== '')

function writeOutput(output: CellOutput): JsonValue {
  switch (output.kind) {
    case 'stream':
      return { output_type: 'stream', name: output.name, text: linesOf(output.text) }
    case 'error':
      return { output_type: 'error', ename: output.name, evalue: output.message, traceback: output.stack }
    case 'display':
      return { output_type: 'display_data', data: output.data, metadata: {} }
    case 'result':
      return { output_type: 'execute_result', data: output.data, metadata: {}, execution_count: null }
  }
}

/** Reads nbformat 4 and 3. Outputs stay behind: they are made again by running. */
export function parseIpynb(text: string, random: Random): ReadNotebook {
  const document = readJson(text)
  if (!isRecord(document))
    return { ok: false, code: 'not_a_notebook', sentence: 'The file is no JSON object, so it is no Jupyter notebook.' }
  const version = document['nbformat']
  const found = version === 3 ? recordOf(listOf(document['worksheets'])[0])['cells'] : document['cells']
  if (typeof version !== 'number' || version < 3 || !Array.isArray(found)) {
    return {
      ok: false,
      code: 'not_a_notebook',
      sentence: 'The file has no cells as nbformat 3 and 4 have them, so it is no Jupyter notebook.',
    }
  }
  const metadata = recordOf(document['metadata'])
  const language = languageOf(metadata)
  const notices: Notice[] = [...versionNotices(version, document)]
  const drafts = found.map((cell: unknown, index) => readCell(recordOf(cell), index + 1, language, notices))
  return buildNotebook(headerOf(metadata), drafts, [...notices, ...outputNotices(found)], random)
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return undefined
  }
}

function versionNotices(version: number, document: UnknownRecord): Notice[] {
  const sheets = listOf(document['worksheets']).length
  const more = version === 3 && sheets > 1 ? [`The file has ${sheets} worksheets; only the first was read.`] : []
  const other = version === 4 ? [] : [`The file is of nbformat ${version}; it was read as far as it is known here.`]
  return [...other, ...more].map((sentence) => ({ code: 'other_version', sentence }))
}

function outputNotices(cells: readonly unknown[]): Notice[] {
  const count = cells.reduce<number>((sum, cell) => sum + listOf(recordOf(cell)['outputs']).length, 0)
  if (count === 0) return []
  return [
    { code: 'outputs_left', sentence: `The file has outputs (${count}); they stayed behind, and running the cells makes them again.` },
  ]
}

function languageOf(metadata: UnknownRecord): string {
  const info = textOf(recordOf(metadata['language_info'])['name'])
  return (info ?? textOf(recordOf(metadata['kernelspec'])['language']) ?? 'python').toLowerCase()
}

function headerOf(metadata: UnknownRecord): NotebookHeader {
  const ours = recordOf(metadata['flowcell'])['header']
  if (isNotebookHeader(ours)) return ours
  const title = (textOf(metadata['title']) ?? textOf(metadata['name']) ?? '').replaceAll(/\s+/g, ' ').trim()
  return { nb: String(FORMAT_VERSION), ...(title === '' ? {} : { title: title.slice(0, 1_000) }) }
}

function readCell(cell: UnknownRecord, number: number, language: string, notices: Notice[]): Draft {
  const metadata = recordOf(cell['metadata'])
  const ours = recordOf(metadata['flowcell'])
  const where = { cell: number }
  const id = textOf(ours['id']) ?? textOf(cell['id'])
  const known = ours['attributes']
  const attributes = isCellAttributes(known) ? known : foreignAttributes(metadata)
  // nbformat below 4.5 has no ids: nobody misses them.
  const draft = { id, isPlain: id === undefined, where }
  const source = joined(cell['source'] ?? cell['input'])
  if (Object.keys(recordOf(cell['attachments'])).length > 0) {
    notices.push({ code: 'attachments_left', sentence: 'The cell has attached images; they stayed behind.', ...where })
  }
  const type = cell['cell_type']
  if (type === 'code') return { ...draft, ...codeOf(source, codeLanguage(cell, metadata, language), attributes, where, notices) }
  if (type === 'heading') return { ...draft, type: 'md', source: `${'#'.repeat(levelOf(cell['level']))} ${source}`, attributes }
  return { ...draft, type: type === 'markdown' ? 'md' : (textOf(ours['type']) ?? textOf(type) ?? 'raw'), source, attributes }
}

const joined = (source: unknown): string =>
  typeof source === 'string'
    ? source
    : listOf(source)
        .map((line) => textOf(line) ?? '')
        .join('')
const levelOf = (level: unknown): number => (typeof level === 'number' ? Math.min(6, Math.max(1, Math.floor(level) || 1)) : 1)

function codeLanguage(cell: UnknownRecord, metadata: UnknownRecord, language: string): string {
  const own = textOf(recordOf(metadata['vscode'])['languageId']) ?? textOf(cell['language'])
  return (own ?? language).toLowerCase()
}

function codeOf(source: string, language: string, attributes: CellAttributes, where: { cell: number }, notices: Notice[]) {
  if (OURS.includes(language)) return { type: 'ts', source, attributes }
  const isKept = attributes['language'] === language
  if (!isKept) {
    const sentence = `The cell is ${language}, which does not run here; its code is kept as text.`
    notices.push({ code: 'other_language', sentence, ...where })
  }
  const tag = language.replaceAll(/[^\w+#.-]/g, '') || 'text'
  return { type: 'md', source: fenced(tag, source), attributes: { ...attributes, language: tag } }
}

function foreignAttributes(metadata: UnknownRecord): CellAttributes {
  const title = textOf(metadata['name'])?.slice(0, 200)
  const isHidden = recordOf(metadata['jupyter'])['source_hidden'] === true || metadata['collapsed'] === true
  return { ...(title === undefined ? {} : { title }), ...(isHidden ? { hidden: true as const } : {}) }
}

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseHtml, printHtml } from '#sdk/notebook/html.ts'
import { importNotebook } from '#sdk/notebook/import.ts'
import { parseIpynb, printIpynb } from '#sdk/notebook/ipynb.ts'
import { parseMarkdown, printMarkdown } from '#sdk/notebook/markdown.ts'
import { printNotebook } from '#sdk/notebook/nb-ts.ts'
import type { ReadNotebook } from '#sdk/notebook/notices.ts'
import type { CellOutput } from '#sdk/protocol/cell-output.ts'
import { parsePlainTs, printPlainTs } from '#sdk/notebook/plain-ts.ts'
import { cell, chance, documents, id, notebook } from './documents.ts'

/** Cells as type, source and attributes; notices as `line or cell: code`. */
function brief(answer: ReadNotebook) {
  if (!answer.ok) return answer
  return {
    header: answer.notebook.header,
    cells: answer.notebook.cells.map(({ type, source, attributes }) => [type, source, attributes]),
    notices: answer.notices.map(({ line, cell: number, code }) => `${line ?? number ?? '-'} ${code}`),
  }
}
const FORMATS = { ipynb: [printIpynb, parseIpynb], md: [printMarkdown, parseMarkdown], html: [printHtml, parseHtml] } as const

test.each(Object.entries(FORMATS))('[NB70] a notebook written as another format reads as it was: %s', (_, [print, parse]) => {
  fc.assert(
    fc.property(documents, (document) => {
      const answer = parse(print(document), chance())
      expect(answer).toEqual({ ok: true, notebook: document, notices: [] })
      expect(answer.ok && printNotebook(answer.notebook)).toBe(printNotebook(document))
    }),
    { numRuns: 500 },
  )
})

test.each(Object.entries(FORMATS))('[NB71] no text makes a reader throw: %s', (_, [print, parse]) => {
  const pieces = [
    '<!-- %%',
    ' -->',
    '```',
    'ts',
    '\n',
    '---',
    '{',
    '}',
    '"cells":',
    '[',
    ']',
    '"nbformat":4',
    ',',
    'id=a',
    ' ',
    '<pre hidden id="flowcell-notebook">\n',
    '</pre>',
  ]
  const any = fc.oneof(
    fc.array(fc.constantFrom(...pieces), { maxLength: 20 }).map((parts) => parts.join('')),
    fc.json(),
    fc.string(),
  )
  fc.assert(
    fc.property(any, documents, fc.nat(), (text, document, cut) => {
      const printed = print(document)
      const at = cut % printed.length
      for (const input of [text, printed.slice(0, at), printed.slice(0, at) + text + printed.slice(at)]) {
        const answer = parse(input, chance())
        if (!answer.ok) expect(answer.sentence).toMatch(/^\S.*\.$/)
        else expect(parse(print(answer.notebook), chance()).ok).toBe(true)
      }
    }),
    { numRuns: 300 },
  )
})

const OUTPUTS: readonly CellOutput[] = [
  { kind: 'stream', name: 'stdout', text: 'one\ntwo\n' },
  { kind: 'result', data: { 'text/plain': '<3>', 'text/html': '<script>alert(1)</script>' } },
  { kind: 'display', data: { 'text/plain': 'a "picture"', 'image/svg+xml': '<svg onload="x"/>' } },
  { kind: 'display', data: { 'image/png': 'iVBO\nRw0=' } },
  { kind: 'error', name: 'TypeError', message: 'no <b>', stack: ['at cell-a.ts:1:2'] },
]

test('[NB72] an .ipynb is nbformat 4.5: code, markdown and raw cells with our ids, outputs only when given', () => {
  const document = {
    ...notebook(cell('a', 'x\ny', { title: 'A', hidden: true }), cell('b', '# T', {}, 'md'), cell('c', 's', {}, 'sql')),
    header: { nb: '1', title: 'T' },
  }
  const written = JSON.parse(printIpynb(document, new Map([[id('a'), OUTPUTS.filter(({ kind }) => kind !== 'display')]])))
  expect(written).toEqual({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: { name: 'deno', display_name: 'Deno', language: 'typescript' },
      language_info: { name: 'typescript', file_extension: '.ts', mimetype: 'text/x.typescript' },
      title: 'T',
      flowcell: { header: { nb: '1', title: 'T' } },
    },
    cells: [
      {
        cell_type: 'code',
        id: 'a',
        metadata: {
          name: 'A',
          jupyter: { source_hidden: true },
          flowcell: { id: 'a', type: 'ts', attributes: { title: 'A', hidden: true } },
        },
        execution_count: null,
        outputs: [
          { output_type: 'stream', name: 'stdout', text: ['one\n', 'two\n'] },
          {
            output_type: 'execute_result',
            data: { 'text/plain': '<3>', 'text/html': '<script>alert(1)</script>' },
            metadata: {},
            execution_count: null,
          },
          { output_type: 'error', ename: 'TypeError', evalue: 'no <b>', traceback: ['at cell-a.ts:1:2'] },
        ],
        source: ['x\n', 'y'],
      },
      { cell_type: 'markdown', id: 'b', metadata: { flowcell: { id: 'b', type: 'md', attributes: {} } }, source: ['# T'] },
      { cell_type: 'raw', id: 'c', metadata: { flowcell: { id: 'c', type: 'sql', attributes: {} } }, source: ['s'] },
    ],
  })
  expect(brief(parseIpynb(JSON.stringify(written), chance()))).toMatchObject({ notices: ['- outputs_left'] })
})

test('[NB73] an .ipynb from elsewhere keeps its Python as text, and has it as code again when it is written', () => {
  const python = JSON.stringify({
    nbformat: 4,
    nbformat_minor: 4,
    metadata: { language_info: { name: 'python' }, title: 'Old\none' },
    cells: [
      { cell_type: 'markdown', metadata: {}, source: ['# T\r\n', 'x'], attachments: { 'a.png': {} } },
      { cell_type: 'code', metadata: { collapsed: true }, source: 'print("```")', outputs: [{}] },
      { cell_type: 'code', metadata: { vscode: { languageId: 'typescript' } }, source: 'const x = 1' },
      { cell_type: 'raw', id: 'r1', metadata: {}, source: [] },
      7,
    ],
  })
  const answer = parseIpynb(python, chance())
  expect(brief(answer)).toEqual({
    header: { nb: '1', title: 'Old one' },
    cells: [
      ['md', '# T\nx', {}],
      ['md', '````python\nprint("```")\n````', { hidden: true, language: 'python' }],
      ['ts', 'const x = 1', {}],
      ['raw', '', {}],
      ['raw', '', {}],
    ],
    notices: ['1 attachments_left', '2 other_language', '- outputs_left'],
  })
  if (!answer.ok) return
  expect(JSON.parse(printIpynb(answer.notebook)).cells[1]).toMatchObject({ cell_type: 'code', source: ['print("```")'] })
  expect(parseIpynb(printIpynb(answer.notebook), chance())).toEqual({ ...answer, notices: [] })
})

test('[NB74] nbformat 3 reads as far as it goes, and what is no Jupyter notebook is refused with a sentence', () => {
  const three = {
    nbformat: 3,
    metadata: { name: 'T' },
    worksheets: [
      {
        cells: [
          { cell_type: 'heading', level: 2, source: 'H' },
          { cell_type: 'code', language: 'javascript', input: ['x'] },
        ],
      },
      {},
    ],
  }
  expect(brief(parseIpynb(JSON.stringify(three), chance()))).toEqual({
    header: { nb: '1', title: 'T' },
    cells: [
      ['md', '## H', {}],
      ['ts', 'x', {}],
    ],
    notices: ['- other_version', '- other_version'],
  })
  const no = { ok: false, code: 'not_a_notebook', sentence: 'The file is no JSON object, so it is no Jupyter notebook.' }
  expect(['', 'x', '[]', 'null'].map((text) => parseIpynb(text, chance()))).toEqual([no, no, no, no])
  const other = { ...no, sentence: 'The file has no cells as nbformat 3 and 4 have them, so it is no Jupyter notebook.' }
  expect(['{}', '{"nbformat":2,"cells":[]}', '{"nbformat":4,"cells":{}}'].map((text) => parseIpynb(text, chance()))).toEqual([
    other,
    other,
    other,
  ])
})

test('[NB75] Markdown from elsewhere: fences of TypeScript are cells, all other text is, in order', () => {
  const above = ['---', 'title: T', 'tags:', '  - a', '---', '# H', '', '```ts title="Load" id=k3f9', 'const x = 1', '```']
  const text = [...above, 'between', '````md', '```ts', '````', '  ~~~js', '  y', '    z', '  ~~~', '', '```typescript', 'open']
  expect(brief(parseMarkdown(text.join('\r\n'), chance()))).toEqual({
    header: { nb: '1', title: 'T', tags: '\n  - a' },
    cells: [
      ['md', '# H', {}],
      ['ts', 'const x = 1', { title: 'Load' }],
      ['md', 'between\n````md\n```ts\n````', {}],
      ['ts', 'y\n  z', {}],
      ['ts', 'open', {}],
    ],
    notices: ['20 fence_open'],
  })
  expect(brief(parseMarkdown('', chance()))).toEqual({ header: { nb: '1' }, cells: [], notices: [] })
})

test('[NB76] what was added by hand to Markdown of ours is kept', () => {
  const text = 'before\n\n<!-- %% id=aaaa a="b" oops" -->\nabove\n```ts\nx\n```\nbelow\n\n<!-- %% [md] id=bbbb -->\n```ts\ny\n```\n'
  expect(brief(parseMarkdown(text, chance()))).toEqual({
    header: { nb: '1' },
    cells: [
      ['md', 'before', {}],
      ['ts', 'x', { a: 'b', title: 'oops"' }],
      ['md', 'above\nbelow', {}],
      ['md', '```ts\ny\n```', {}],
    ],
    notices: ['1 text_before', '3 text_below_code'],
  })
})

test('[NB77] a page has no script and nothing of a cell or of its outputs as markup, and carries its notebook', () => {
  const bad = '<script>alert(1)</script><!-- "\' &lt; --></pre></main>'
  const document = {
    ...notebook(cell('a', bad, { title: bad, hidden: true }), cell('b', bad, {}, 'md'), cell('c', bad, {}, 'sql')),
    header: { nb: '1', title: bad },
  }
  const outputs = new Map([[id('a'), OUTPUTS]])
  const page = printHtml(document, { outputs })
  const tags = new Set([...page.matchAll(/<([a-z][a-z0-9]*)/g)].map(([, tag]) => tag))
  expect([...tags].toSorted()).toEqual([
    'body',
    'code',
    'details',
    'h1',
    'h2',
    'head',
    'html',
    'img',
    'main',
    'meta',
    'p',
    'pre',
    'section',
    'style',
    'summary',
    'title',
  ])
  expect(page.match(/<img[^>]*>/g)).toEqual([
    '<img src="data:image/svg+xml,%3Csvg%20onload%3D%22x%22%2F%3E" alt="a &quot;picture&quot;">',
    '<img src="data:image/png;base64,iVBORw0=" alt="">',
  ])
  expect(page).toContain('<pre class="output error">TypeError: no &lt;b&gt;\nat cell-a.ts:1:2</pre>')
  expect(page).toContain('@media print')
  expect(parseHtml(page, chance())).toEqual({ ok: true, notebook: document, notices: [] })
  expect(printHtml(document, { renderText: () => '<em>safe</em>' })).toContain('<section id="b"><em>safe</em></section>')
  expect(parseHtml('<p>', chance())).toEqual({ ok: false, code: 'not_a_notebook', sentence: 'The page carries no notebook.' })
})

test('[NB78] a plain module is one cell, or one for each part between given lines, and prints as code alone', () => {
  const text = '\nimport a\n\nconst x = `\n\n`\n\nx\n\n\n'
  expect(brief(parsePlainTs(text, chance(), { title: 'main' }))).toEqual({
    header: { nb: '1', title: 'main' },
    cells: [['ts', 'import a\n\nconst x = `\n\n`\n\nx', {}]],
    notices: [],
  })
  const parts = parsePlainTs(text, chance(), { cuts: [8, 4, 99, 0, 10] })
  expect(brief(parts)).toMatchObject({
    cells: [
      ['ts', 'import a', {}],
      ['ts', 'const x = `\n\n`', {}],
      ['ts', 'x', {}],
    ],
  })
  const document = notebook(cell('a', 'one\n'), cell('b', '# T', {}, 'md'), cell('c', 'two'), cell('d'))
  expect([printPlainTs(document), printPlainTs(document, [id('c'), id('b'), id('a')]), printPlainTs(notebook())]).toEqual([
    'one\n\ntwo\n',
    'two\n\none\n',
    '',
  ])
})

test('[NB79] a file is read by its name and by what stands in it', () => {
  const document = notebook(cell('a', 'x'))
  const same = { ok: true, notebook: document, notices: [] }
  const read = (name: string, text: string) => importNotebook(name, text, chance())
  expect([
    read('/x/a.nb.ts', printNotebook(document)),
    read('a.TS', printNotebook(document)),
    read('C:\\a.ipynb', printIpynb(document)),
    read('a.md', printMarkdown(document)),
    read('a.html', printHtml(document)),
  ]).toEqual([same, same, same, same, same])
  expect(brief(read('dir/Main.mjs', 'x'))).toEqual({ header: { nb: '1', title: 'main' }, cells: [['ts', 'x', {}]], notices: [] })
  expect(brief(read('a.nb.ts', 'x'))).toMatchObject({ notices: ['1 no_header', '1 not_a_notebook'] })
  expect(read('a.ts', '\0')).toMatchObject({ ok: false, code: 'not_text' })
  expect(read('a.md', '\0')).toMatchObject({ ok: false, code: 'not_text' })
})

/** The compiler's Worker, on our own origin: it runs no code of users. */
import { NotebookCompiler } from './compiler.ts'
import type { FromCompiler, ToCompiler } from './compiler-messages.ts'

const compiler = new NotebookCompiler()
const say = (message: FromCompiler): void => postMessage(message)

addEventListener('message', ({ data }: MessageEvent<ToCompiler>) => {
  if (data.type === 'update') return say({ type: 'updated', request: data.request, cells: compiler.update(data.order, data.cells) })
  say({ type: 'linked', request: data.request, answer: compiler.link(data.cell) })
})

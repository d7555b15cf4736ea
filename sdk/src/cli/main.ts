/** The `flowcell` command, as `bin/flowcell.js` starts it. */
import { complain, run } from './program.ts'
import { processTerminal } from './terminal.ts'

const terminal = processTerminal(process.env)

// The reader has seen enough: `flowcell flow-run logs … | head`.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(0)
  })
}

try {
  process.exitCode = await run(process.argv.slice(2), { terminal, environment: process.env, nowMs: Date.now })
} catch (error) {
  // A defect, or a file that cannot be read: still one sentence. The stack is for whoever reports it.
  complain(terminal, error instanceof Error ? error.message : String(error))
  if (process.env['FLOWCELL_DEBUG'] !== undefined && error instanceof Error) terminal.note(error.stack ?? '')
  process.exitCode = 1
}

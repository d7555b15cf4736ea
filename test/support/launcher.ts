/** The launcher as a process, to be killed: one line on standard output, workerd's words on standard error. `launcher.ts DATA PORT` */
import { startServer } from '#sdk/cli/server/start.ts'

const [data, port] = process.argv.slice(2)
if (data === undefined) throw new Error('The data folder is missing.')
const outcome = await startServer({
  data,
  port: Number(port),
  environment: process.env,
  onLog: (line) => process.stderr.write(`${line}\n`),
})
if (outcome.kind === 'refused') {
  process.stdout.write(`${JSON.stringify(outcome)}\n`)
  process.exit(1)
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, outcome.stop)
process.stdout.write(`${JSON.stringify({ kind: 'started', note: outcome.note })}\n`)
await outcome.closed

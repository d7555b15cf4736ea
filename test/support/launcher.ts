/** The launcher as a process, to be killed: one line on standard output, workerd's words on standard error. `launcher.ts '{"data": …, "port": …}'` */
import { startServer, type ServerOptions } from '#sdk/cli/server/start.ts'

const options: Pick<ServerOptions, 'data' | 'host' | 'port' | 'allowHosts' | 'kernelHosts' | 'moduleHost'> = JSON.parse(
  process.argv[2] ?? '',
)
const outcome = await startServer({ ...options, environment: process.env, onLog: (line) => process.stderr.write(`${line}\n`) })
if (outcome.kind === 'refused') {
  process.stdout.write(`${JSON.stringify(outcome)}\n`)
  process.exit(1)
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, outcome.stop)
process.stdout.write(`${JSON.stringify({ kind: 'started', note: outcome.note })}\n`)
await outcome.closed

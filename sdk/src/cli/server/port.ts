/** Is the port free? Asked by binding once, so a taken port is told before anything else is started. */
import { createServer } from 'node:net'
import { urlOf } from './address.ts'
import { ask } from '../../hosts/ask.ts'
import { refuse, type Refusal } from './refusal.ts'

const RECOGNISE_MS = 1_000

export async function takePort(host: string, wanted: number): Promise<{ readonly kind: 'free'; readonly port: number } | Refusal> {
  const bound = await bind(host, wanted)
  if (typeof bound === 'number') return { kind: 'free', port: bound }
  if (bound === 'EADDRINUSE') return portTaken(host, wanted)
  if (bound === 'EACCES')
    return refuse('port_not_allowed', `This user may not listen on port ${wanted}. Choose one above 1023 with --port.`)
  if (bound === 'EADDRNOTAVAIL' || bound === 'ENOTFOUND') return refuse('port_not_allowed', `${host} is no address of this machine.`)
  return refuse('port_not_allowed', `Cannot listen on ${host}:${wanted} (${bound}).`)
}

export async function portTaken(host: string, port: number): Promise<Refusal> {
  const reply = await ask(`${urlOf({ host, port })}/api/health`, { timeoutMs: RECOGNISE_MS })
  const by = reply?.body.includes('"flowcell"') === true ? 'another Flowcell server' : 'another program'
  return refuse('port_taken', `Port ${port} on ${host} is taken by ${by}. Choose another with --port, or --port 0 for any free one.`)
}

function bind(host: string, wanted: number): Promise<number | string> {
  return new Promise((settle) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => settle(error.code ?? error.message))
    server.listen({ host, port: wanted, exclusive: true }, () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : wanted
      server.close(() => settle(port))
    })
  })
}

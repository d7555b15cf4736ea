/** The least of a WebSocket server (RFC 6455): text frames both ways, for tests of clients. */
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

export interface Peer {
  readonly request: IncomingMessage
  send(text: string): void
  close(code: number, reason?: string): void
  /** Breaks the connection without a word. */
  cut(): void
}
export interface PeerHandlers {
  text(text: string): void
  closed?(): void
}
export interface SocketServer {
  readonly port: number
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

const TEXT = 1
const CLOSE = 8
const MAGIC = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** Listens on a free port of this machine. A status instead of handlers refuses the upgrade. */
export async function socketServer(accept: (peer: Peer) => PeerHandlers | number, port = 0): Promise<SocketServer> {
  const streams = new Set<Duplex>()
  const server = createServer((_request, response) => response.writeHead(404).end())
  server.on('upgrade', (request, stream: Duplex) => {
    streams.add(stream)
    stream.on('error', () => stream.destroy())
    const peer: Peer = {
      request,
      send: (text) => stream.write(frame(TEXT, Buffer.from(text))),
      close: (code, reason = '') => stream.end(frame(CLOSE, Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(reason)]))),
      cut: () => stream.destroy(),
    }
    const handlers = accept(peer)
    if (typeof handlers === 'number')
      return void stream.end(`HTTP/1.1 ${handlers} Refused\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
    const key = createHash('sha1').update(`${request.headers['sec-websocket-key']}${MAGIC}`).digest('base64')
    const protocol = request.headers['sec-websocket-protocol'] === undefined ? '' : 'sec-websocket-protocol: flowcell\r\n'
    stream.write(
      `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: ${key}\r\n${protocol}\r\n`,
    )
    stream.on('close', () => {
      streams.delete(stream)
      handlers.closed?.()
    })
    readFrames(stream, handlers)
  })
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no address')
  const stop = async (): Promise<void> => {
    for (const stream of streams) stream.destroy()
    await new Promise((closed) => server.close(closed))
  }
  return { port: address.port, [Symbol.asyncDispose]: stop }
}

function readFrames(stream: Duplex, handlers: PeerHandlers): void {
  let buffered = Buffer.alloc(0)
  let parts: Buffer[] = []
  stream.on('data', (data: Buffer) => {
    buffered = Buffer.concat([buffered, data])
    for (;;) {
      const read = readFrame(buffered)
      if (read === undefined) return
      buffered = buffered.subarray(read.length)
      if (read.opcode === CLOSE) return void stream.end(frame(CLOSE, read.payload.subarray(0, 2)))
      if (read.opcode > TEXT) continue
      parts.push(read.payload)
      if (!read.isLast) continue
      const text = Buffer.concat(parts).toString()
      parts = []
      handlers.text(text)
    }
  })
}

function readFrame(
  data: Buffer,
): { readonly opcode: number; readonly isLast: boolean; readonly payload: Buffer; readonly length: number } | undefined {
  if (data.length < 6) return undefined
  const short = data.readUInt8(1) & 127
  const header = 2 + (short === 126 ? 2 : short === 127 ? 8 : 0)
  if (data.length < header + 4) return undefined
  const size = short === 126 ? data.readUInt16BE(2) : short === 127 ? Number(data.readBigUInt64BE(2)) : short
  const length = header + 4 + size
  if (data.length < length) return undefined
  const mask = data.subarray(header, header + 4)
  const payload = Buffer.from(data.subarray(header + 4, length))
  for (let index = 0; index < size; index++) payload[index] = (payload[index] ?? 0) ^ (mask[index & 3] ?? 0)
  return { opcode: data.readUInt8(0) & 15, isLast: (data.readUInt8(0) & 128) !== 0, payload, length }
}

function frame(opcode: number, payload: Buffer): Buffer {
  const size = payload.length
  const header = Buffer.alloc(size < 126 ? 2 : size < 65_536 ? 4 : 10)
  header.writeUInt8(128 | opcode, 0)
  if (size < 126) header.writeUInt8(size, 1)
  else if (size < 65_536) {
    header.writeUInt8(126, 1)
    header.writeUInt16BE(size, 2)
  } else {
    header.writeUInt8(127, 1)
    header.writeBigUInt64BE(BigInt(size), 2)
  }
  return Buffer.concat([header, payload])
}

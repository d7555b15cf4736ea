/** The platform's WebSocket, as far as we use it, and what comes down through it. */
import type { DownFrame } from '../protocol/frames.ts'

interface SocketEvent {
  readonly data?: unknown
  readonly code?: number
  readonly reason?: string
}
/** What we use of the platform's WebSocket. */
export interface Socket {
  send(text: string): void
  close(code?: number, reason?: string): void
  addEventListener(type: 'open' | 'message' | 'close' | 'error', listener: (event: SocketEvent) => void): void
}
export type SocketConstructor = new (url: string, protocols: string[]) => Socket

/** What came down; undefined when this version of the protocol has no such frame. */
export function readDown(data: unknown): DownFrame | undefined {
  if (typeof data !== 'string') return undefined
  try {
    const value: unknown = JSON.parse(data)
    // The protocol's version was agreed on in the greeting; the type tells which shape it is.
    return typeof value === 'object' && value !== null && 'type' in value && DOWN.has(value.type) ? (value as DownFrame) : undefined
  } catch {
    return undefined // no JSON: told as a frame that is not known
  }
}

const DOWN: ReadonlySet<unknown> = new Set<DownFrame['type']>(['welcome', 'ack', 'problem', 'cancel', 'lost', 'event', 'reset'])

/** @throws Error where the platform has none. */
export function platformSocket(): SocketConstructor {
  const constructor: unknown = globalThis.WebSocket
  if (typeof constructor !== 'function') throw new Error('There is no WebSocket here. Flowcell needs Node 22 or newer, or a browser.')
  // Browsers, Node and workerd agree on what we use of it; their typings do not.
  return constructor as SocketConstructor
}

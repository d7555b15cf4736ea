/**
 * Values that are shown before they are there, and again when they are: promises, task futures, images, and streams of values.
 *
 * Nothing of a run is shown any more when its cell has begun again.
 */
import { TaskFuture } from '#sdk/engine/futures.ts'
import { OUTPUT_COALESCE_MS } from '#sdk/protocol/limits.ts'
import { methodOf, type Bundle } from './bundle.ts'
import { imageBundle, pixelsOf } from './images.ts'

export interface LivePorts {
  now(): number
  later(ms: number, work: () => void): void
  /** Whether the run that showed the value is still the newest of its cell. */
  isCurrent(): boolean
  /** The media of a value that is there. */
  bundle(value: unknown): Bundle
  /** Shows media in the place of the value. */
  show(bundle: Bundle): void
}

/** How to follow a value; `image` ends soon and is waited for. Undefined for what is there at once. */
export function followed(value: unknown): { readonly isImage: boolean; follow(ports: LivePorts): Promise<void> } | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (value instanceof Promise) return { isImage: false, follow: (ports) => followPromise(value, ports) }
  if (value instanceof TaskFuture) return { isImage: false, follow: (ports) => followFuture(value, ports) }
  const pixels = pixelsOf(value)
  if (pixels !== undefined) return { isImage: true, follow: (ports) => followImage(() => imageBundle(pixels), ports) }
  const iterate =
    typeof ReadableStream !== 'undefined' && value instanceof ReadableStream ? undefined : methodOf(value, Symbol.asyncIterator)
  // A stream of bytes may be read once, and a cell may want to.
  return iterate && { isImage: false, follow: (ports) => followStream(iterate, value, ports) }
}

async function followPromise(promise: Promise<unknown>, ports: LivePorts): Promise<void> {
  ports.show(waiting('a promise that is not settled yet'))
  try {
    await showSettled(await promise, ports)
  } catch (error) {
    showIf(ports, rejected(ports, error))
  }
}

/** A promise of an image is an image. */
async function showSettled(value: unknown, ports: LivePorts): Promise<void> {
  const pixels = pixelsOf(value)
  if (pixels !== undefined) return followImage(() => imageBundle(pixels), ports)
  showIf(ports, ports.bundle(value))
}

async function followFuture(future: TaskFuture<unknown>, ports: LivePorts): Promise<void> {
  ports.show(ports.bundle(future))
  await future.wait()
  showIf(ports, ports.bundle(future))
}

async function followImage(make: () => Promise<Bundle>, ports: LivePorts): Promise<void> {
  try {
    showIf(ports, await make())
  } catch (error) {
    showIf(ports, { 'text/plain': `The image cannot be read: ${error instanceof Error ? error.message : 'its format is unknown'}` })
  }
}

/** A stream that never waits would not let the kernel breathe. */
const BREATHE_MS = 16

async function followStream(iterate: (...args: unknown[]) => unknown, value: object, ports: LivePorts): Promise<void> {
  ports.show(waiting('a stream that has given nothing yet'))
  let shownAt = -Infinity
  let breathedAt = ports.now()
  let last: { readonly value: unknown } | undefined
  try {
    const items: AsyncIterable<unknown> = { [Symbol.asyncIterator]: () => Reflect.apply(iterate, value, []) as AsyncIterator<unknown> } // what that symbol promises
    for await (const item of items) {
      if (!ports.isCurrent()) return
      last = { value: item }
      const now = ports.now()
      if (now - shownAt >= OUTPUT_COALESCE_MS) {
        shownAt = now
        last = undefined
        ports.show(ports.bundle(item))
      }
      if (now - breathedAt < BREATHE_MS) continue
      await new Promise<void>((resolve) => ports.later(0, resolve))
      breathedAt = ports.now()
    }
    if (last !== undefined) showIf(ports, ports.bundle(last.value))
  } catch (error) {
    showIf(ports, rejected(ports, error))
  }
}

const waiting = (text: string): Bundle => ({ 'text/plain': `… ${text}` })

function rejected(ports: LivePorts, error: unknown): Bundle {
  const bundle = ports.bundle(error)
  const text = bundle['text/plain']
  return { ...bundle, 'text/plain': `It was rejected: ${typeof text === 'string' ? text : 'with a value'}` }
}

function showIf(ports: LivePorts, bundle: Bundle): void {
  if (ports.isCurrent()) ports.show(bundle)
}

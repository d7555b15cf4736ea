/** Pixels as an image that fits into an output: made smaller until it does. */
import { MAX_IMAGE_BYTES } from '#sdk/protocol/limits.ts'
import { markupBundle, type Bundle } from './bundle.ts'

export type Pixels = Blob | ImageBitmap | ImageData | OffscreenCanvas

const DRAWN: readonly string[] = ['image/png', 'image/jpeg', 'image/gif', 'image/webp']
/** More pixels than this in one direction are never drawn: a canvas would fail. */
const MAX_SIDE = 8_192
const SHRINK = 0.7
const MAX_TRIES = 8

/** What draws pixels here; undefined for all else. */
export function pixelsOf(value: unknown): Pixels | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (value instanceof Blob) return value.type.startsWith('image/') ? value : undefined
  // Node has none of these.
  if (typeof OffscreenCanvas === 'undefined') return undefined
  return value instanceof OffscreenCanvas || value instanceof ImageBitmap || value instanceof ImageData ? value : undefined
}

/** @throws where the platform cannot read the image. */
export async function imageBundle(pixels: Pixels): Promise<Bundle> {
  if (pixels instanceof Blob) {
    if (pixels.type.startsWith('image/svg')) return markupBundle('image/svg+xml', await pixels.text())
    if (pixels.size <= MAX_IMAGE_BYTES && DRAWN.includes(pixels.type)) return bundle(pixels, pixels.type, '')
    return shrunk(await createImageBitmap(pixels))
  }
  if (pixels instanceof OffscreenCanvas)
    return shrunk(pixels.width === 0 || pixels.height === 0 ? undefined : await createImageBitmap(pixels))
  if (pixels instanceof ImageData) return shrunk(await createImageBitmap(pixels))
  return shrunk(pixels.width === 0 ? undefined : await createImageBitmap(pixels)) // its own copy: the cell may close the other
}

async function shrunk(bitmap: ImageBitmap | undefined): Promise<Bundle> {
  if (bitmap === undefined) return { 'text/plain': 'an image without pixels' }
  const { width, height } = bitmap
  let scale = Math.min(1, MAX_SIDE / Math.max(width, height))
  for (let tries = 0; tries < MAX_TRIES; tries++, scale *= SHRINK) {
    const canvas = new OffscreenCanvas(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)))
    canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
    for (const type of ['image/png', 'image/webp']) {
      const blob = await canvas.convertToBlob({ type, quality: 0.9 })
      if (blob.size > MAX_IMAGE_BYTES) continue
      bitmap.close()
      const note = scale < 1 ? `, drawn ${canvas.width} × ${canvas.height} so that it fits` : ''
      return bundle(blob, blob.type, ` of ${width} × ${height}${note}`)
    }
  }
  return { 'text/plain': `an image of ${width} × ${height} that is too large to be shown` }
}

async function bundle(blob: Blob, type: string, note: string): Promise<Bundle> {
  return { [type]: toBase64(new Uint8Array(await blob.arrayBuffer())), 'text/plain': `an image${note}` }
}

const CHUNK = 32_768
function toBase64(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at += CHUNK) binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK))
  return btoa(binary)
}

/**
 * Secrets that this server hands out: `fc_…` tokens for programs, `fl_…` secrets of links. 160 bits of chance in base32 and a checksum,
 * so that a mistyped or cut one is told apart before any workspace wakes. Only the SHA-256 of a secret is kept anywhere.
 */
import { remember } from './remember.ts'

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'
const CHANCE_LENGTH = 32
const CHECKSUM_LENGTH = 6
const BITS = 5
/** Hashes that are remembered, so that a program's token is hashed once and not with each request. */
const MAX_KNOWN_HASHES = 1_000

export const SECRET_PREFIX = { token: 'fc_', link: 'fl_' } as const
export type SecretKind = keyof typeof SECRET_PREFIX

export function mintSecret(kind: SecretKind): string {
  const unsigned = SECRET_PREFIX[kind] + randomBase32(CHANCE_LENGTH)
  return unsigned + checksumOf(unsigned)
}

/** True for what {@link mintSecret} may have made: right prefix, length, alphabet and checksum. */
export function isSecret(kind: SecretKind, text: string): boolean {
  const prefix = SECRET_PREFIX[kind]
  if (text.length !== prefix.length + CHANCE_LENGTH + CHECKSUM_LENGTH || !text.startsWith(prefix)) return false
  const unsigned = text.slice(0, -CHECKSUM_LENGTH)
  return /^[a-z2-7]+$/.test(unsigned.slice(prefix.length)) && text.endsWith(checksumOf(unsigned))
}

/** SHA-256 in hex of a secret of that kind; undefined for what {@link mintSecret} cannot have made. */
export async function hashOf(kind: SecretKind, text: string): Promise<string | undefined> {
  return knownHash(text, kind)
}

const knownHash = remember(MAX_KNOWN_HASHES, async (text, kind) =>
  (kind === 'token' || kind === 'link') && isSecret(kind, text) ? hashSecret(text) : undefined,
)

export function randomBase32(length: number): string {
  return toBase32(crypto.getRandomValues(new Uint8Array(length)))
}

/** One character for the low five bits of each byte. */
export function toBase32(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => BASE32.charAt(byte & 31)).join('')
}

/** SHA-256 in hex. */
export async function hashSecret(secret: string): Promise<string> {
  return Array.from(await digest(secret), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Compares in a time that depends on neither text. */
export async function isSameSecret(a: string, b: string): Promise<boolean> {
  return crypto.subtle.timingSafeEqual(await digest(a), await digest(b))
}

async function digest(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
}

/** The low 30 bits of the CRC-32. It guards against typing errors, not against anybody. */
function checksumOf(text: string): string {
  let crc = -1
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  const digits = Array.from({ length: CHECKSUM_LENGTH }, (_, place) => ~crc >>> (place * BITS))
  return toBase32(Uint8Array.from(digits))
}

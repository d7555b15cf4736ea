/**
 * Ids of workspaces carry four characters of HMAC under a key of this deployment. So the Worker knows its own ids from any others
 * without asking, and an unknown one never wakes an object (which would leave a file and cost money).
 */
import { WorkspaceId } from '#sdk/protocol/workspaces.ts'
import { remember } from './remember.ts'
import { randomBase32, toBase32 } from './secrets.ts'

const CHANCE_LENGTH = 16
const SIGNATURE_LENGTH = 4
const KEY_BYTES = 32
/** Ids whose signature was checked. */
const MAX_KNOWN_IDS = 1_000

export async function mintWorkspaceId(kek: string): Promise<WorkspaceId> {
  const chance = randomBase32(CHANCE_LENGTH)
  return WorkspaceId.parse(chance + (await signatureOf(kek, chance)))
}

/** The id when this deployment made it; undefined for any other text. */
export async function readWorkspaceId(kek: string, text: string): Promise<WorkspaceId | undefined> {
  return knownId(text, kek)
}

const knownId = remember(MAX_KNOWN_IDS, async (text, kek) => {
  const { success, data } = WorkspaceId.safeParse(text)
  if (!success) return undefined
  return data.endsWith(await signatureOf(kek, data.slice(0, CHANCE_LENGTH))) ? data : undefined
})

async function signatureOf(kek: string, chance: string): Promise<string> {
  const signature = await crypto.subtle.sign('HMAC', await signingKey(kek), new TextEncoder().encode(chance))
  return toBase32(new Uint8Array(signature, 0, SIGNATURE_LENGTH))
}

let known: { readonly kek: string; readonly key: Promise<CryptoKey> } | undefined

/** Derived once per isolate: 0.1 ms that every request would pay. */
function signingKey(kek: string): Promise<CryptoKey> {
  if (known?.kek !== kek) known = { kek, key: deriveKey(kek) }
  return known.key
}

async function deriveKey(kek: string): Promise<CryptoKey> {
  const raw = Uint8Array.from(atob(kek), (char) => char.charCodeAt(0))
  if (raw.byteLength !== KEY_BYTES) throw new Error(`FLOWCELL_KEK must be ${KEY_BYTES} bytes in base64.`)
  const master = await crypto.subtle.importKey('raw', raw, 'HKDF', false, ['deriveKey'])
  const purpose = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: new TextEncoder().encode('flowcell workspace ids') }
  return crypto.subtle.deriveKey(purpose, master, { name: 'HMAC', hash: 'SHA-256', length: 256 }, false, ['sign'])
}

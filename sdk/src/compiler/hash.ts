/** Names for contents. SHA-256, so that whoever receives a text can check its name with what any platform has. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

/** 64 hexadecimal digits. Synchronous: `crypto.subtle` answers later, and stale marking asks in the middle of a keystroke. */
export const hashOf = (text: string): string => bytesToHex(sha256(utf8ToBytes(text)))

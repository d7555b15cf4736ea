/** `node:fs/promises` in a tab: a folder in memory, which ends with its kernel. */
import { memfs } from 'memfs'
import { give } from './give.ts'

give(memfs().fs.promises)

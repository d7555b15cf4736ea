/**
 * Finds with regular expressions in a Worker, for a limited time.
 *
 * A new question ends the one before: its Worker goes, as nothing else stops an expression that tries and tries.
 */
import workerAddress from 'bundle:./find-worker.ts'
import type { Cell } from '#sdk/protocol/notebook.ts'
import { startWorker } from '../app/trusted.ts'
import type { FindQuery, Found } from './find.ts'
import type { FindAsked } from './find-worker.ts'

/** A search that takes longer is ended; the first one also loads the Worker. */
const SEARCH_MS = 1_500

const TOO_LONG: Found = {
  matches: [],
  isCut: false,
  problem: 'The search was ended after 1.5 seconds: this expression tries too many ways. Write it more simply.',
}

export class RegexFinder {
  #worker: Worker | undefined
  #drop: (() => void) | undefined

  /** Undefined when a newer question came before the answer. Rejects when the Worker cannot be loaded. */
  find(cells: readonly Cell[], query: FindQuery): Promise<Found | undefined> {
    if (this.#drop !== undefined) this.#end()
    const worker = (this.#worker ??= startWorker(workerAddress, 'find'))
    return new Promise((resolve, reject) => {
      const done = (): void => {
        clearTimeout(timer)
        this.#drop = undefined
      }
      const timer = setTimeout(() => {
        done()
        this.#end()
        resolve(TOO_LONG)
      }, SEARCH_MS)
      this.#drop = () => {
        done()
        resolve(undefined)
      }
      worker.onmessage = ({ data }: MessageEvent<Found>) => {
        done()
        resolve(data)
      }
      worker.onerror = ({ message }) => {
        done()
        this.#end()
        reject(new Error(message || 'The Worker that searches could not be started.'))
      }
      const asked: FindAsked = { cells, query }
      worker.postMessage(asked)
    })
  }

  close(): void {
    this.#end()
  }

  #end(): void {
    this.#worker?.terminate()
    this.#worker = undefined
    this.#drop?.()
    this.#drop = undefined
  }
}

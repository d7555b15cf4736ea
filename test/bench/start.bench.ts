import { freshFolder, launch } from '../support/server.ts'
import { median, type Bench } from './row.ts'

const ROUNDS = 10
const LIMIT_MS = 300

/** From the command to the line that a server prints once it answered and has its workspace. */
export const bench: Bench = {
  title: 'the start of the local server, built',
  run: async () => {
    const first: number[] = []
    const again: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      using folder = freshFolder()
      for (const times of [first, again]) {
        const began = performance.now()
        const server = await launch(folder.path)
        times.push(performance.now() - began)
        await server.stop()
      }
    }
    const row = { beside: 'limit', reference: LIMIT_MS, unit: 'ms', better: 'less' } as const
    return [
      { what: 'first start, a workspace is made (median)', ours: median(first), ...row },
      { what: 'later start (median)', ours: median(again), ...row },
    ]
  },
}

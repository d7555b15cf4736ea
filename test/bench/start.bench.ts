import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { root } from '../support/repository.ts'
import { freshFolder } from '../support/server.ts'
import { median, type Bench } from './row.ts'

const ROUNDS = 10
const LIMIT_MS = 300

/** From the command to its line, which it prints once the server answered and has its workspace. */
export const bench: Bench = {
  title: 'flowcell server start --json, built',
  run: async () => {
    const first: number[] = []
    const again: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      using folder = freshFolder()
      for (const times of [first, again]) times.push(await startAndStop(folder.path))
    }
    const row = { beside: 'limit', reference: LIMIT_MS, unit: 'ms', better: 'less' } as const
    return [
      { what: 'first start, a workspace is made (median)', ours: median(first), ...row },
      { what: 'later start (median)', ours: median(again), ...row },
    ]
  },
}

async function startAndStop(data: string): Promise<number> {
  const command = [join(root, 'sdk/src/cli/main.ts'), 'server', 'start', '--port', '0', '--data', data, '--json']
  const began = performance.now()
  const child = spawn(process.execPath, ['--conditions=flowcell-source', ...command], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'close')
  await Promise.race([
    once(child.stdout, 'data'),
    exited.then(([code]) => Promise.reject(new Error(`the server did not start (${code}).`))),
  ])
  const took = performance.now() - began
  child.kill()
  await exited
  return took
}

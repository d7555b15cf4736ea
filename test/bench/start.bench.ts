import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { binOf, root } from '../support/repository.ts'
import { freshFolder } from '../support/server.ts'
import { median, type Bench } from './row.ts'

const ROUNDS = 10
const LIMIT_MS = 300
const COMMANDS = {
  'as published': [join(root, 'sdk/bin/flowcell.js')],
  'from source': ['--conditions=flowcell-source', join(root, 'sdk/bin/flowcell.js')],
} as const

/** From the command to its line, which it prints once the server answered and has its workspace. */
export const bench: Bench = {
  title: 'flowcell server start --json, built',
  run: async () => {
    for (const [script, ...args] of [[join(root, 'sdk/scripts/build.ts')], [binOf('tsc', 'typescript'), '-p', 'sdk/tsconfig.build.json']])
      execFileSync(process.execPath, [script ?? '', ...args], { cwd: root })
    const row = { beside: 'limit', reference: LIMIT_MS, unit: 'ms', better: 'less' } as const
    const rows = []
    for (const [how, command] of Object.entries(COMMANDS)) {
      const { first, again } = await timesOf(command)
      rows.push({ what: `${how}: first start, a workspace is made (median)`, ours: median(first), ...row })
      rows.push({ what: `${how}: later start (median)`, ours: median(again), ...row })
    }
    return rows
  },
}

async function timesOf(command: readonly string[]): Promise<{ readonly first: readonly number[]; readonly again: readonly number[] }> {
  const first: number[] = []
  const again: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    using folder = freshFolder()
    for (const times of [first, again]) times.push(await startAndStop(command, folder.path))
  }
  return { first, again }
}

async function startAndStop(command: readonly string[], data: string): Promise<number> {
  const began = performance.now()
  const args = [...command, 'server', 'start', '--port', '0', '--data', data, '--json']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
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

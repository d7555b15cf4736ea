/** Scripts of users as processes of their own. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../support/repository.ts'

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}
export interface Script {
  readonly pid: number
  readonly ended: Promise<Ended>
  kill(signal: NodeJS.Signals): void
  /** Resolves when standard output has said this. */
  said(text: string): Promise<void>
}

const HEAD = `import { createEngine } from ${JSON.stringify(join(root, 'sdk/src/engine/engine.ts'))}
import { nodeHost } from ${JSON.stringify(join(root, 'sdk/src/hosts/node.ts'))}
const { flow, task, getRunLogger } = createEngine(nodeHost())
`

/** Runs TypeScript after a head that makes `flow`, `task` and `getRunLogger`. */
export function runScript(body: string, environment: Readonly<Record<string, string>> = {}): Script {
  const folder = mkdtempSync(join(tmpdir(), 'flowcell-script-'))
  const file = join(folder, 'script.mts')
  writeFileSync(file, HEAD + body)
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--conditions=flowcell-source', file], {
    cwd: folder,
    env: { ...process.env, FLOWCELL_HOME: join(folder, 'home'), NO_COLOR: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  const listeners = new Set<() => void>()
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    for (const listener of listeners) listener()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const ended = new Promise<Ended>((settle) =>
    child.on('close', (code, signal) => {
      rmSync(folder, { recursive: true, force: true })
      settle({ code, signal, stdout, stderr })
    }),
  )
  const said = (text: string): Promise<void> =>
    new Promise((heard, failed) => {
      const look = () => stdout.includes(text) && heard()
      listeners.add(look)
      look()
      void ended.then(({ stderr: why }) => failed(new Error(`the script ended without saying "${text}":\n${why}`)))
    })
  return { pid: child.pid ?? 0, ended, kill: (signal) => void child.kill(signal), said }
}

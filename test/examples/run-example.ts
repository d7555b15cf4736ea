/** Runs an example as a person would, in a home of its own and without a workspace. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../support/repository.ts'

export interface Ended {
  readonly code: number | null
  readonly stdout: readonly string[]
  /** Without the time at the start of a line and without stacks. */
  readonly log: readonly string[]
}

export async function runExample(path: string, environment: Readonly<Record<string, string>>): Promise<Ended> {
  const home = mkdtempSync(join(tmpdir(), 'flowcell-example-'))
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('FLOWCELL_'))
  const env = { ...Object.fromEntries(inherited), FLOWCELL_HOME: home, ...environment }
  try {
    const child = spawn(process.execPath, ['--conditions=flowcell-source', join(root, 'examples', path)], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [stdout, stderr, code] = await Promise.all([
      textOf(child.stdout),
      textOf(child.stderr),
      new Promise<number | null>((ended) => child.on('close', ended)),
    ])
    return {
      code,
      stdout: linesOf(stdout),
      log: linesOf(stderr).flatMap((line) => /^\d\d:\d\d:\d\d\.\d{3} \| (.*)$/.exec(line)?.[1] ?? []),
    }
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = ''
  for await (const part of stream.setEncoding('utf8')) text += String(part)
  return text
}

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '')

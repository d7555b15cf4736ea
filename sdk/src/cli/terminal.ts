/**
 * The terminal that a command speaks to.
 *
 * 1. Answers go to standard output, everything about them to standard error: `flowcell … | jq` never meets a note.
 * 2. Colours are for people: off in a pipe, off with NO_COLOR, on with FORCE_COLOR.
 * 3. A reader that went away (`| head`) ends the command quietly: see main.ts.
 */
import { once } from 'node:events'
import { styleText } from 'node:util'

export type Format = Parameters<typeof styleText>[0]

export interface Terminal {
  /** Columns of standard output; undefined when it is no terminal. */
  readonly width: number | undefined
  /** Both ends are a person. */
  readonly isInteractive: boolean
  /** Writes to standard output and resolves when more may be written. */
  readonly write: (text: string) => Promise<void>
  /** Writes whole lines. */
  readonly print: (text: string) => Promise<void>
  /** Writes a remark to standard error. */
  readonly note: (text: string) => void
  readonly style: (format: Format, text: string) => string
  /** Asks on standard error; everything but yes is no. */
  readonly confirm: (question: string) => Promise<boolean>
}

type Environment = Readonly<Record<string, string | undefined>>

export function wantsColour(environment: Environment, isTerminal: boolean): boolean {
  if ((environment['NO_COLOR'] ?? '') !== '') return false
  const forced = environment['FORCE_COLOR']
  if (forced !== undefined) return forced !== '0' && forced !== 'false'
  return isTerminal && environment['TERM'] !== 'dumb'
}

export function processTerminal(environment: Environment): Terminal {
  const { stdin, stdout, stderr } = process
  const colour = wantsColour(environment, stdout.isTTY)
  const write = async (text: string): Promise<void> => {
    if (!stdout.write(text)) await once(stdout, 'drain')
  }
  return {
    width: stdout.isTTY ? stdout.columns : undefined,
    isInteractive: stdin.isTTY && stderr.isTTY,
    write,
    print: (text) => write(text.endsWith('\n') ? text : `${text}\n`),
    note: (text) => void stderr.write(`${text}\n`),
    style: (format, text) => (colour ? styleText(format, text, { validateStream: false }) : text),
    confirm: async (question) => {
      const { createInterface } = await import('node:readline/promises')
      const lines = createInterface({ input: stdin, output: stderr })
      const abandoned = new Promise<string>((settle) => lines.once('close', () => settle('\n')))
      const answer = await Promise.race([lines.question(`${question} [y/N] `), abandoned])
      lines.close()
      if (answer === '\n') stderr.write('\n') // Ctrl+D: nobody pressed Enter
      return /^y(es)?$/i.test(answer.trim())
    },
  }
}

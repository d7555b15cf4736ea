/** What the definitions of commands have in common. */
import { InvalidArgumentError, Option, type Command } from 'commander'
import type { Terminal } from '../terminal.ts'

type Example = readonly [what: string, line: string]

/** Shows examples at the end of a command's help. */
export function showExamples(command: Command, terminal: Terminal, examples: readonly Example[]): void {
  const lines = examples.map(([what, line]) => `  ${terminal.style('dim', `# ${what}`)}\n  ${line}`)
  command.addHelpText('after', `\n${terminal.style('bold', 'Examples:')}\n${lines.join('\n')}`)
}

export interface OutputOptions {
  readonly output: 'text' | 'json'
}

/** `-o, --output text|json`. */
export function outputOption(): Option {
  return new Option('-o, --output <form>', "text for people, or json: the API's own objects").argParser(form).default('text', 'text')
}

function form(text: string): OutputOptions['output'] {
  if (text === 'text' || text === 'json') return text
  throw new InvalidArgumentError('Expected text or json.')
}

export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= least && Number.isSafeInteger(value)) return value
    throw new InvalidArgumentError(`Expected a whole number, at least ${least}.`)
  }
}

/** `--state failed,crashed --state late` → three. */
export function collect(text: string, previous: readonly string[] = []): readonly string[] {
  return [
    ...previous,
    ...text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  ]
}

import { expect, test } from 'vitest'
import { ariaKeys, shownKeys } from '../../web/app/keys.ts'
import { commands, registerCommands, runCommand, type Command } from '../../web/app/commands.ts'
import { commandEntries } from '../../web/app/palette-entries.ts'

test.each([
  ['$mod+KeyK', '⌘ K', 'Ctrl K', 'Meta+K', 'Control+K'],
  ['Shift+Enter', '⇧ ↵', 'Shift ↵', 'Shift+Enter', 'Shift+Enter'],
  ['d d', 'D D', 'D D', undefined, undefined],
  ['Shift+?', '?', '?', 'Shift+?', 'Shift+?'],
  ['Alt+ArrowUp', '⌥ ↑', 'Alt ↑', 'Alt+ArrowUp', 'Alt+ArrowUp'],
  ['+', '+', '+', '+', '+'],
  ['Escape', 'Esc', 'Esc', 'Escape', 'Escape'],
])('[SH21] keys are shown as the machine writes them, and said to assistive technology: %s', (keys, mac, other, ariaMac, aria) => {
  expect([shownKeys(keys, true).join(' '), shownKeys(keys, false).join(' '), ariaKeys(keys, true), ariaKeys(keys, false)]).toEqual([
    mac,
    other,
    ariaMac,
    aria,
  ])
})

test('[SH22] a command is there until it is taken away; of two with one id the later, enabled one runs', () => {
  const ran: string[] = []
  const command = (id: string, from: string, more: Partial<Command> = {}): Command => ({
    id,
    title: id,
    when: 'global',
    group: 'Test',
    run: () => ran.push(from),
    ...more,
  })
  const stopFirst = registerCommands([command('run', 'first'), command('other', 'other')])
  const stopSecond = registerCommands([command('run', 'second'), command('run', 'disabled', { isEnabled: () => false })])
  runCommand('run')
  stopSecond()
  runCommand('run')
  runCommand('nobody')
  stopFirst()
  runCommand('run')
  expect([ran, commands.value]).toEqual([['second', 'first'], []])
})

test('[SH22] the palette offers what makes sense: nothing disabled, nothing by key only, nothing of a notebook elsewhere', () => {
  const command = (id: string, more: Partial<Command> = {}): Command => ({
    id,
    title: id,
    when: 'global',
    group: 'G',
    run: () => undefined,
    ...more,
  })
  const all = [
    command('go'),
    command('help', { keys: ['Shift+?', 'F1'] }),
    command('off', { isEnabled: () => false }),
    command('keyOnly', { isKeyOnly: true }),
    command('cell', { when: 'command' }),
    command('edit', { when: 'edit' }),
  ]
  const idsIn = (context: 'none' | 'command'): readonly string[] => commandEntries(all, context).map(({ id }) => id)
  expect([idsIn('none'), idsIn('command')]).toEqual([
    ['go', 'help'],
    ['go', 'help', 'cell', 'edit'],
  ])
  expect(commandEntries(all, 'none')[1]?.keys).toBe('Shift+?')
})

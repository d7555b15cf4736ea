import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { swapIn } from '../../sdk/scripts/swap.ts'
import { freshFolder } from '../support/server.ts'

const MADE_AT = new Date('2026-10-06T00:00:00Z')

function build(folder: string, files: Readonly<Record<string, string>>): string {
  mkdirSync(folder)
  for (const [name, content] of Object.entries({ 'settings.json': '{}', ...files })) writeFileSync(join(folder, name), content)
  return folder
}

test('[SV17] a build that differs takes the place of the old one', () => {
  using folder = freshFolder()
  const target = build(join(folder.path, 'server'), { 'old.js': '1' })
  swapIn(build(join(folder.path, 'staging'), { 'new.js': '2' }), target, 'settings.json', MADE_AT)
  expect([readdirSync(folder.path), readdirSync(target)]).toEqual([['server'], ['new.js', 'settings.json']])
  expect(statSync(join(target, 'settings.json')).mtime).toEqual(MADE_AT)
})

test('[SV17] a build with the same files leaves the folder of a running server alone, and makes it fresh', () => {
  using folder = freshFolder()
  const target = build(join(folder.path, 'server'), { 'a.js': '1' })
  const { ino } = statSync(target)
  swapIn(build(join(folder.path, 'staging'), { 'a.js': '1' }), target, 'settings.json', MADE_AT)
  expect([statSync(target).ino, statSync(join(target, 'settings.json')).mtime]).toEqual([ino, MADE_AT])
})

test('[SV17] the first build needs no old one', () => {
  using folder = freshFolder()
  const target = join(folder.path, 'server')
  swapIn(build(join(folder.path, 'staging'), { 'a.js': '1' }), target, 'settings.json', MADE_AT)
  expect([existsSync(join(folder.path, 'staging')), readFileSync(join(target, 'a.js'), 'utf8')]).toEqual([false, '1'])
})

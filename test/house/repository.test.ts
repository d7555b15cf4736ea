import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { VERSION } from '#sdk/protocol/version.ts'
import { root } from '../support/repository.ts'

const ROOMS = [
  'worker',
  'web',
  'sdk',
  'examples',
  'test',
  'docs',
  'wrangler.toml',
  'package.json',
  'package-lock.json',
  'README.md',
  'LICENSE',
]

test('[HS2] the top level holds the rooms of the architecture, and dotfiles, and nothing else', () => {
  const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0')
  const names = new Set(tracked.filter((path) => path !== '').map((path) => path.split('/')[0] ?? path))
  const strangers = [...names].filter((name) => !name.startsWith('.') && !ROOMS.includes(name))
  expect(strangers).toEqual([])
})

test('[HS3] the lockfile names no registry host, so any mirror can serve it', () => {
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8')
  expect(lock.match(/"resolved": "https?:[^"]*"/g) ?? []).toEqual([])
})

test('[HS4] the version that the server tells is the version of the package', () => {
  const { version }: { version: string } = JSON.parse(readFileSync(join(root, 'sdk/package.json'), 'utf8'))
  expect(VERSION).toBe(version)
})

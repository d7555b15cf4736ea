import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ownCopy } from '#sdk/cli/server/own-copy.ts'
import { freshFolder } from '../support/server.ts'

/** Linux has a disk in memory beside that of the temporary folders. */
const OTHER_DISK = '/dev/shm'

function build(folder: string, hash: string): string {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(join(folder, 'web'), { recursive: true })
  writeFileSync(join(folder, 'settings.json'), JSON.stringify({ variables: {}, build: hash }))
  writeFileSync(join(folder, 'web/page.html'), hash)
  writeFileSync(join(folder, `${hash}.js`), '')
  return folder
}

test('[SV18] the copy of a build stays whole when the build goes, and is taken as it is while the build is the same', () => {
  using folder = freshFolder()
  const built = build(join(folder.path, 'server'), 'a')
  const copy = ownCopy(built, folder.path)
  const { ino } = statSync(join(copy, 'web/page.html'))
  expect([ownCopy(built, folder.path), statSync(join(copy, 'web/page.html')).ino]).toEqual([copy, ino])
  rmSync(built, { recursive: true })
  expect([readdirSync(copy).toSorted(), readFileSync(join(copy, 'web/page.html'), 'utf8')]).toEqual([['a.js', 'settings.json', 'web'], 'a'])
})

test('[SV18] files are linked on the same disk, and copied to another one', { skip: !existsSync(OTHER_DISK) }, () => {
  using folder = freshFolder()
  const built = build(join(folder.path, 'server'), 'a')
  using elsewhere = freshFolder(OTHER_DISK)
  const inodes = [folder.path, elsewhere.path].map((data) => statSync(join(ownCopy(built, data), 'web/page.html')).ino)
  const { ino } = statSync(join(built, 'web/page.html'))
  expect(inodes.map((copy) => copy === ino)).toEqual([true, false])
  expect(readFileSync(join(elsewhere.path, 'program/web/page.html'), 'utf8')).toBe('a')
})

test('[SV18] another build, and a copy that broke off, are copied anew', () => {
  using folder = freshFolder()
  const built = join(folder.path, 'server')
  ownCopy(build(built, 'a'), folder.path)
  const copy = ownCopy(build(built, 'b'), folder.path)
  rmSync(join(copy, 'settings.json')) // written last
  rmSync(join(copy, 'web'), { recursive: true })
  expect([ownCopy(built, folder.path), readdirSync(copy).toSorted()]).toEqual([copy, ['b.js', 'settings.json', 'web']])
})

import { execFileSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { binOf, root } from '../support/repository.ts'
import { freshFolder } from '../support/server.ts'

test('[SV12] wrangler deploy --dry-run uploads the very bundle that the local server runs', () => {
  using folder = freshFolder()
  execFileSync(process.execPath, [binOf('wrangler'), 'deploy', '--dry-run', '--outdir', folder.path], { cwd: root, stdio: 'pipe' })
  expect(readFileSync(join(folder.path, 'index.js'), 'utf8')).toBe(readFileSync(join(root, 'sdk/server/worker/index.js'), 'utf8'))
})

test('[SV12] the server as published holds no path of the machine that built it', () => {
  const files = globSync('**/*', { cwd: join(root, 'sdk/server'), withFileTypes: true }).filter((entry) => entry.isFile())
  const guilty = files.filter((entry) => readFileSync(join(entry.parentPath, entry.name)).includes(root.slice(0, -1)))
  expect(guilty.map(({ name }) => name)).toEqual([])
})

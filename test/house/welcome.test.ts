/** The Worker imports no examples, so it has the welcome notebook as a module; this keeps it in step with the file. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../support/repository.ts'

const MODULE = join(root, 'worker/operations/welcome-notebook.ts')

test('[NW1] the welcome notebook of the Worker is the one of the examples (npm run spec writes it)', async () => {
  const text = readFileSync(join(root, 'examples/notebooks/welcome.nb.ts'), 'utf8')
  const literal = text.replaceAll(/[\\`]|\$(?=\{)/g, String.raw`\$&`)
  const header = '/** The notebook of a new workspace. Written by `npm run spec` from examples/notebooks/welcome.nb.ts: change it there. */'
  await expect(`${header}\nexport const WELCOME_NOTEBOOK = \`${literal}\`\n`).toMatchFileSnapshot(MODULE)
})

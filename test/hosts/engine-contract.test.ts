import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeHost } from '#sdk/hosts/node.ts'
import { describeEngine } from '../engine/contract/describe.ts'

describeEngine('the Node host', ({ settings, print, callSite, declarationAt, ...surroundings }) => ({
  ...nodeHost({ ...surroundings, environment: { FLOWCELL_HOME: join(tmpdir(), 'flowcell-none') } }),
  settings: () => settings,
  print,
  callSite,
  declarationAt,
}))

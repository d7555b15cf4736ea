import { nodeHost } from '#sdk/hosts/node.ts'
import { describeEngine } from './contract/describe.ts'
import { testHost } from './test-host.ts'

describeEngine('the test host', testHost)

describeEngine('the host of Node', ({ settings, print, callSite, declarationAt, ...surroundings }) => ({
  ...nodeHost({ environment: {}, ...surroundings }),
  settings: () => settings,
  print,
  callSite,
  declarationAt,
}))

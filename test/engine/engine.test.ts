import { describeEngine } from './contract/describe.ts'
import { testHost } from './test-host.ts'

describeEngine('the test host', testHost)

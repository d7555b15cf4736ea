import { app } from './http/app.ts'

export { Workspace } from './workspace/workspace.ts'

export default { fetch: app.fetch }

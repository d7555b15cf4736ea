/** What tests inside workerd find in `env` and `exports`. */
import type * as mainModule from '../../worker/index.ts'

declare global {
  namespace Cloudflare {
    interface Env {
      readonly WORKSPACE: DurableObjectNamespace<mainModule.Workspace>
      readonly ASSETS: Fetcher
      readonly FLOWCELL_KEK: string
      readonly ADMIN_TOKEN: string
      readonly WORKSPACE_CREATION: string
    }
    interface GlobalProps {
      mainModule: typeof mainModule
    }
  }
}

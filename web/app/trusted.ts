/** Addresses of our own scripts, as the platform's Trusted Types want them: the one policy besides those of Lit and DOMPurify. */

interface ScriptPolicy {
  createScriptURL(address: string): unknown
}
interface Platform {
  readonly location: unknown
  readonly trustedTypes?: {
    createPolicy(name: string, rules: { createScriptURL(address: string): string }): ScriptPolicy
  }
}

const platform: Platform = globalThis
const policy = platform.trustedTypes?.createPolicy('flowcell', {
  createScriptURL: (address) => {
    if (new URL(address, location.href).origin !== location.origin) throw new Error(`${address} is no script of this server.`)
    return address
  },
})

/** Starts a Worker from an address of ours (`import address from 'bundle:./x.ts'`). */
export function startWorker(address: string, name: string): Worker {
  const trusted: unknown = policy?.createScriptURL(address) ?? address
  // The platform takes its TrustedScriptURL where the typings know text only.
  return new Worker(trusted as string, { type: 'module', name })
}

/** The least that a host can be, where the platform has AsyncLocalStorage. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { inspect } from 'node:util'
import type { Host } from '#sdk/engine/ports.ts'
import type { Surroundings } from './contract/case.ts'

export interface Captured {
  print?: Parameters<Host['capturePrints']>[0]
  rejection?: (reason: unknown) => boolean
}

export function testHost({ settings, ...surroundings }: Surroundings, captured: Captured = {}): Host {
  return {
    ...surroundings,
    settings: () => settings,
    newController: () => new AbortController(),
    newContext<T>() {
      const storage = new AsyncLocalStorage<T>()
      return { run: <R>(value: T, body: () => R): R => storage.run(value, body), current: () => storage.getStore() }
    },
    capturePrints: (onPrint) => void (captured.print = onPrint),
    captureRejections: (onRejection) => void (captured.rejection = onRejection),
    inspect,
  }
}

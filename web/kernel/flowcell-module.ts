/** `flowcell` as cells see it: the public face of the SDK over the kernel's engine, name for name (test/browser/kernel.test.ts compares). */
import type { Engine } from '#sdk/engine/engine.ts'
import * as shared from '#sdk/engine/face.ts'
import type { DisplayFace } from '#sdk/hosts/display-face.ts'

export function flowcellModule(engine: Engine, face: DisplayFace): Readonly<Record<string, unknown>> {
  const { flow, task, getRunLogger, runtime, tags } = engine
  const { display, input, progress, html, md, svg, latex } = face
  return named({ ...shared, flow, task, getRunLogger, runtime, tags, display, input, progress, html, md, svg, latex })
}

/** The build has shortened the names of our own functions; people see them in their values. */
function named(module: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  for (const [name, value] of Object.entries(module)) {
    if (typeof value === 'function') Object.defineProperty(value, 'name', { value: name, configurable: true })
  }
  return Object.freeze(module)
}

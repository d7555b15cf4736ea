/** What the engine's contract uses of the SDK, built as the kernel's script is: minified, its waits instrumented. */
import * as asCompleted from '#sdk/engine/as-completed.ts'
import * as engine from '#sdk/engine/engine.ts'
import * as futures from '#sdk/engine/futures.ts'
import * as inputs from '#sdk/engine/inputs.ts'
import * as memory from '#sdk/engine/memory.ts'
import * as options from '#sdk/engine/options.ts'
import * as ports from '#sdk/engine/ports.ts'
import * as runState from '#sdk/engine/run-state.ts'
import * as taskRunners from '#sdk/engine/task-runners.ts'
import * as asyncContext from '#sdk/hosts/async-context.ts'
import * as browser from '#sdk/hosts/browser.ts'
import * as frames from '#sdk/protocol/frames.ts'
import * as limits from '#sdk/protocol/limits.ts'

Object.assign(globalThis, {
  $$sdk: {
    '#sdk/engine/as-completed.ts': asCompleted,
    '#sdk/engine/engine.ts': engine,
    '#sdk/engine/futures.ts': futures,
    '#sdk/engine/inputs.ts': inputs,
    '#sdk/engine/memory.ts': memory,
    '#sdk/engine/options.ts': options,
    '#sdk/engine/ports.ts': ports,
    '#sdk/engine/run-state.ts': runState,
    '#sdk/engine/task-runners.ts': taskRunners,
    '#sdk/hosts/async-context.ts': asyncContext,
    '#sdk/hosts/browser.ts': browser,
    '#sdk/protocol/frames.ts': frames,
    '#sdk/protocol/limits.ts': limits,
  },
})

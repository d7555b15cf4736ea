/**
 * The kernel: what runs in the Worker inside the frame. Cells, the engine, and what both need of the page.
 *
 * 1. One port to the page carries everything, as JSON text; the bytes of a file alone go as bytes.
 * 2. Nothing here is a wall: cells share this realm with it. What they may do is decided by the frame's policy and by the page.
 * 3. Functions of the platform are taken before they are replaced; the kernel itself uses those.
 */
import { createEngine } from '#sdk/engine/engine.ts'
import type { ConsoleLine } from '#sdk/engine/ports.ts'
import { RunState } from '#sdk/engine/run-state.ts'
import { browserHost, type BrowserHost } from '#sdk/hosts/browser.ts'
import { formatLine } from '#sdk/hosts/console-line.ts'
import { inspect } from '#sdk/hosts/inspect.ts'
import { newWallClock } from '#sdk/hosts/time.ts'
import { LOG_LEVELS } from '#sdk/protocol/log-levels.ts'
import { runIdOf } from '#sdk/protocol/mint.ts'
import { captureConsole } from './cell-console.ts'
import { explainFetch } from './cell-fetch.ts'
import { CellRunner, type CellContext } from './cell-runner.ts'
import { cellOfPlace, CellTexts, isOwnFile } from './cell-texts.ts'
import { DefinedFlows } from './defined-flows.ts'
import { newDisplay } from './display/display.ts'
import { OutputLog } from './display/output-log.ts'
import { flowcellModule } from './flowcell-module.ts'
import { CellRuns } from './kernel-orchestrator.ts'
import { MemoryFiles } from './memory-files.ts'
import type { FromKernel, KernelSetup, ToKernel } from './messages.ts'
import { Modules } from './modules.ts'
import { PortLink } from './port-link.ts'

const nativeTimeout = globalThis.setTimeout.bind(globalThis)
const later = (ms: number, work: () => void): void => void nativeTimeout(work, ms)
const nowMs = performance.now.bind(performance)
const epochMs = Date.now.bind(Date)

// The frame's loader calls it with the page's port (web/public/kernel.html); until then this Worker only waits.
Reflect.set(globalThis, '$$start', (port: MessagePort) => {
  Reflect.deleteProperty(globalThis, '$$start')
  let hear: ((message: Exclude<ToKernel, KernelSetup>) => void) | undefined
  port.addEventListener('message', ({ data }: MessageEvent<ToKernel>) => {
    if (data.type === 'setup') hear = startKernel(data, port)
    else hear?.(data)
  })
  port.start()
})

/** Answers what hears the page. */
function startKernel(setup: KernelSetup, port: MessagePort): (message: Exclude<ToKernel, KernelSetup>) => void {
  const send = (message: FromKernel): void => port.postMessage(JSON.stringify(message))
  const texts = new CellTexts()
  const link = new PortLink(send)
  const now = newWallClock()
  const say = (level: ConsoleLine['level'], message: string): void => print({ at: now(), level, source: 'flowcell.kernel', message })
  const outputs = new OutputLog({ send, later })
  const toldRuns = new CellRuns({
    setup,
    open: link.open,
    now,
    random: Math.random,
    say,
    currentCell: () => currentCell(),
    send: (message) => {
      outputs.flush() // what was printed before it stands before it
      send(message)
    },
    later,
  })
  const host: BrowserHost = browserHost({
    now,
    orchestrator: () => toldRuns.connect(),
    settings: setup.settings,
    print: (line) => print(line),
    inspect,
    isOwnFile,
    originalPlace: texts.originalPlace,
    declarationAt: async (callSite) => texts.declarationAt(callSite),
  })
  Object.assign(globalThis, host.helpers)
  const contexts = host.newContext<CellContext>()
  const context = (): CellContext | undefined => (host.hasContext() ? contexts.current() : undefined)
  const engine = createEngine(host)
  const flows = new DefinedFlows(engine, host, texts)

  const display = newDisplay({
    currentCell: () => currentCell(),
    put: (cell, output) => {
      if (isCurrent(cell)) outputs.put(cell, output)
    },
    clear: (cell) => outputs.clear(cell),
    inputChanged: (cell, input, runs) => send({ type: 'inputChanged', cell, input, runs }),
    now: epochMs,
    later,
    placesOf: (error) => texts.placesOf(error),
    flowOf: (value) => flows.outputOf(value),
    flowRunOf: (value) => (value instanceof RunState && value.id !== null ? toldRuns.find(runIdOf(value.id)) : undefined),
  })
  const modules = new Modules({
    flowcell: flowcellModule({ ...engine, flow: flows.flow }, display.globals),
    moduleHost: setup.moduleHost,
    ask: (name) => send({ type: 'module', name }),
  })
  const files = new MemoryFiles(modules, send)
  const runner = new CellRunner({
    contexts,
    helpers: host.helpers,
    enter: (signal, body) => host.enter(() => engine.withSignal(signal, body)),
    display,
    outputs,
    modules,
    texts,
    send,
    stopRuns: (cell) => toldRuns.stop(cell),
    beforeRun: (cell) => engine.forgetNames((place) => cellOfPlace(place) === cell),
    now: nowMs,
    later,
  })
  Object.assign(globalThis, display.globals)
  // A Worker that has closed itself tells nobody: the page would wait for ever.
  Object.assign(globalThis, { close: refuseToClose })
  captureConsole((name, text) => {
    const cell = currentCell()
    if (cell !== undefined && isCurrent(cell)) outputs.print(cell, name, text)
  }, nowMs)
  explainFetch({ signal: () => context()?.signal, later })
  addEventListener('error', (event) => {
    event.preventDefault()
    tellLoose('An error was thrown outside of the cell', event.error ?? event.message)
  })
  addEventListener('unhandledrejection', (event) => {
    event.preventDefault()
    tellLoose('A promise was rejected and nobody awaited it', event.reason)
  })
  send({ type: 'ready' })
  return hear

  function currentCell(): string | undefined {
    return context()?.cell ?? runner.lastCell
  }

  /** False for what an older run of the cell still says. */
  function isCurrent(cell: string): boolean {
    const own = context()
    return own?.cell !== cell || runner.isNewest(own)
  }

  /**
   * Lines of runs stand in the run's log, which the page shows beside it, and so does what the engine says of a run's creation; where nothing is
   * recorded they are shown here.
   */
  function print(line: ConsoleLine): void {
    const isOfRun = /^(?:Flow|Task) run '/.test(line.source)
    const isTold = isOfRun || (line.source === 'flowcell.engine' && LOG_LEVELS[line.level] < LOG_LEVELS.WARNING)
    const cell = currentCell()
    if ((isTold && setup.isRecorded) || cell === undefined) return
    outputs.print(cell, 'stderr', formatLine(line, true))
  }

  function tellLoose(what: string, error: unknown): void {
    const cell = currentCell()
    if (cell === undefined) return
    const places = error instanceof Error ? texts.placesOf(error).stack : []
    outputs.print(cell, 'stderr', [`${what}: ${describe(error)}`, ...places.map((place) => `    ${place}`), ''].join('\n'))
  }

  function hear(message: Exclude<ToKernel, KernelSetup>): void {
    switch (message.type) {
      case 'run':
        void runner.run(message).then(() => files.tell())
        return
      case 'stop':
        return runner.stop(message.cell)
      case 'forget':
        return runner.forget(message.cell)
      case 'module':
        return modules.given(message.name, message.script)
      case 'link':
        return link.hear(message.event)
      case 'input':
        return attempt(() => display.setInput(message.id, message.value))
      case 'expand':
        return answer(message.request, () => [...display.expand(message.handle, message.from, message.count)])
      case 'table':
        return answer(message.request, () => display.table(message.handle, message.query))
      case 'call':
        return answer(message.request, () => callFlow(message.cell, message.name, message.parameters))
      case 'file':
        return answer(message.request, () => files.read(message.path))
    }
  }

  /** An input that is gone by now: the page draws what is there next. */
  function attempt(work: () => void): void {
    try {
      work()
    } catch (error) {
      say('WARNING', describe(error))
    }
  }

  function answer(request: number, work: () => Answered | Promise<Answered>): void {
    void (async () => work())().then(
      (value) => {
        if (!(value instanceof Uint8Array)) return send({ type: 'answer', request, value })
        const bytes = value.slice().buffer
        port.postMessage({ request, bytes }, [bytes])
      },
      (error: unknown) => send({ type: 'answer', request, value: null, error: describe(error) }),
    )
  }

  async function callFlow(cell: string, name: string, parameters: unknown): Promise<null> {
    const flow = runner.valuesOf(cell).get(name)
    const call = flows.callOf(flow)
    if (call === undefined) throw new Error(`\`${name}\` is no flow of this cell any more: run the cell again.`)
    await runner.within(cell, () => call(parameters))
    await files.tell()
    return null
  }
}

function refuseToClose(): never {
  throw new Error('A cell cannot close its kernel. Stop ends what runs, and "Restart the kernel" in the menu forgets all values.')
}

type Answered = Extract<FromKernel, { readonly type: 'answer' }>['value']
function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : inspect(error)
}

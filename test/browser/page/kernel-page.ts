/** A page that holds a kernel as the notebook's page does, for tests. */
import contractSdk from 'bundle:./contract-sdk.ts'
import { openLink as openSocket, type OpenLink } from '#sdk/client/link.ts'
import { isCellId } from '#sdk/notebook/document.ts'
import { foldOutputs } from '#sdk/notebook/outputs.ts'
import type { CellOutput } from '#sdk/protocol/cell-output.ts'
import type { CellId } from '#sdk/protocol/notebook.ts'
import { PROTOCOL_VERSION } from '#sdk/protocol/wire.ts'
import { LinkHub } from '../../../web/app/link-hub.ts'
import { CompilerHost } from '../../../web/kernel/compiler-host.ts'
import { KernelFrame } from '../../../web/kernel/kernel-frame.ts'
import { KernelHost, type KernelSession } from '../../../web/kernel/kernel-host.ts'
import type { FromKernel } from '../../../web/kernel/messages.ts'
import { Signal } from '../../../web/ui/signal.ts'
import type { Ended, InPage, NotebookInPage, NotebookOptions } from '../kernel-in-page.ts'

function idOf(text: string): CellId {
  if (!isCellId(text)) throw new Error(`${text} is no id of a cell`)
  return text
}

class TestNotebook implements NotebookInPage {
  readonly compiler = new CompilerHost()
  readonly kernel: KernelHost
  readonly heard: FromKernel[] = []
  readonly resets: (string | null)[] = []
  readonly #sources = new Map<CellId, string>()
  readonly #outputs = new Map<string, readonly CellOutput[]>()
  readonly #runs = new Map<CellId, number>()

  constructor(workspace: string, { network, role = 'owner', notebook = 'none' }: NotebookOptions) {
    const apiUrl = `${location.origin}/w/${workspace}/api`
    const hello = { protocol: PROTOCOL_VERSION, kind: 'page', name: 'test' } as const
    const openLink: OpenLink = new LinkHub((events) => openSocket({ apiUrl, hello }, events)).open
    const session: KernelSession = { id: workspace, apiUrl, role: new Signal(role), openLink }
    this.kernel = new KernelHost({ session, notebook: { id: notebook, title: 'Test' }, network })
    this.kernel.onReset((reason) => this.resets.push(reason ?? null))
    this.kernel.on((message) => {
      this.heard.push(message)
      if (message.type === 'began') this.#outputs.set(message.cell, [])
      if (message.type !== 'outputs') return
      const { cell, clear, outputs } = message
      this.#outputs.set(cell, foldOutputs(clear ? [] : this.outputsOf(cell), outputs).outputs)
    })
  }

  outputsOf(cell: string): readonly CellOutput[] {
    return this.#outputs.get(cell) ?? []
  }

  async begin(cell: string, source: string): Promise<void> {
    const id = idOf(cell)
    this.#sources.set(id, source)
    const { version: _version, ...linked } = await this.#link(id)
    const run = (this.#runs.get(id) ?? 0) + 1
    this.#runs.set(id, run)
    this.kernel.run({ type: 'run', run, ...linked })
  }

  async slice(cell: string): Promise<string> {
    return (await this.#link(idOf(cell))).slice
  }

  async run(cell: string, source: string): Promise<Ended> {
    const ended = this.ended(cell)
    await this.begin(cell, source)
    return ended
  }

  async ended(cell: string): Promise<Ended> {
    for (;;) {
      const message = await this.next('ended')
      if (message.type !== 'ended' || message.cell !== cell) continue
      const { outcome, ms, isSame, values } = message
      return { outcome, ms, isSame, values, outputs: this.outputsOf(cell) }
    }
  }

  next(type: FromKernel['type']): Promise<FromKernel> {
    return new Promise((resolve) => {
      const stop = this.kernel.on((message) => {
        if (message.type !== type) return
        stop()
        resolve(message)
      })
    })
  }

  async #link(id: CellId) {
    await this.compiler.update([...this.#sources].map(([each, source]) => ({ id: each, title: each.toUpperCase(), source })))
    const answer = await this.compiler.link(id)
    if (!answer.ok) throw new Error(answer.message)
    return answer.run
  }
}

/** Runs a script in a frame, behind the SDK that the contract uses, and answers the first thing that it says. */
async function runContract(workspace: string, cases: string): Promise<unknown> {
  const frame = await new KernelFrame(`/w/${workspace}/kernel`, 'https:', document.body).ready()
  const sdk = await (await fetch(contractSdk)).text()
  return new Promise((message) => frame.boot(`${sdk}\n${cases}`, { message, died: message }))
}

const realm: Pick<InPage, 'newNotebook' | 'runContract'> = {
  newNotebook: (workspace, options) => new TestNotebook(workspace, options),
  runContract,
}
Object.assign(globalThis, realm)

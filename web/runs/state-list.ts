/** The states of one run, read again when its state is another. */
import type { StateOutput } from '#sdk/protocol/states.ts'
import { workspace } from '../app/current.ts'
import { Signal, type ReadonlySignal } from '../ui/signal.ts'

export class StateList {
  readonly #operation: 'flow_run_states.list' | 'task_run_states.list'
  readonly #states = new Signal<readonly StateOutput[]>([])
  #key = ''

  constructor(operation: 'flow_run_states.list' | 'task_run_states.list') {
    this.#operation = operation
  }

  get states(): ReadonlySignal<readonly StateOutput[]> {
    return this.#states
  }

  /** Asks unless it knows: `state` is the id of the run's state now. */
  read(run: string, state: string | null): void {
    const key = `${run} ${state}`
    if (key === this.#key) return
    if (!this.#key.startsWith(run)) this.#states.value = []
    this.#key = key
    void this.#ask(run, key)
  }

  async #ask(run: string, key: string): Promise<void> {
    const call = workspace().call
    const states =
      this.#operation === 'flow_run_states.list'
        ? await call('flow_run_states.list', { query: { flow_run_id: run } })
        : await call('task_run_states.list', { query: { task_run_id: run } })
    if (key === this.#key) this.#states.value = states
  }
}

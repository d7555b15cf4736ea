/**
 * The one registry of what can be done: it feeds keys, palette, help and `aria-keyshortcuts`.
 *
 * 1. Where several enabled commands have one key, the one that was registered last runs.
 * 2. A key without ⌘, Ctrl or Alt never runs while somebody types into a field, except in the context `edit`.
 * 3. A dialog that is open keeps the keys of the page beneath from running.
 */
import { createKeybindingsHandler } from 'tinykeys'
import { hasOpenModal } from '../ui/modals.ts'
import { Signal, type ReadonlySignal } from '../ui/signal.ts'

/** `global`: everywhere. `command`, `edit`: in that mode of a notebook. */
export type Context = 'global' | 'command' | 'edit'

export interface Command {
  /** Such as `cells.run`; the palette remembers it. */
  readonly id: string
  /** What it does, as a button would say it: "Run cell and advance". */
  readonly title: string
  /** As tinykeys writes them: `$mod+KeyK`, `Shift+Enter`, `d d`. The first one is shown. */
  readonly keys?: readonly string[]
  readonly when: Context
  /** Heading in palette and help: "Cells". */
  readonly group: string
  /** Further words that find it in the palette. */
  readonly words?: string
  /** Not shown and not run while it answers false. */
  readonly isEnabled?: () => boolean
  /** Left out of the palette: it makes sense by key only. */
  readonly isKeyOnly?: boolean
  /** Runs also where a field has the focus, though its key is a bare one (Escape). */
  readonly inFields?: boolean
  readonly run: (event?: KeyboardEvent) => unknown
}

const registered = new Signal<readonly Command[]>([])
export const commands: ReadonlySignal<readonly Command[]> = registered

/** `letters`: command mode, but a control has the focus: it keeps Enter, Escape, arrows, and letters are commands all the same. */
export type KeyContext = 'none' | 'letters' | 'command' | 'edit'

const contextSignal = new Signal<KeyContext>('none')
/** The mode of the notebook that is open; `none` elsewhere. */
export const keyContext: ReadonlySignal<KeyContext> = contextSignal
export function setKeyContext(context: KeyContext): void {
  contextSignal.value = context
}

/** Adds commands, mostly in `connectedCallback`; answers how to take them away again. */
export function registerCommands(added: readonly Command[]): () => void {
  registered.value = [...registered.value, ...added]
  return () => {
    const gone = new Set(added)
    registered.value = registered.value.filter((command) => !gone.has(command))
  }
}

export const isEnabled = ({ isEnabled: asked }: Command): boolean => asked?.() ?? true

/** Runs a command by its id, for buttons and menus. */
export function runCommand(id: string): void {
  const command = registered.value.findLast((known) => known.id === id && isEnabled(known))
  void command?.run()
}

export const isMac = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '')

/** Between two keys of a sequence. */
const SEQUENCE_MS = 1_500

/** Begins to listen; answers how to stop. */
export function startKeys(target: EventTarget = window): () => void {
  let handler: (event: Event) => void = () => undefined
  const compile = (): void => {
    const keys = new Set(registered.value.flatMap((command) => command.keys ?? []))
    handler = createKeybindingsHandler(Object.fromEntries([...keys].map((key) => [key, (event: KeyboardEvent) => press(key, event)])), {
      timeout: SEQUENCE_MS,
    })
  }
  compile()
  const stop = registered.subscribe(compile)
  const listen = (event: Event): void => handler(event)
  target.addEventListener('keydown', listen)
  return () => {
    stop()
    target.removeEventListener('keydown', listen)
  }
}

function press(key: string, event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return
  const command = registered.value.findLast((known) => known.keys?.includes(key) === true && applies(known, key, event) && isEnabled(known))
  if (command === undefined) return
  event.preventDefault()
  void command.run(event)
}

/** `d d`, `Shift+m`, `/`: signs, and no names of keys. */
const IS_LETTERS = /^(?:Shift\+)?[^\s+](?: (?:Shift\+)?[^\s+])*$/
const IS_BARE = /^(Shift\+)?[^+]+$|^\+$/

function applies(command: Command, key: string, event: KeyboardEvent): boolean {
  const context = contextSignal.value
  const isLetters = context === 'letters' && command.when === 'command' && IS_LETTERS.test(key)
  if (command.when !== 'global' && command.when !== context && !isLetters) return false
  if (hasOpenModal()) return false
  if (command.when === 'edit' || command.inFields === true) return true
  const isBare = key.split(' ').some((one) => IS_BARE.test(one))
  return !isBare || !isTypedInto(event.composedPath()[0])
}

export function isTypedInto(target: EventTarget | undefined): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button', 'submit', 'range', 'file', 'color'].includes(target.type)
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable
}

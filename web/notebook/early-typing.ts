/**
 * What is typed into a cell before its editor is there, which may take seconds on a slow line. Plain text alone: whoever presses other keys sees
 * that nothing is there yet.
 */
export class EarlyTyping {
  #text = ''

  /** Keeps what the key writes; false for keys that write nothing. */
  hear({ key, ctrlKey, metaKey, altKey, shiftKey, isComposing }: KeyboardEvent): boolean {
    if (isComposing || ctrlKey || metaKey || altKey) return false
    if (key === 'Backspace') this.#text = this.#text.slice(0, -1)
    else if (key === 'Enter' && !shiftKey) this.#text += '\n'
    else if (isSign(key)) this.#text += key
    else return false
    return true
  }

  /** Everything so far, once. */
  take(): string {
    const text = this.#text
    this.#text = ''
    return text
  }
}

/** Keys that write nothing have names. */
const isSign = (key: string): boolean => /^.$/u.test(key)

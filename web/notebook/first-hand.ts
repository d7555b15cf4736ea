/** Whether anybody has pressed anything in this document: a page that has just been opened moves the focus by itself, which is no intent to edit. */
let isThere = false

export const hasHand = (): boolean => isThere

const seen = (): void => {
  isThere = true
}
addEventListener('keydown', seen, { capture: true, once: true })
addEventListener('pointerdown', seen, { capture: true, once: true })

/** Which modal dialogs are open, at this very moment: their events come later than that. */

const shown = new Set<HTMLDialogElement>()

export function showModal(dialog: HTMLDialogElement): void {
  dialog.showModal()
  shown.add(dialog)
}

export function hasOpenModal(): boolean {
  for (const dialog of shown) if (!dialog.open) shown.delete(dialog)
  return shown.size > 0
}

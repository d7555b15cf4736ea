/** Says something to screen readers without moving the focus: one polite live region for the whole document. */

const region = document.createElement('div')
region.className = 'announcer'
region.setAttribute('role', 'status')
region.setAttribute('aria-live', 'polite')

/** The same sentence twice in a row is said twice. */
export function announce(text: string): void {
  if (!region.isConnected) document.body.append(region)
  region.replaceChildren()
  requestAnimationFrame(() => region.replaceChildren(text))
}

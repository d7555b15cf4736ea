/** Keys as tinykeys writes them, shown to people and to assistive technology. Pure. `$mod` is ⌘ on a Mac and Ctrl elsewhere. */

const MAC_SIGNS: Readonly<Record<string, string>> = { $mod: '⌘', Meta: '⌘', Control: '⌃', Alt: '⌥', Shift: '⇧' }
const WORDS: Readonly<Record<string, string>> = {
  $mod: 'Ctrl',
  Control: 'Ctrl',
  Meta: 'Meta',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
  Enter: '↵',
  Backspace: '⌫',
}

/** `$mod+Shift+KeyK` → ["Ctrl", "Shift", "K"]; the parts of a sequence ("g r") follow each other. */
export function shownKeys(keys: string, isMac: boolean): readonly string[] {
  return keys
    .split(' ')
    .flatMap((press) => shownParts(press).map((part) => (isMac ? MAC_SIGNS[part] : undefined) ?? WORDS[part] ?? keyName(part)))
}

/** `$mod+KeyK` → "Control+K"; undefined for a sequence, which the attribute cannot say. */
export function ariaKeys(keys: string, isMac: boolean): string | undefined {
  if (keys.includes(' ')) return undefined
  return partsOf(keys)
    .map((part) => (part === '$mod' ? (isMac ? 'Meta' : 'Control') : keyName(part)))
    .join('+')
}

/** A sign that is typed with Shift says so by itself: "?" instead of "⇧?". */
function shownParts(press: string): readonly string[] {
  const parts = partsOf(press)
  return /^[^\w\s]$/.test(parts.at(-1) ?? '') ? parts.filter((part) => part !== 'Shift') : parts
}

/** "+" joins, and is a key itself. */
function partsOf(press: string): readonly string[] {
  return press === '+' ? ['+'] : press.replace(/\+\+$/, '+Plus').split('+')
}

function keyName(part: string): string {
  const letter = /^Key([A-Z])$/.exec(part)?.[1] ?? /^Digit(\d)$/.exec(part)?.[1]
  return letter ?? (/^[a-z]$/.test(part) ? part.toUpperCase() : part)
}

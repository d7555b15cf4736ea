/** What foreign markup may say of its own looks: nothing that leaves its place, and nothing that loads anything. */

const PROPERTY =
  /^(?:--[\w-]+|color|fill|stroke|opacity|(?:fill|stroke)-[a-z-]+|font(?:-[a-z]+)*|text-[a-z-]+|letter-spacing|line-height|white-space(?:-collapse)?|word-break|vertical-align|background-color|border(?:-[a-z-]+)?|padding(?:-[a-z-]+)?|margin(?:-[a-z-]+)?|width|height|min-width|max-width|min-height|max-height|display|flex(?:-[a-z]+)?|align-[a-z]+|justify-[a-z]+|gap|(?:row|column)-gap|grid-[a-z-]+|overflow(?:-[xy])?|table-layout|border-collapse|list-style-type|visibility|transform|transform-origin|paint-order|dominant-baseline|shape-rendering|overflow-wrap)$/
const LOADS = /url\(|image-set|expression|\\/i

/** Each property that may be, from one style to another. */
export function copyStyle(from: CSSStyleDeclaration, to: CSSStyleDeclaration): void {
  for (const name of Array.from(from)) setSafely(to, name, from.getPropertyValue(name))
}

/** The text of a style attribute. */
export function giveStyle(style: CSSStyleDeclaration, text: string): void {
  for (const part of text.split(';')) {
    const at = part.indexOf(':')
    if (at < 0) continue
    setSafely(
      style,
      part.slice(0, at).trim(),
      part
        .slice(at + 1)
        .trim()
        .replace(/\s*!important$/i, ''),
    )
  }
}

function setSafely(style: CSSStyleDeclaration, given: string, value: string): void {
  const name = given.startsWith('--') ? given : given.toLowerCase()
  // A plain colour as `background` is the only one of that kind; the others load or place images.
  const own = name === 'background' ? 'background-color' : name
  if (PROPERTY.test(own) && !LOADS.test(value)) style.setProperty(own, value)
}

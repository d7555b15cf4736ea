/** What the build of the pages gives for imports that are no scripts (sdk/scripts/pages.ts). */

/** The address of a script that is bundled by itself: a Worker's, or the kernel's. */
declare module 'bundle:*' {
  const address: string
  export default address
}
/** What stands inside the `<svg>`. */
declare module '*.svg' {
  const markup: string
  export default markup
}
/** With `{ type: 'text' }`: the minified text. */
declare module '*.css' {
  const text: string
  export default text
}
/** Declarations of everything that a cell may know (sdk/scripts/types/library.ts). */
declare module 'types-library' {
  const text: string
  export default text
}

/** The one table of colours of code, for static text and for the editor: syntax to class, class to token of the look. */
import { tagHighlighter, tags as t } from '@lezer/highlight'

export const codeClasses = tagHighlighter([
  { tag: [t.keyword, t.operatorKeyword, t.modifier, t.self, t.null, t.bool, t.atom], class: 'k' },
  { tag: [t.string, t.special(t.string), t.regexp, t.escape], class: 's' },
  { tag: [t.number], class: 'n' },
  { tag: [t.function(t.variableName), t.function(t.definition(t.variableName)), t.function(t.propertyName)], class: 'f' },
  { tag: [t.typeName, t.className, t.namespace], class: 't' },
  { tag: [t.comment, t.lineComment, t.blockComment, t.docComment], class: 'c' },
  { tag: [t.heading], class: 'h' },
  { tag: [t.strong], class: 'b' },
  { tag: [t.emphasis], class: 'i' },
  { tag: [t.link, t.url], class: 'l' },
  { tag: [t.monospace, t.processingInstruction, t.meta], class: 'm' },
])

/** The editor in the look of the page: its colours and sizes are those of static code, so that nothing moves when it takes its place. */
import { EditorView } from '@codemirror/view'

export const editorTheme = EditorView.theme({
  '&': { color: 'var(--ink)', backgroundColor: 'transparent', fontSize: 'var(--text-sm)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-code)', lineHeight: '1.55', overflowX: 'hidden' },
  '.cm-content': { padding: '8px 0 9px', caretColor: 'var(--ink)' },
  '.cm-line': { padding: '0 14px' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--ink)', borderLeftWidth: '1.5px' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground, .cm-content ::selection': {
    backgroundColor: 'var(--selection) !important',
  },
  '.cm-placeholder': { color: 'var(--ink-3)' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    backgroundColor: 'var(--accent-soft)',
    outline: '1px solid color-mix(in oklab, var(--accent) 40%, transparent)',
  },
  '.cm-nonmatchingBracket': { color: 'var(--failed)' },
  '.cm-tooltip': {
    border: 'var(--hair)',
    borderRadius: 'var(--radius-s)',
    backgroundColor: 'var(--paper)',
    color: 'var(--ink)',
    boxShadow: 'var(--shadow-high)',
    font: 'var(--text-sm) / 1.5 var(--font-ui)',
    zIndex: '30',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--font-code)', maxHeight: '16em' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 10px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--accent-soft)', color: 'var(--ink)' },
  '.cm-tooltip-lint': { maxWidth: '60ch' },
  '.cm-diagnostic': { padding: '4px 10px', borderLeftWidth: '3px' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--failed)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--late)' },
  '.cm-diagnostic-info, .cm-diagnostic-hint': { borderLeftColor: 'var(--ink-3)' },
  '.cm-lintRange-error': { backgroundImage: 'none', textDecoration: 'underline wavy var(--failed) 1px', textUnderlineOffset: '3px' },
  '.cm-lintRange-warning': { backgroundImage: 'none', textDecoration: 'underline wavy var(--late) 1px', textUnderlineOffset: '3px' },
  '.cm-lintRange-hint, .cm-lintRange-info': { backgroundImage: 'none', textDecoration: 'underline dotted var(--ink-3) 1px' },
  '.cm-value': { padding: '4px 10px', maxWidth: '60ch', whiteSpace: 'pre-wrap', fontFamily: 'var(--font-code)' },
  '.cm-flash': { backgroundColor: 'color-mix(in oklab, var(--failed) 22%, transparent)', transition: 'background-color 1s' },
  '.found': { backgroundColor: 'color-mix(in oklab, var(--late) 35%, transparent)', borderRadius: '2px' },
  '.found.now': { outline: '2px solid var(--late)' },
})

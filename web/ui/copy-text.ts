/** Puts text on the clipboard and says so. */
import { announce } from '../app/announce.ts'
import { toast } from './toasts.ts'

/** @param otherwise What to do where the browser does not let us. */
export async function copyText(text: string, what = 'Copied', otherwise = 'Select the text and press Ctrl+C.'): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    toast({ text: what })
    announce(what)
  } catch {
    toast({ kind: 'error', text: `This browser does not let the page copy. ${otherwise}` })
  }
}

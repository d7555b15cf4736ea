/**
 * The one way for foreign markup into a page. The platform lets a policy be made once, so all sanitisers share it; each has hooks and options of
 * its own.
 */
import DOMPurify, { type Config, type DOMPurify as Purifier } from 'dompurify'

interface HtmlPolicy {
  createHTML(markup: string): unknown
}
interface Platform {
  readonly location: unknown
  readonly trustedTypes?: { createPolicy(name: string, rules: { createHTML(markup: string): string }): HtmlPolicy }
}
const platform: Platform = globalThis
/** Only DOMPurify is given it: it parses with it into a document that runs nothing. */
const policy = platform.trustedTypes?.createPolicy('dompurify', { createHTML: (markup) => markup })

export const newPurifier = (): Purifier => DOMPurify(window)

/** Goes into the options of every `sanitize`. */
export const TRUSTED: Config = policy === undefined ? {} : { TRUSTED_TYPES_POLICY: policy as NonNullable<Config['TRUSTED_TYPES_POLICY']> } // the platform's own policy

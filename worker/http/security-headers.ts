/**
 * The only text of the security headers. The Worker sets them on everything it answers; `web/public/_headers` repeats the pages' for
 * plain assets, because Cloudflare applies that file to assets only and never to Worker responses (a test compares the two).
 */
const EVERYWHERE = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const

export const API_HEADERS = {
  ...EVERYWHERE,
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cache-Control': 'no-store',
} as const

export const PAGE_HEADERS = {
  ...EVERYWHERE,
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types lit-html dompurify flowcell",
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), usb=()',
} as const

/** Set where the request came over TLS; on plain HTTP it would mean nothing. */
export const STRICT_TRANSPORT = 'max-age=31536000'

/** Sets each header that the answer does not carry already. */
export function addHeaders(headers: Headers, values: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(values)) if (!headers.has(name)) headers.set(name, value)
}

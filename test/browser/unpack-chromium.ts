/** Unpacks the Chromium that an npm package carries into TMPDIR; run by chromium.ts as a process of its own. */
import carrier from '@sparticuz/chromium'

await carrier.executablePath()

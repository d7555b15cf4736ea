/** The version of SDK, server and command line: they are released together. */
export const VERSION = '0.1.0'

/** The version of SDK, server and command line: they are released together. */
export const VERSION = '0.1.0'

/** The version of Prefect whose REST dialect is spoken: Prefect's client refuses a server of another major version, which it reads from `/admin/version`. */
export const PREFECT_VERSION = '3.8.4'

/** The version of the socket's frames. It grows with every change of shape; test/protocol/schema-hash.test.ts holds one line of history for each. */
export const PROTOCOL_VERSION = 1

/** The version of SDK, server and command line: they are released together. */
export const VERSION = '0.1.0'

/** The version of Prefect whose REST dialect is spoken: Prefect's client refuses a server of another major version, which it reads from `/admin/version`. */
export const PREFECT_VERSION = '3.8.4'

/** What both ends of the socket know before they exchange a frame; free of schemas, so that pages and threads carry none. */

/** Grows with every change of a frame's shape. */
export const PROTOCOL_VERSION = 1

/** Why the workspace closes a socket, in the 4000s that are ours. */
export const CLOSE_CODES = {
  malformed_hello: 4400,
  unauthenticated: 4401,
  forbidden: 4403,
  no_such_workspace: 4404,
  protocol_mismatch: 4426,
  too_many: 4429,
  revoked: 4410,
} as const

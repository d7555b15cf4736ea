/** The workspace itself: is it there, who am I. */
import { ProblemError } from '#sdk/protocol/errors.ts'
import { PREFECT_VERSION, VERSION } from '#sdk/protocol/version.ts'
import type { SessionCreated } from '#sdk/protocol/workspaces.ts'
import type { Handler, Unit } from './unit.ts'

/** Reads and would be able to write: the commit around it has a transaction open. */
export const ready: Handler<'admin.ready'> = ({ store }) => ({ output: { message: store.meta.get('id') === undefined ? 'no' : 'OK' } })

export const hello: Handler<'admin.hello'> = () => ({ output: '👋' })

export const version = () => ({ output: VERSION })
export const prefectVersion = () => ({ output: PREFECT_VERSION })

/** The caller's hash is the secret's: the Worker has made it of the body. */
export const createSession: Handler<'sessions.create'> = (unit) => {
  const credential = unit.store.credentials.find(unit.actor.hash)
  if (credential === undefined || credential.kind !== 'link' || unit.actor.role === undefined) {
    throw new ProblemError('unauthenticated', 'The link is not known here. It may have been revoked or mistyped; ask for a new one.')
  }
  return { output: { role: unit.actor.role, workspace: workspaceOf(unit), name: unit.store.meta.get('name') ?? '' } }
}

/** For a page that has its cookie and has forgotten the rest. */
export const readSession: Handler<'sessions.read'> = (unit) => {
  if (unit.actor.role === undefined) throw new ProblemError('unauthenticated', 'This needs a credential.')
  return { output: { role: unit.actor.role, workspace: workspaceOf(unit), name: unit.store.meta.get('name') ?? '' } }
}

function workspaceOf({ store }: Unit): SessionCreated['workspace'] {
  return (store.meta.get('id') ?? '') as SessionCreated['workspace']
}

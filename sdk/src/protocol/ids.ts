/** Ids are UUIDs: ours come from mint.ts, any are accepted from clients. */
import * as z from 'zod'

const uuid = () => z.guid().toLowerCase()
export const FlowId = uuid().brand<'FlowId'>()
export type FlowId = z.infer<typeof FlowId>
export const FlowRunId = uuid().brand<'FlowRunId'>()
export type FlowRunId = z.infer<typeof FlowRunId>
export const TaskRunId = uuid().brand<'TaskRunId'>()
export type TaskRunId = z.infer<typeof TaskRunId>
export const StateId = uuid().brand<'StateId'>()
export type StateId = z.infer<typeof StateId>
export const TransitionId = uuid().brand<'TransitionId'>()
export type TransitionId = z.infer<typeof TransitionId>
export const SessionId = uuid().brand<'SessionId'>()
export type SessionId = z.infer<typeof SessionId>
/** Of what stands outside this server: documents, workers, leases. */
export const ForeignId = uuid()

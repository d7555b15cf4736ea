/** Media types of outputs, apart from their schemas: pages carry no zod. */

/** Media types of our own; the shapes of their values stand in web/kernel/media.ts, beside who makes and who draws them. */
export const MEDIA = {
  /** A preview of any value, to be opened further. */
  value: 'application/vnd.flowcell.value+json',
  table: 'application/vnd.flowcell.table+json',
  flowRun: 'application/vnd.flowcell.flow-run+json',
  flow: 'application/vnd.flowcell.flow+json',
  progress: 'application/vnd.flowcell.progress+json',
  input: 'application/vnd.flowcell.input+json',
  /** A state of a run, with its result. */
  state: 'application/vnd.flowcell.state+json',
} as const

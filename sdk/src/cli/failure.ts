/** How a command ends when it did not do what was asked: one sentence for people, one exit code for programs. */
export const EXIT = {
  ok: 0,
  /** What was asked for did not happen, or the run did not end Completed. */
  failed: 1,
  /** The command line or a setting is wrong. */
  usage: 2,
  /** No workspace, or it does not answer. */
  unreachable: 3,
  /** The workspace refuses the token, or its role is too low. */
  forbidden: 4,
} as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** Says what, where and what to do. Only defects are thrown as anything else. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly exit: ExitCode

  constructor(message: string, exit: ExitCode = EXIT.failed, options?: ErrorOptions) {
    super(message, options)
    this.exit = exit
  }
}

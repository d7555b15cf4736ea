/** The one failure of the storage that people can end themselves. It may come after the operation has returned, when its commit is written. */
export const DISK_FULL = 'The storage is full: nothing was written. Delete old flow runs or make room, then try again.'

export function isDiskFull(error: unknown): boolean {
  return /SQLITE_FULL|disk is full/i.test(error instanceof Error ? error.message : String(error))
}

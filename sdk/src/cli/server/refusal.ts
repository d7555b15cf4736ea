/** Why a server did not start: a code for programs and a sentence that says what to do next. */
export interface Refusal {
  readonly kind: 'refused'
  readonly code:
    | 'port_taken'
    | 'port_not_allowed'
    | 'folder_not_writable'
    | 'folder_in_use'
    | 'bad_key'
    | 'not_built'
    | 'build_failed'
    | 'no_workerd'
    | 'start_failed'
    | 'no_workspace'
    | 'bad_workspace'
  readonly message: string
}

export function refuse(code: Refusal['code'], message: string): Refusal {
  return { kind: 'refused', code, message }
}

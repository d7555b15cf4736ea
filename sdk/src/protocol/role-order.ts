/** The order of the roles, free of schemas: each may do what the ones before it may. */

export const ROLES = ['viewer', 'runner', 'editor', 'owner'] as const
type Role = (typeof ROLES)[number]

export function mayActAs(role: Role | undefined, required: Role | 'public'): boolean {
  return required === 'public' || (role !== undefined && ROLES.indexOf(role) >= ROLES.indexOf(required))
}

/** Who may do what. Each role may do what the ones before it may. */
import * as z from 'zod'

export const ROLES = ['viewer', 'runner', 'editor', 'owner'] as const
export const Role = z.enum(ROLES)
export type Role = z.infer<typeof Role>
/** `public`: needs no credential. */
export type RequiredRole = Role | 'public'

export function mayActAs(role: Role | undefined, required: RequiredRole): boolean {
  return required === 'public' || (role !== undefined && ROLES.indexOf(role) >= ROLES.indexOf(required))
}

/** Who may do what. */
import * as z from 'zod'
import { ROLES } from './role-order.ts'

export const Role = z.enum(ROLES)
export type Role = z.infer<typeof Role>
/** `public`: needs no credential. */
export type RequiredRole = Role | 'public'

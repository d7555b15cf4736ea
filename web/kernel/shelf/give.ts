/** Where a script of the shelf leaves its module for the kernel that evaluates it. */
export const SHELF_GLOBAL = '$$shelf'

export function give(module: unknown): void {
  Reflect.set(globalThis, SHELF_GLOBAL, module)
}

/* oxlint-disable typescript/await-thenable, unicorn/no-unnecessary-await -- code that awaits what is no promise is the case */
/**
 * What context has to survive, as plain user code: it runs in Node and in a browser's Worker. The file is instrumented before it runs there.
 * `probe` answers how often the context was another one than it should be.
 */
import type { ContextStore } from '#sdk/engine/ports.ts'

export interface Tally {
  right: number
  readonly wrong: string[]
}

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

async function* numbers(): AsyncGenerator<number> {
  for (let index = 0; index < 3; index++) {
    await later(index)
    yield index
  }
}

/** Many runs at once, each of which looks at its context wherever code can be interrupted. */
export async function interleave(store: ContextStore<string>, runs: number, tally: Tally): Promise<void> {
  const check = (expected: string, where: string): void => {
    const found = store.current()
    if (found === expected) tally.right++
    else tally.wrong.push(`${where}: expected ${expected}, found ${String(found)}`)
  }
  await Promise.all(Array.from({ length: runs }, (_, index) => store.run(`run ${index}`, () => one(`run ${index}`, 2, index % 3))))

  async function one(name: string, depth: number, ms: number): Promise<string> {
    check(name, 'start')
    await later(ms)
    check(name, 'after a timer')
    await undefined
    check(name, 'after nothing')
    const found = await Promise.all(
      [1, 2, 3].map(async (step) => {
        check(name, 'in a map')
        await later(step % 2)
        check(name, 'in a map, after a timer')
        return step
      }),
    )
    check(name, `after all ${found.length}`)
    try {
      await Promise.reject(new Error('thrown'))
    } catch {
      check(name, 'in a catch')
      await null
      check(name, 'in a catch, after nothing')
    } finally {
      await null
      check(name, 'in a finally')
    }
    if (depth > 0) {
      const inner = `${name}/${depth}`
      await store.run(inner, () => one(inner, depth - 1, (ms + 1) % 3))
      check(name, 'after a nested run')
    }
    await new Promise<void>((resolve) =>
      setTimeout(() => {
        check(name, 'in a timer')
        queueMicrotask(() => {
          check(name, 'in a microtask')
          resolve()
        })
      }, 1),
    )
    await Promise.resolve(1)
      .then(() => check(name, 'in a then'))
      .finally(() => check(name, 'in a finally callback'))
    check(name, 'after a then')
    for await (const number of numbers()) check(name, `in for await ${number}`)
    check(name, 'after for await')
    for await (const number of [later(1), 2]) check(name, `in for await over a list ${String(number)}`)
    for await (const number of numbers()) {
      if (number === 1) break
    }
    check(name, 'after a break out of for await')
    // oxlint-disable-next-line unicorn/no-thenable -- people make such objects
    await { then: (resolve: (value: number) => void) => (check(name, 'in a foreign then'), setTimeout(() => resolve(1), 1)) }
    check(name, 'after a foreign thenable')
    const raced = await Promise.race([later(5), later(1).then(() => name)])
    check(name, `after a race ${String(raced)}`)
    return name
  }
}

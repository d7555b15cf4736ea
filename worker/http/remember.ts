/** Answers of pure questions, remembered in the isolate's memory while there are few of them. */

/**
 * `ask`, asked once per text as long as no more than `most` answers are known; then all are forgotten. `undefined` is not an answer and is
 * asked for again, so that nonsense from outside takes no room.
 */
export function remember<T extends string>(
  most: number,
  ask: (text: string, salt: string) => Promise<T | undefined>,
): (text: string, salt?: string) => T | undefined | Promise<T | undefined> {
  const known = new Map<string, T>()
  return (text, salt = '') => {
    const key = `${salt} ${text}`
    return known.get(key) ?? learn(key, text, salt)
  }

  async function learn(key: string, text: string, salt: string): Promise<T | undefined> {
    const answer = await ask(text, salt)
    if (answer === undefined) return undefined
    if (known.size >= most) known.clear()
    known.set(key, answer)
    return answer
  }
}

import { expect, test } from 'vitest'
import { Questions } from '../../web/kernel/questions.ts'

test('[KN43] an answer goes to its question, in any order; when nobody answers any more all who wait are told', async () => {
  const questions = new Questions<string>()
  const posted: number[] = []
  const ask = (): Promise<string> => questions.ask((request) => posted.push(request))
  const [one, two, three] = [ask(), ask(), ask()]
  questions.answered(2, 'two')
  questions.answered(1, 'one')
  questions.answered(1, 'again')
  questions.answered(9, 'nobody asked')
  questions.failAll('It is gone.')
  expect([posted, await one, await two, await three.catch(String)]).toEqual([[1, 2, 3], 'one', 'two', 'Error: It is gone.'])
})

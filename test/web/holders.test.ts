import { expect, test } from 'vitest'
import { Holders } from '../../web/ui/holders.ts'

test('[SH38] what many hold begins with the first and ends with the last, however often one lets go, and can begin again', () => {
  const said: string[] = []
  const holders = new Holders(() => (said.push('begin'), () => said.push('end')))
  const [one, two] = [holders.hold(), holders.hold()]
  one()
  one()
  expect([said, holders.isHeld]).toEqual([['begin'], true])
  two()
  expect([said, holders.isHeld]).toEqual([['begin', 'end'], false])
  holders.hold()()
  expect(said).toEqual(['begin', 'end', 'begin', 'end'])
})

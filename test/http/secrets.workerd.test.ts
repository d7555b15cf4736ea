import { expect, test } from 'vitest'
import { hashSecret, isSameSecret, isSecret, mintSecret } from '../../worker/http/secrets.ts'
import { mintWorkspaceId, readWorkspaceId } from '../../worker/http/workspace-ids.ts'

const KEK = btoa('k'.repeat(32))

test('[AU1] a token has the form fc_ and 38 base32 characters, a link secret the form fl_', () => {
  expect(mintSecret('token')).toMatch(/^fc_[a-z2-7]{38}$/)
  expect(mintSecret('link')).toMatch(/^fl_[a-z2-7]{38}$/)
  expect(new Set(Array.from({ length: 100 }, () => mintSecret('token'))).size).toBe(100)
})

test('[AU1] the checksum finds every single wrong character and every swap of two neighbours', () => {
  const token = mintSecret('token')
  expect(isSecret('token', token)).toBe(true)
  for (let at = 3; at < token.length; at++) {
    const other = token[at] === 'a' ? 'b' : 'a'
    expect(isSecret('token', token.slice(0, at) + other + token.slice(at + 1))).toBe(false)
    const swapped = token.slice(0, at) + (token[at + 1] ?? '') + (token[at] ?? '') + token.slice(at + 2)
    if (swapped !== token) expect(isSecret('token', swapped)).toBe(false)
  }
})

test('[AU1] a secret of one kind is none of the other, and length and alphabet count', () => {
  const token = mintSecret('token')
  const forms = [token, `fl_${token.slice(3)}`, token.slice(0, -1), `${token}a`, token.toUpperCase(), `${token} `, '', 'fc_', 'fc_é']
  expect(forms.map((text) => isSecret('token', text))).toEqual([true, false, false, false, false, false, false, false, false])
  expect(isSecret('link', token)).toBe(false)
})

test('[AU2] secrets are kept as SHA-256 in hex', async () => {
  expect(await hashSecret('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  expect([await isSameSecret('abc', 'abc'), await isSameSecret('abc', 'abd'), await isSameSecret('', 'abc')]).toEqual([true, false, false])
})

test('[AU3] a workspace id is read back under its own key only, and no other character may stand in it', async () => {
  const id = await mintWorkspaceId(KEK)
  expect(id).toMatch(/^[a-z2-7]{20}$/)
  expect(await readWorkspaceId(KEK, id)).toBe(id)
  expect(await readWorkspaceId(btoa('o'.repeat(32)), id)).toBeUndefined()
  const flipped = Array.from(id, (char, at) => id.slice(0, at) + (char === 'a' ? 'b' : 'a') + id.slice(at + 1))
  // Four characters of HMAC: one in 2^20 wrong ids passes. Those that differ in the signature alone never do.
  expect(await Promise.all(flipped.slice(-4).map((text) => readWorkspaceId(KEK, text)))).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ])
  expect(
    await Promise.all(['', id.toUpperCase(), `${id}a`, id.slice(1), '../../../etc/passwd'].map((text) => readWorkspaceId(KEK, text))),
  ).toEqual(Array.from({ length: 5 }))
})

test('[AU3] a key that is not 32 bytes is an error of the server, never a weaker signature', async () => {
  await expect(mintWorkspaceId(btoa('short'))).rejects.toThrow('FLOWCELL_KEK must be 32 bytes in base64.')
})

/** The policy of a kernel's frame, from the settings of notebook and deployment; and what the kernel's scripts weigh. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { readKernelHost, readModuleHost } from '#sdk/protocol/kernel-hosts.ts'
import { MAX_HEADER_VALUE_LENGTH } from '#sdk/protocol/limits.ts'
import { Bundles } from '../../sdk/scripts/pages.ts'
import { connectSources, kernelPolicy } from '../../worker/http/kernel-page.ts'
import { root } from '../support/repository.ts'
import { freshFolder } from '../support/server.ts'

const opened = (...hosts: readonly string[]) => hosts.flatMap((host) => readKernelHost(host) ?? [])

describe('the policy', () => {
  test.each([
    ['https:', [], 'https: wss:'],
    ['none', [], "'none'"],
    ['api.example.com', [], 'https://api.example.com wss://api.example.com'],
    ['A.example, *.b.example:8443', [], 'https://a.example wss://a.example https://*.b.example:8443 wss://*.b.example:8443'],
    ['https:', ['127.0.0.1:9000'], 'https: wss: http://127.0.0.1:9000 ws://127.0.0.1:9000 https://127.0.0.1:9000 wss://127.0.0.1:9000'],
    ['https:', ['http://localhost:1'], 'https: wss: http://localhost:1 ws://localhost:1'],
    ['none', ['127.0.0.1:9000'], "'none'"],
    ['a.example', ['127.0.0.1:9000'], 'https://a.example wss://a.example'],
    ['localhost:1', ['http://localhost:1'], 'https://localhost:1 wss://localhost:1 http://localhost:1 ws://localhost:1'],
  ])('[KN35] opens what notebook and deployment say: %s, opened %j', (network, hosts, sources) => {
    expect(connectSources(network, opened(...hosts))).toBe(sources)
  })

  test.each([
    '',
    '*',
    'http:',
    "'self'",
    'a.example; script-src *',
    'https://a.example',
    'a.example/path',
    'none a.example',
    'https: a.example',
    '\u0000',
  ])('[KN36] what is not understood opens nothing: %j', (network) => {
    expect(connectSources(network, [])).toBeUndefined()
  })

  test('[KN36] what is not understood opens nothing: settings of the deployment, and one that is too long', () => {
    expect(connectSources('a'.repeat(MAX_HEADER_VALUE_LENGTH + 1), [])).toBeUndefined()
    expect(['*', 'a.example/x', 'ftp://a.example', "'unsafe-inline'", 'a b', ''].map(readKernelHost)).toEqual(Array(6).fill(undefined))
    expect(
      ['', 'none', 'https://esm.sh', 'http://127.0.0.1:9/npm/', 'https://x.example; script-src *', '//x', 'x.example'].map(readModuleHost),
    ).toEqual([null, null, 'https://esm.sh/', 'http://127.0.0.1:9/npm/', undefined, undefined, undefined])
    expect(kernelPolicy("'none'", null)).toBe(
      "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; worker-src data:; connect-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts",
    )
  })
})

const KIB = 1024

test('[KN37] the script of the kernel weighs at most 79 KB, the compiler 100 KB; the shelf is apart', async () => {
  using folder = freshFolder()
  const bundles = new Bundles(folder.path)
  const weigh = async (script: string): Promise<number> => {
    const address = await bundles.address(join(root, script))
    return gzipSync(readFileSync(join(folder.path, address.slice('/app/'.length)))).byteLength / KIB
  }
  expect(await weigh('web/kernel/kernel.ts')).toBeLessThan(79)
  expect(await weigh('web/kernel/compiler-worker.ts')).toBeLessThan(100)
  const inputs = Object.keys(bundles.made.get('web/kernel/kernel.ts')?.inputs ?? {})
  expect(inputs.filter((path) => /node_modules\/(?:linkedom|memfs|@observablehq|@babel|typescript)/.test(path))).toEqual([])
  expect(readdirSync(folder.path)).toHaveLength(2)
})

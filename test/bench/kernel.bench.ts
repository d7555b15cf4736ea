/** What a person waits for in a tab: the first result of a new kernel, a cell of a warm one, and a new kernel after the old one was ended. */
import { openKernelSite, type KernelSite } from '../browser/kernel-site.ts'
import { median, type Bench, type Row } from './row.ts'

const COLD_ROUNDS = 7
const WARM_ROUNDS = 101
const REBOOTS = 7
/** A Worker that is ended in a loop spins on for two seconds (Chromium), on a core that the next one may want. */
const SPIN_MS = 2_500

/** In a page that is open, with the scripts in the browser's cache, as after the first visit. */
async function coldTab(site: KernelSite): Promise<number> {
  const { page, ask } = await site.openPage()
  const took = await ask(async (notebook) => {
    const began = performance.now()
    notebook.kernel.start() // beside the compiler, as Run in the page does
    await notebook.run('aa', 'const n: number = 1\nn + 1')
    return performance.now() - began
  }, null)
  await page.close()
  return took
}

async function measure(site: KernelSite): Promise<readonly Row[]> {
  await coldTab(site)
  const cold: number[] = []
  for (let round = 0; round < COLD_ROUNDS; round++) cold.push(await coldTab(site))
  const { ask } = await site.openPage()
  const warm = await ask(async (notebook, rounds) => {
    const times: number[] = []
    await notebook.run('aa', 'const n: number = 1')
    for (let round = 0; round < rounds; round++) {
      const began = performance.now()
      await notebook.run('bb', `n + ${round}`)
      times.push(performance.now() - began)
    }
    return times
  }, WARM_ROUNDS)
  const reboots = await ask(
    async (notebook, [rounds, spin]) => {
      const times: number[] = []
      for (let round = 0; round < rounds; round++) {
        await notebook.begin('lo', 'for (;;) {}')
        await new Promise((pause) => setTimeout(pause, spin))
        const ready = notebook.next('ready')
        const began = performance.now()
        notebook.kernel.forceStop()
        await ready
        times.push(performance.now() - began)
      }
      return times
    },
    [REBOOTS, SPIN_MS] as const,
  )
  const row = { beside: 'limit', unit: 'ms', better: 'less' } as const
  return [
    { ...row, what: 'from Run in a tab without a kernel to the first result', ours: median(cold), reference: 300 },
    { ...row, what: 'a cell of one line in a warm kernel: compiled, linked, run, shown', ours: median(warm), reference: 20 },
    { ...row, what: 'an endless loop ended, the next kernel ready', ours: median(reboots), reference: 30 },
  ]
}

export const bench: Bench = {
  title: 'cells in a real Chromium',
  run: async () => {
    const site = await openKernelSite()
    try {
      return await measure(site)
    } finally {
      await site.close()
    }
  },
}

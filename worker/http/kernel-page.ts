/**
 * The frame in which a notebook's cells run: a page of ours without an origin of its own, and with a policy that opens only what the notebook
 * and the deployment say.
 *
 * 1. The policy itself has `sandbox`: opened by any other way than our frame it has no origin either.
 * 2. A setting that is not understood opens nothing.
 */
import { readKernelHost, readModuleHost, type KernelHost } from '#sdk/protocol/kernel-hosts.ts'
import { MAX_HEADER_VALUE_LENGTH } from '#sdk/protocol/limits.ts'
import type { Env } from '../env.ts'
import { refusal } from './answers.ts'
import { PAGE_HEADERS } from './security-headers.ts'

const HOST = /^(?:\*\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/
const SEPARATOR = /[\s,]+/

/**
 * What cells may reach, as `connect-src` has it; undefined when the setting is not understood.
 *
 * @param network Of the notebook: `https:`, `none`, or hosts.
 * @param opened Of the deployment. A notebook that lists hosts, or none, gets no more by it but plain HTTP to those.
 */
export function connectSources(network: string, opened: readonly KernelHost[]): string | undefined {
  const words = wordsOf(network)
  if (network.length > MAX_HEADER_VALUE_LENGTH) return undefined
  if (words.length === 1 && words[0] === 'none') return "'none'"
  if (words.length === 1 && words[0] === 'https:') return ['https:', 'wss:', ...opened.flatMap(sourcesOf)].join(' ')
  if (words.length === 0 || !words.every((word) => HOST.test(word) && word !== 'none')) return undefined
  const listed: readonly KernelHost[] = words.map((host) => ({ host, schemes: ['https'] }))
  return [...new Set([...listed, ...opened.filter(({ host }) => words.includes(host))].flatMap(sourcesOf))].join(' ')
}

const sourcesOf = ({ host, schemes }: KernelHost): string[] =>
  schemes.flatMap((scheme) => [`${scheme}://${host}`, `${scheme === 'http' ? 'ws' : 'wss'}://${host}`])

const wordsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .split(SEPARATOR)
    .filter((word) => word !== '')

const openedHosts = (setting: string): KernelHost[] => wordsOf(setting).flatMap((word) => readKernelHost(word) ?? [])

export function kernelPolicy(connect: string, moduleHost: string | null): string {
  const modules = moduleHost === null ? '' : ` ${new URL(moduleHost).origin}`
  return `default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'${modules}; worker-src data:; connect-src ${connect}; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts`
}

/** `/w/{ws}/kernel?network=…`; the workspace is known. */
export async function serveKernelPage(env: Env, request: Request): Promise<Response> {
  const network = new URL(request.url).searchParams.get('network') ?? 'https:'
  const connect = connectSources(network, openedHosts(env.KERNEL_HOSTS ?? ''))
  if (connect === undefined)
    return refusal({
      code: 'malformed_request',
      detail: 'network: expected https:, none, or hosts such as api.example.com with blanks or commas between them.',
    })
  const moduleHost = readModuleHost(env.MODULE_HOST ?? '') ?? null
  const asset = await env.ASSETS.fetch(new URL('/kernel.html', request.url).href)
  const text = (await asset.text()).replace('{{module-host}}', moduleHost ?? '')
  const headers = {
    ...PAGE_HEADERS,
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': kernelPolicy(connect, moduleHost),
    'Cache-Control': 'no-cache',
  }
  return new Response(text, { status: asset.status, headers })
}

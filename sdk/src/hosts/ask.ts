/** One small question to a server on this machine, with a time limit and without a connection that outlives it. */
/** Answered by the local edge itself, so it proves that the event loop turns without waking an object. */
const HEALTH_PATH = '/cdn-cgi/flowcell/health'

/** Not by `import`: a namespace reads every export of a module, and those of node:http load the whole of undici, 40 ms. Nobody who asks nothing shall pay either. */
export const loadHttp = () => process.getBuiltinModule('node:http')

export interface Question {
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly timeoutMs: number
}

export interface Reply {
  readonly status: number
  readonly body: string
}

/** The answer; undefined when nothing answered in time. */
export function ask(url: string, { method = 'GET', headers = {}, body, timeoutMs }: Question): Promise<Reply | undefined> {
  const { request } = loadHttp()
  return new Promise((settle) => {
    const signal = AbortSignal.timeout(timeoutMs)
    const call = request(url, { method, headers, agent: false, signal }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => (text += part))
      response.on('end', () => settle({ status: response.statusCode ?? 0, body: text }))
      response.on('error', () => settle(undefined))
    })
    call.on('error', () => settle(undefined))
    call.end(body)
  })
}

export async function isHealthy(url: string, timeoutMs: number): Promise<boolean> {
  return (await ask(url + HEALTH_PATH, { timeoutMs }))?.body === 'ok'
}

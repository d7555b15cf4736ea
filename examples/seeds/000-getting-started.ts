/**
 * Getting started: a call that fails half of the time, made bearable step by step.
 *
 *     node examples/seeds/000-getting-started.ts
 *
 * Every chapter defines its functions anew, as cells of a notebook would; that is why names are given twice and Flowcell says so.
 */
import { flow, task } from 'flowcell'
import { exampleApi } from '../stub.ts'

const API = await exampleApi()

interface Data {
  readonly data: number
  readonly message?: string
}

await plainCode()
await asFlow()
await withTasks()
await withNames()
await withRetries()

/** The problem: one failure, and everything stops. */
async function plainCode() {
  title('Plain code')

  async function callUnreliableApi(): Promise<Data> {
    const response = await fetch(`${API}/unreliable`)
    if (!response.ok) throw new Error('Our unreliable service failed')
    return (await response.json()) as Data
  }

  function augmentData(data: Data, message: string): Data {
    return { ...data, message }
  }

  function writeResultsToDatabase(data: Data) {
    console.log('Wrote', data, 'to database successfully!')
    return 'Success!'
  }

  async function pipeline(message: string) {
    const apiResult = await callUnreliableApi()
    const augmentedData = augmentData(apiResult, message)
    writeResultsToDatabase(augmentedData)
  }

  try {
    for (let i = 0; i < 10; i++) await pipeline('Super Special Message')
  } catch (error) {
    console.log(String(error))
  }
}

/** flow() around the pipeline: the failure is caught, logged and recorded. */
async function asFlow() {
  title('As a flow')

  async function callUnreliableApi(): Promise<Data> {
    const response = await fetch(`${API}/unreliable`)
    if (!response.ok) throw new Error('Our unreliable service failed')
    return (await response.json()) as Data
  }

  function augmentData(data: Data, message: string): Data {
    return { ...data, message }
  }

  function writeResultsToDatabase(data: Data) {
    console.log('Wrote', data, 'to database successfully!')
    return 'Success!'
  }

  const pipeline = flow(async function pipeline(message: string) {
    const apiResult = await callUnreliableApi()
    const augmentedData = augmentData(apiResult, message)
    writeResultsToDatabase(augmentedData)
  })

  for (let i = 0; i < 3; i++) console.log(String(await pipeline.state('Trying a flow!')))
}

/** task() around each step: the log tells which of them failed, and what depends on it does not run. */
async function withTasks() {
  title('With tasks')

  const callUnreliableApi = task(async function callUnreliableApi(): Promise<Data> {
    const response = await fetch(`${API}/unreliable`)
    if (!response.ok) throw new Error('Our unreliable service failed')
    return (await response.json()) as Data
  })

  const augmentData = task(function augmentData(data: Data, message: string): Data {
    return { ...data, message }
  })

  const writeResultsToDatabase = task(function writeResultsToDatabase(data: Data) {
    console.log('Wrote', data, 'to database successfully!')
    return 'Success!'
  })

  const pipeline = flow(function pipeline(message: string) {
    const apiResult = callUnreliableApi.submit()
    const augmentedData = augmentData.submit(apiResult, message)
    writeResultsToDatabase.submit(augmentedData)
  })

  for (let i = 0; i < 5; i++) {
    console.log(`Run #${i}`)
    await pipeline.state('Trying a flow with tasks!')
  }
}

/** Names of their own for flows and tasks. */
async function withNames() {
  title('With names')

  const callUnreliableApi = task(
    async function callUnreliableApi(): Promise<Data> {
      const response = await fetch(`${API}/unreliable`)
      if (!response.ok) throw new Error('Our unreliable service failed')
      return (await response.json()) as Data
    },
    { name: 'Get data from API' },
  )

  const pipeline = flow(
    function pipeline() {
      callUnreliableApi.submit()
    },
    { name: 'Previously unreliable pipeline' },
  )

  console.log(String(await pipeline.state()))
}

/** Four retries, three seconds apart: it nearly always works. */
async function withRetries() {
  title('With retries')

  const callUnreliableApi = task(
    async function callUnreliableApi(): Promise<Data> {
      const response = await fetch(`${API}/unreliable`)
      if (!response.ok) throw new Error('Our unreliable service failed')
      return (await response.json()) as Data
    },
    { name: 'Get data from API', retries: 4, retryDelaySeconds: 3 },
  )

  const augmentData = task(function augmentData(data: Data, message: string): Data {
    return { ...data, message }
  })

  const writeResultsToDatabase = task(function writeResultsToDatabase(data: Data) {
    console.log('Wrote', data, 'to database successfully!')
    return 'Success!'
  })

  const pipeline = flow(function pipeline(message: string) {
    const apiResult = callUnreliableApi.submit()
    const augmentedData = augmentData.submit(apiResult, message)
    writeResultsToDatabase.submit(augmentedData)
  })

  console.log(String(await pipeline.state('Trying a flow with tasks and retries!')))
}

function title(text: string) {
  console.log(`\n### ${text}\n`)
}

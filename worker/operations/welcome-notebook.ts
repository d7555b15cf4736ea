/** The notebook of a new workspace. Written by `npm run spec` from examples/notebooks/welcome.nb.ts: change it there. */
export const WELCOME_NOTEBOOK = `// ---
// nb: 1
// title: Getting started
// ---

// %% [md] id=intro
// # Negative engineering
//
// An API that fails half of the time: first called from plain code, then from a **flow**, then from **tasks**, then with **retries**.
// Nothing has run yet. Press \`Shift\` \`Enter\` to run a cell and go on to the next one.

// %% id=plain
/** Stands for a service somewhere else: it takes its time, and every second call of it fails. */
async function callUnreliableApi() {
  await new Promise((answer) => setTimeout(answer, 150))
  if (Math.random() < 0.5) throw new Error('Our unreliable service failed')
  return { data: 42 }
}

function augmentData(result: { data: number }, message: string) {
  return { ...result, message }
}

function writeResultsToDatabase(row: { data: number; message: string }) {
  console.log('Wrote', row, 'to database successfully!')
  return 'Success!'
}

async function plainPipeline(message: string) {
  const result = await callUnreliableApi()
  const row = augmentData(result, message)
  return writeResultsToDatabase(row)
}

// %% id=tryp
// Ten times in a row. It seldom gets there.
try {
  for (let i = 0; i < 10; i++) await plainPipeline('Super special message')
} catch (error) {
  console.error(String(error))
}

// %% [md] id=flow
// ## A flow
//
// Whoever writes pipelines expects this, and writes \`try\`, loops, sleeps and log lines around the few lines that matter. That is *negative
// engineering*. Put \`flow(…)\` around the pipeline instead: now every call of it is a **run**, with a name, a state and a log.

// %% id=sdks
import { display, flow, input, svg, task } from 'flowcell'

// %% id=pipe
const pipelineFlow = flow(
  async function pipelineFlow(message: string) {
    const result = await callUnreliableApi()
    const row = augmentData(result, message)
    return writeResultsToDatabase(row)
  },
  { name: 'pipeline' },
)

// %% id=runf
// A failure is recorded now, and this cell goes on. Run it a few times.
await pipelineFlow.state('Trying a flow!')

// %% [md] id=task
// ## Tasks
//
// Which step failed? Put \`task(…)\` around each of them. Submitted, they run as soon as what they wait for is there; what depends on a step
// that failed does not run, and the run says so.

// %% id=tsks
const callApiTask = task(callUnreliableApi)
const augmentTask = task(augmentData)
const writeTask = task(writeResultsToDatabase)

const pipelineWithTasks = flow(
  function pipelineWithTasks(message: string) {
    const result = callApiTask.submit()
    const row = augmentTask.submit(result, message)
    writeTask.submit(row)
  },
  { name: 'pipeline' },
)

// %% id=runt
// The flow has the same name as the one above: Flowcell says so, and shows the runs of both together.
await pipelineWithTasks.state('Trying a flow with tasks!')

// %% [md] id=rtry
// ## Retries
//
// One line, and the failures are no longer our business: up to four retries, a second apart. Failed attempts stay visible in the run.

// %% id=tskr
const getDataTask = task(callUnreliableApi, { name: 'Get data from API', retries: 4, retryDelaySeconds: 1 })

const pipelineWithRetries = flow(
  function pipelineWithRetries(message: string) {
    const result = getDataTask.submit()
    const row = augmentTask.submit(result, message)
    writeTask.submit(row)
  },
  { name: 'pipeline' },
)

// %% id=runr
await pipelineWithRetries.state('Trying a flow with tasks and retries!')

// %% [md] id=many
// ## Many runs
//
// Move the slider: what depends on it turns yellow and says why. *Run stale* brings it up to date.

// %% id=slid
const howMany = input.slider({ label: 'Runs', min: 1, max: 20, value: 6 })

// %% id=runs
const runs = await Promise.all(
  Array.from({ length: howMany }, async (_, index) => {
    const startedAt = performance.now()
    const state = await pipelineWithRetries.state(\`Message \${index + 1}\`)
    return { run: index + 1, state: state.name, seconds: Math.round(performance.now() - startedAt) / 1000 }
  }),
)
display(runs)

// %% id=bars
// The seconds of each run as a drawing. Larger charts: import * as Plot from '@observablehq/plot'
const longest = Math.max(...runs.map(({ seconds }) => seconds))
const bars = runs.map(({ state, seconds }, index) => {
  const height = Math.round(4 + (96 * seconds) / longest)
  const colour = state === 'Completed' ? '#198754' : '#d1313d'
  return \`<rect x="\${index * 14}" y="\${100 - height}" width="10" height="\${height}" rx="2" fill="\${colour}" />\`
})
display(svg(\`<svg viewBox="0 0 \${14 * runs.length} 100" height="100">\${bars.join('')}</svg>\`))

// %% [md] id=next
// ## What next
//
// - Open a run: its name in a cell above is a link. There you find the timeline, the graph of its tasks and every log line.
// - Change \`retries\` to \`0\` in the cell with \`getDataTask\`, and look at what turns stale.
// - Write \`while (true) {}\` into a cell and run it. *Stop*, then *Force stop*, ends it; values are made anew by *Run stale*, and every run
//   stays recorded.
// - \`Ctrl\` \`K\` finds every command, \`?\` shows the keys, and *Export* in the menu gives you this notebook as a file that \`node\` runs.
`

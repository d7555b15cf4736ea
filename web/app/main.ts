/** The pages of a workspace: opens it by its link or cookie, then shows shell and page. */
import { ApiError } from '#sdk/client/errors.ts'
import { toast } from '../ui/toasts.ts'
import { startKeys } from './commands.ts'
import { setWorkspace } from './current.ts'
import { noticePage } from './notice-page.ts'
import { startRouter } from './router.ts'
import { ROUTES } from './routes.ts'
import './shell.ts'
import { openWorkspace, takeSecret } from './workspace.ts'
import { messageOf } from '../ui/message-of.ts'

async function start(): Promise<void> {
  try {
    const session = await openWorkspace()
    setWorkspace(session)
    startRouter(session.basePath, session.name, ROUTES)
    startKeys()
    document.body.replaceChildren(document.createElement('fc-shell'), document.createElement('fc-toasts'))
    const explain = (): void => {
      const failure = session.ending.value
      if (failure !== undefined) show(new ApiError({ ...failure, status: 0 }))
    }
    addEventListener('online', () => session.hurry())
    document.addEventListener('visibilitychange', () => document.hidden || session.hurry())
    session.ending.subscribe(explain)
    explain()
  } catch (error) {
    show(error)
  }
}

function show(error: unknown): void {
  document.title = 'Flowcell'
  document.body.replaceChildren(noticePage(error))
}

// A link that is pasted into an open page of the same workspace changes only the fragment.
addEventListener('hashchange', () => {
  const secret = takeSecret()
  if (secret !== undefined) openWorkspace(secret).then(() => location.reload(), show)
})
addEventListener(
  'error',
  // Nothing is wrong there: sizes that changed while sizes were told are told in the next frame.
  ({ message }) =>
    message !== '' &&
    !message.startsWith('ResizeObserver loop') &&
    toast({ kind: 'error', text: `Something on this page went wrong: ${message}` }),
)
addEventListener('unhandledrejection', ({ reason }) => {
  const isRefusal = reason instanceof ApiError
  const text = messageOf(reason)
  toast({ kind: 'error', text: isRefusal ? text : `Something on this page went wrong: ${text}` })
})

void start()

/** The pages of a workspace: one line each. Paths are below `/w/{workspace}`; they are Prefect's where Prefect has the page. */
import type { Pattern } from './match.ts'

export type Section = 'notebooks' | 'flows' | 'runs'

/** A page is an element that gets `params` (of the pattern) and `query` as properties. */
export interface Route extends Pattern {
  readonly tag: `fc-${string}`
  readonly section: Section
  /** Shown until the page sets its own. */
  readonly title: string
  /** Imports what defines the element. */
  readonly load: () => Promise<unknown>
}

export const ROUTES: readonly Route[] = [
  { pattern: '/', tag: 'fc-start', section: 'notebooks', title: '', load: () => import('../notebook/start.ts') },
  {
    pattern: '/notebooks',
    tag: 'fc-notebooks-page',
    section: 'notebooks',
    title: 'Notebooks',
    load: () => import('../notebook/notebooks-page.ts'),
  },
  {
    pattern: '/notebooks/notebook/:id',
    tag: 'fc-notebook-page',
    section: 'notebooks',
    title: 'Notebook',
    load: () => import('../notebook/notebook-page.ts'),
  },
  { pattern: '/flows', tag: 'fc-flows-page', section: 'flows', title: 'Flows', load: () => import('../runs/flows-page.ts') },
  { pattern: '/flows/flow/:id', tag: 'fc-flow-page', section: 'flows', title: 'Flow', load: () => import('../runs/flow-page.ts') },
  {
    pattern: '/runs/task-run/:id',
    tag: 'fc-task-run-page',
    section: 'runs',
    title: 'Task run',
    load: () => import('../runs/task-run-page.ts'),
  },
  { pattern: '/runs', tag: 'fc-runs-page', section: 'runs', title: 'Runs', load: () => import('../runs/runs-page.ts') },
  {
    pattern: '/runs/flow-run/:id',
    tag: 'fc-run-page',
    section: 'runs',
    title: 'Flow run',
    load: () => import('../runs/run-page.ts'),
  },
]

import { expect, test } from 'vitest'
import { matchRoute } from '../../web/app/match.ts'

const ROUTES = [
  { pattern: '/' },
  { pattern: '/runs' },
  { pattern: '/runs/flow-run/:id' },
  { pattern: '/runs/:kind/:id' },
  { pattern: '/notebooks/notebook/:id' },
]

test.each([
  ['/', '/', {}],
  ['', '/', {}],
  ['/runs', '/runs', {}],
  ['/runs/', '/runs', {}],
  ['/runs/flow-run/0199', '/runs/flow-run/:id', { id: '0199' }],
  ['/runs/task-run/0199', '/runs/:kind/:id', { kind: 'task-run', id: '0199' }],
  ['/notebooks/notebook/a%2Fb%20c', '/notebooks/notebook/:id', { id: 'a/b c' }],
  ['/runs/flow-run', undefined, undefined],
  ['/runs/flow-run/x/y', undefined, undefined],
  ['/notebooks/notebook/%E0%A4%A', undefined, undefined],
  ['/RUNS', undefined, undefined],
])('[SH20] an address takes the first route whose parts are its own, or none: %s', (path, pattern, params) => {
  const match = matchRoute(ROUTES, path)
  expect([match?.route.pattern, match?.params]).toEqual([pattern, params])
})

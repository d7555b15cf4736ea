import { DurableObject } from 'cloudflare:workers'
import { Hono } from 'hono'

const app = new Hono()
app.get('/api/health', (c) => c.json({ name: 'flowcell', version: '0.1.0' }))

export default app
export class Workspace extends DurableObject {}

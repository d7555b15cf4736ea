/** The one server of this suite: started before its first file, stopped after its last one. Every test has a workspace of its own on it. */
import type { TestProject } from 'vitest/node'
import { freshFolder, launch } from '../support/server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** `http://127.0.0.1:8787` */
    readonly server: string
  }
}

export default async function start(project: TestProject): Promise<() => Promise<void>> {
  const folder = freshFolder()
  const server = await launch(folder.path)
  project.provide('server', server.note.url)
  return async () => {
    await server.stop()
    folder[Symbol.dispose]()
  }
}

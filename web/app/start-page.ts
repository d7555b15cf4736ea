/** The start page lists what this browser has opened; the server keeps no directory. */
import { openedWorkspaces } from './opened.ts'
import { agoWords, fullTime } from '../ui/time-words.ts'

const list = document.querySelector('#list')
const known = [...openedWorkspaces()].toSorted(([, a], [, b]) => b.at - a.at)
if (known.length > 0) document.querySelector('#none')?.remove()
for (const [id, { name, role, at }] of known) {
  const link = document.createElement('a')
  link.href = `/w/${encodeURIComponent(id)}`
  link.textContent = name === '' ? 'Workspace' : name
  const tag = document.createElement('span')
  tag.className = 'tag'
  tag.textContent = role
  const time = document.createElement('small')
  time.textContent = `opened ${agoWords(at, Date.now())}`
  time.title = fullTime(at)
  const item = document.createElement('li')
  item.append(link, tag, time)
  list?.append(item)
}

/** The start page lists what this browser has opened before; the server keeps no directory. */
import { h, opened } from './page.js'

const known = Object.entries(opened()).toSorted(([, a], [, b]) => b.at - a.at)
const section = document.querySelector('#opened')
section?.toggleAttribute('hidden', known.length === 0)
document
  .querySelector('#list')
  ?.append(...known.map(([id, { name, role }]) => h('li', {}, h('a', { href: `/w/${id}` }, name), ' ', h('span', { class: 'pill' }, role))))

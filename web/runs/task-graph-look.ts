/** How a graph of task runs lies in its box: moved and scaled, fitted, and walked from node to node. */

export interface Point {
  readonly x: number
  readonly y: number
}
export interface Size {
  readonly width: number
  readonly height: number
}
/** Where the graph's origin is in the box, in pixels, and how large it is drawn. */
export interface Look extends Point {
  readonly scale: number
}
/** Centres by the node's id. */
export type Places = ReadonlyMap<string, readonly [number, number]>

const MIN_SCALE = 0.1
const MAX_SCALE = 2

const within = (least: number, value: number, most: number): number => Math.max(least, Math.min(most, value))

/** All of it, not larger than it is. */
export function fitted(graph: Size, box: Size): Look {
  const scale = within(MIN_SCALE, Math.min(box.width / graph.width, box.height / graph.height), 1)
  return {
    scale,
    x: Math.max(0, (box.width - graph.width * scale) / 2),
    y: Math.max(0, (box.height - graph.height * scale) / 2),
  }
}

/** Larger by a factor; what is at a point of the box stays there. */
export function zoomed({ x, y, scale }: Look, factor: number, at: Point): Look {
  const next = within(MIN_SCALE, scale * factor, MAX_SCALE)
  return { scale: next, x: at.x - ((at.x - x) * next) / scale, y: at.y - ((at.y - y) * next) / scale }
}

/** Moved so that a place is in the middle, unless it is in the box. */
export function revealed(look: Look, [placeX, placeY]: readonly [number, number], box: Size): Look {
  const [x, y] = [placeX * look.scale + look.x, placeY * look.scale + look.y]
  if (x > 0 && y > 0 && x < box.width && y < box.height) return look
  return { ...look, x: look.x + box.width / 2 - x, y: look.y + box.height / 2 - y }
}

/** The nearest node that lies in a direction; what lies askew counts as farther. */
export function neighbour(places: Places, from: string, [dx, dy]: readonly [number, number]): string | undefined {
  const here = places.get(from)
  if (here === undefined) return undefined
  let best: { readonly id: string; readonly far: number } | undefined
  for (const [id, [x, y]] of places) {
    const along = (x - here[0]) * dx + (y - here[1]) * dy
    const across = Math.abs((x - here[0]) * dy) + Math.abs((y - here[1]) * dx)
    if (id === from || along <= 0) continue
    const far = along + across * 2
    if (best === undefined || far < best.far) best = { id, far }
  }
  return best?.id
}

/** Points and upright boxes in pixels, y downwards: all that label placement needs of geometry. */

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Returns whether two boxes share an area; touching edges do not count. */
export function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}

export function within(inner: Box, outer: Box): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  )
}

/** Returns the box grown by `by` pixels on every side; a negative `by` shrinks it. */
export function grown(box: Box, by: number): Box {
  return {
    x: box.x - by,
    y: box.y - by,
    width: box.width + 2 * by,
    height: box.height + 2 * by,
  }
}

/** Returns the square around a dot. */
export function around(centre: Point, radius: number): Box {
  return { x: centre.x - radius, y: centre.y - radius, width: 2 * radius, height: 2 * radius }
}

/**
 * Returns boxes that cover a polyline, so that a line is an obstacle like any other mark.
 *
 * Simplifies: each box spans at most `step` pixels of the line; a slanted line is covered by a
 *             stair of such boxes, a little wider than the stroke.
 */
export function along(points: readonly Point[], half = 1.5, step = 6): Box[] {
  const boxes: Box[] = []
  for (let i = 1; i < points.length; i++) {
    const from = points[i - 1]
    const to = points[i]
    const dx = to.x - from.x
    const dy = to.y - from.y
    // An upright or level stretch is its own box however long it is.
    const slanted = dx !== 0 && dy !== 0
    const pieces = slanted ? Math.max(1, Math.ceil(Math.max(Math.abs(dx), Math.abs(dy)) / step)) : 1
    for (let piece = 0; piece < pieces; piece++) {
      const start = { x: from.x + (dx * piece) / pieces, y: from.y + (dy * piece) / pieces }
      boxes.push(grown(boxOf(start, { x: start.x + dx / pieces, y: start.y + dy / pieces }), half))
    }
  }
  return boxes
}

/** Returns the box between two opposite corners, in any order. */
export function boxOf(a: Point, b: Point): Box {
  return {
    x: Math.min(a.x, b.x),
    y: Math.min(a.y, b.y),
    width: Math.abs(a.x - b.x),
    height: Math.abs(a.y - b.y),
  }
}

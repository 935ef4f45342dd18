/** Runs in a page: lays out one picture after the other and answers with the browser's boxes. */

/** Boxes of words and dots in the picture's own pixels; `outside`: shapes that leave its sheet. */
globalThis.measured = (svgs, font) => svgs.map((svg) => boxesOf(svg, font))

function boxesOf(text, font) {
  document.body.innerHTML = text
  const svg = document.body.firstElementChild
  if (font !== null) svg.setAttribute('font-family', font)
  const { width, height } = svg.viewBox.baseVal
  const all = (selector) => [...svg.querySelectorAll(selector)].filter(isDrawn)
  const outside = (shape) => {
    const box = boxOf(shape)
    const slack = 0.5
    return (
      box.x < -slack ||
      box.y < -slack ||
      box.x + box.width > width + slack ||
      box.y + box.height > height + slack
    )
  }
  return {
    words: all('text').map((word) => ({ text: word.textContent, ...boxOf(word) })),
    dots: all('circle').map(boxOf),
    outside: all('text, circle, rect, line, path:not([clip-path])')
      .filter(outside)
      .map((shape) => shape.outerHTML.slice(0, 200)),
  }
}

/** Patterns and clips are definitions: they are drawn elsewhere. */
function isDrawn(shape) {
  return shape.closest('defs') === null && getComputedStyle(shape).visibility === 'visible'
}

/** The box of the glyphs, without the halo, turned as the text is turned. */
function boxOf(shape) {
  const { x, y, width, height } = shape.getBBox()
  const turn = shape.transform.baseVal.consolidate()?.matrix ?? new DOMMatrix()
  const corners = [
    [x, y],
    [x + width, y],
    [x, y + height],
    [x + width, y + height],
  ].map(([x, y]) => [turn.a * x + turn.c * y + turn.e, turn.b * x + turn.d * y + turn.f])
  const [left, top] = [0, 1].map((i) => Math.min(...corners.map((corner) => corner[i])))
  const [right, bottom] = [0, 1].map((i) => Math.max(...corners.map((corner) => corner[i])))
  return { x: left, y: top, width: right - left, height: bottom - top }
}

/** Puts a figure where the one before it stands, and touches only what differs. */

import { withoutStyle } from '../../parts/picture.tsx'

/** A figure's markup in pieces: the tag of the SVG, and the elements right inside it. */
export interface Pieces {
  readonly head: string
  readonly parts: readonly string[]
}

/**
 * Takes a figure's markup apart.
 *
 * Rule:   the tag of the SVG loses its style, as in every picture of the page.
 * Shapes: markup as `element` of src/figures/svg.ts writes it: < and > stand in tags only. ''
 *         has no parts.
 */
export function piecesOf(svg: string): Pieces {
  const head = svg.slice(0, svg.indexOf('>') + 1)
  const parts: string[] = []
  let depth = 0
  let from = head.length
  for (let at = from; at < svg.length; ) {
    const end = svg.indexOf('>', at) + 1
    const closes = svg.startsWith('</', at)
    if (closes) depth--
    else if (svg[end - 2] !== '/') depth++
    // The last tag closes the SVG itself.
    if (depth < 0) break
    const next = svg.indexOf('<', end)
    if (depth === 0) {
      parts.push(svg.slice(from, end))
      from = next
    }
    at = next
  }
  return { head: withoutStyle(head), parts }
}

/**
 * Makes the picture in a place, which says `before`, say `now`; null where there is none yet.
 *
 * Rule:       parts that both say stay where they are; those between are paired in their order.
 *             One that keeps its name gets the attributes and the text that differ, any other is
 *             made anew.
 * Simplifies: a part that is drawn in another order is made anew.
 */
export function patch(place: Element, before: Pieces | null, now: Pieces): void {
  const svg = place.firstElementChild
  if (before === null || svg === null || now.head === '') {
    place.innerHTML = now.head === '' ? '' : `${now.head}${now.parts.join('')}</svg>`
    return
  }
  if (before.head !== now.head) patchAttributes(svg, tagOf(before.head), tagOf(now.head))
  const elements = [...svg.children]
  const [was, is] = [before.parts, now.parts]
  const placeOf = new Map(was.map((part, i) => [part, i]))
  let [from, begin] = [0, 0]
  const upTo = (to: number, end: number) => {
    const old = elements.slice(from, to).map((element, i) => ({ element, part: was[from + i] }))
    patchRun(old, is.slice(begin, end), elements[to] ?? null, svg)
    ;[from, begin] = [to + 1, end + 1]
  }
  is.forEach((part, i) => {
    const at = part === was[from] ? from : placeOf.get(part)
    if (at !== undefined && at >= from) upTo(at, i)
  })
  upTo(was.length, is.length)
}

interface Old {
  readonly element: Element
  readonly part: string
}

/** A run of parts between two that stay; what comes in addition stands before `next`. */
function patchRun(
  old: readonly Old[],
  parts: readonly string[],
  next: Element | null,
  svg: Element,
): void {
  old.forEach(({ element, part }, i) => {
    if (i < parts.length) patchElement(element, part, parts[i])
    else element.remove()
  })
  if (parts.length <= old.length) return
  const more = parts.slice(old.length).join('')
  if (next === null) svg.insertAdjacentHTML('beforeend', more)
  else next.insertAdjacentHTML('beforebegin', more)
}

function patchElement(element: Element, before: string, now: string): void {
  const [was, is] = [tagOf(before), tagOf(now)]
  if (was.name !== is.name || isMarkup(was.content) || isMarkup(is.content)) {
    element.outerHTML = now
    return
  }
  patchAttributes(element, was, is)
  if (is.content === was.content) return
  // The text itself and not `textContent`, which would put another in its place.
  const text = element.firstChild
  if (text === null) element.textContent = plain(is.content)
  else text.nodeValue = plain(is.content)
}

function patchAttributes(element: Element, was: Tag, is: Tag): void {
  for (const [name, value] of is.attributes)
    if (was.attributes.get(name) !== value) element.setAttribute(name, plain(value))
  for (const name of was.attributes.keys())
    if (!is.attributes.has(name)) element.removeAttribute(name)
}

function isMarkup(content: string): boolean {
  return content.includes('<')
}

interface Tag {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  /** What is between its tags. */
  readonly content: string
}

function tagOf(part: string): Tag {
  const end = part.indexOf('>')
  const head = part.slice(1, part[end - 1] === '/' ? end - 1 : end)
  // Cut at the quotes: `rect x=`, its value, ` y=`, its value.
  const cut = head.split('"')
  const attributes = new Map<string, string>()
  for (let i = 1; i < cut.length; i += 2) {
    const before = cut[i - 1]
    attributes.set(before.slice(before.indexOf(' ') + 1, -1), cut[i])
  }
  return {
    name: /^\w+/.exec(head)![0],
    attributes,
    content: part.slice(end + 1, Math.max(end + 1, part.lastIndexOf('</'))),
  }
}

/** Text as it stood before `escapeText` made it safe in markup. */
function plain(text: string): string {
  if (!text.includes('&')) return text
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
}

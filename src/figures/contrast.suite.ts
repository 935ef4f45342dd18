/** How well colours stand out from each other. */

/** WCAG 2.2 contrast ratio of two #RRGGBB colours. */
export function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (light + 0.05) / (dark + 0.05)
}

function luminance(colour: string): number {
  const [r, g, b] = channels(colour).map((value) => {
    const share = value / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
}

/** A colour over another, as it is seen. */
export function blend(top: string, ground: string, opacity: number): string {
  const under = channels(ground)
  const mixed = channels(top).map((c, i) => Math.round(c * opacity + under[i] * (1 - opacity)))
  return `#${mixed.map((c) => c.toString(16).padStart(2, '0')).join('')}`
}

/** Live. */

export function LiveScreen() {
  return null
}

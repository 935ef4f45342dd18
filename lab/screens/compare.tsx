/** Compare. */

export function CompareScreen() {
  return null
}

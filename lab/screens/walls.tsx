/** Walls. */

export function WallsScreen() {
  return null
}

/** Replay. */

export function ReplayScreen() {
  return null
}

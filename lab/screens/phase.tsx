/** Phase. */

export function PhaseScreen() {
  return null
}

/** Report. */

export function ReportScreen() {
  return null
}

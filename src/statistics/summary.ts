/** Interim: replaced by the statistics of sweeps. */
export interface Summary { n: number; mean: { value: number | null; low: null; high: null }; nonzero: { value: number | null; low: null; high: null }; quantiles: Record<string, { value: number | null; low: null; high: null }>; shortfalls: Record<string, never> }
export function summary(values: Float64Array, _seed: number): Summary {
  const sorted = values.slice().sort()
  const n = sorted.length
  const at = (value: number | null) => ({ value, low: null, high: null })
  const q = (p: number) => at(n === 0 ? null : sorted[Math.min(n - 1, Math.floor(p * n))])
  return { n, mean: at(n === 0 ? null : sorted.reduce((a, b) => a + b, 0) / n), nonzero: at(n === 0 ? null : sorted.filter((x) => x > 0).length / n), quantiles: { q50: q(0.5), q90: q(0.9), q95: q(0.95), q99: q(0.99) }, shortfalls: {} }
}

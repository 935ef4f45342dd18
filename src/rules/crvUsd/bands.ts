/** The bands of LLAMMA, crvUSD's AMM of collateral: their curve, their prices and their worth. */

import { exp, log } from '../../math/exponential.ts'

/**
 * Bands as columns: what each holds, and the shares that loans have of it.
 *
 * Units: `stable` (x) in crvUSD, `collateral` (y) in tokens, prices in crvUSD per token. A share is
 *        1e18 of the contract's, so the first token of a band gives 1000 shares.
 * Shape: row r is band `first` + r. A higher band lies at a lower price; bands below `active` hold
 *        crvUSD only, bands above it collateral only.
 */
export interface Bands {
  /** A: a band is 1 / A wide. */
  readonly amplification: number
  readonly first: number
  readonly stable: Float64Array
  readonly collateral: Float64Array
  readonly shares: Float64Array
  /** Upper price of each band per unit of `base`. */
  readonly top: Float64Array
  /** Factor between the prices of bands that lie BANDS_MAX apart. */
  readonly reach: number
  /** Upper price of band 0: it grows with interest. */
  base: number
  /** The band in which the AMM trades. */
  active: number
  /** Outside these bands there is nothing: where a swap ends. */
  lowest: number
  highest: number
}

/** One band at a price: (f + x) (g + y) stays as it is while the AMM trades in it. */
export interface Curve {
  y0: number
  f: number
  g: number
}

/** Shares that nobody owns, and one smallest unit of a token: they keep divisions defined. */
export const DEAD_SHARES = 1e-15
export const WEI = 1e-18

/** MAX_TICKS: the most bands of a loan, and the most that a swap passes. */
export const BANDS_MAX = 50

/** Empty bands from `first` to `last`, both included; band 0 is active. */
export function bandsFrom(of: {
  readonly amplification: number
  readonly base: number
  readonly first: number
  readonly last: number
}): Bands {
  const count = of.last - of.first + 1
  const step = log(of.amplification / (of.amplification - 1))
  return {
    amplification: of.amplification,
    first: of.first,
    stable: new Float64Array(count),
    collateral: new Float64Array(count),
    shares: new Float64Array(count),
    top: Float64Array.from({ length: count }, (_, row) => exp(-(of.first + row) * step)),
    reach: exp(BANDS_MAX * step),
    base: of.base,
    active: 0,
    lowest: 0,
    highest: 0,
  }
}

/** Bands that share the fixed columns and own the changing ones. */
export function copyBands(bands: Bands): Bands {
  return {
    ...bands,
    stable: bands.stable.slice(),
    collateral: bands.collateral.slice(),
    shares: bands.shares.slice(),
  }
}

/** Puts a copy back to the state of its origin, without allocation. */
export function resetBands(bands: Bands, from: Bands): void {
  bands.stable.set(from.stable)
  bands.collateral.set(from.collateral)
  bands.shares.set(from.shares)
  bands.base = from.base
  bands.active = from.active
  bands.lowest = from.lowest
  bands.highest = from.highest
}

/**
 * Published price at which a band begins to be converted on the way down.
 *
 * Rule: p_up(n) = base ((A - 1) / A)^n; the band ends at p_up(n + 1).
 */
export function topOf(bands: Bands, band: number): number {
  return bands.base * bands.top[band - bands.first]
}

/**
 * Curve of a band with x crvUSD and y collateral, of which one is above 0.
 *
 * Rule:   p A y0^2 - y0 (p_up / p (A - 1) x + p^2 / p_up A y) - x y = 0; f = A y0 p^2 / p_up,
 *         g = (A - 1) y0 p_up / p. Then (f + x) (g + y) = p A^2 y0^2.
 * Source: curvefi/curve-stablecoin, curve_stablecoin/AMM.vy _get_y0(), calc_swap_out(), commit
 *         cf1d05fb
 */
export function curveOf(
  amplification: number,
  oracle: number,
  top: number,
  x: number,
  y: number,
  out: Curve,
): void {
  const a = amplification
  const b = ((a - 1) * top * x) / oracle + ((a * oracle * oracle) / top) * y
  out.y0 = (b + Math.sqrt(b * b + 4 * a * oracle * x * y)) / (2 * a * oracle)
  out.f = (a * out.y0 * oracle * oracle) / top
  out.g = ((a - 1) * out.y0 * top) / oracle
}

/**
 * Price at which the AMM trades, before its fee.
 *
 * Rule:   (f + x) / (g + y) of the active band: p^3 / p_up^2 without crvUSD, p^3 / p_down^2 without
 *         collateral, and between the two where it is empty. So it falls faster than the published
 *         price p, and arbitrage sells collateral of the band.
 * Source: curvefi/curve-stablecoin, AMM.vy get_p()
 */
export function ammPrice(bands: Bands, oracle: number): number {
  const row = bands.active - bands.first
  const top = topOf(bands, bands.active)
  const x = bands.stable[row]
  const y = bands.collateral[row]
  if (x === 0 && y === 0) return lowPrice(oracle, top) / narrowing(bands.amplification)
  curveOf(bands.amplification, oracle, top, x, y, curve)
  return (curve.f + x) / (curve.g + y)
}

/** Price of the AMM where the band has no crvUSD: its lowest at this published price. */
export function lowPrice(oracle: number, top: number): number {
  return (oracle * oracle * oracle) / (top * top)
}

/** Lower over upper price of a band. */
export function narrowing(amplification: number): number {
  return (amplification - 1) / amplification
}

/**
 * crvUSD that a band brings if the published price falls slowly through what is left of it.
 *
 * Rule:   first the band trades along its curve to the published price p, then it is converted on
 *         the way down. Above the band: all collateral, y_o p_up / sqrt(A / (A - 1)) with
 *         y_o = Inv / f - g. Below: all crvUSD, Inv / g - f. Inside: y_o = A y0 (p - p_down) / p
 *         and x_o = A y0 p (p_up - p) / p_up give x_o + y_o sqrt(p_down p).
 * Source: curvefi/curve-stablecoin, AMM.vy get_xy_up(use_y = False). The single-sided bands that it
 *         treats apart follow from the same forms.
 */
export function downWorth(
  amplification: number,
  oracle: number,
  top: number,
  x: number,
  y: number,
): number {
  if (x === 0 && y === 0) return 0
  const ratio = narrowing(amplification)
  const bottom = top * ratio
  curveOf(amplification, oracle, top, x, y, curve)
  const { y0, f, g } = curve
  if (oracle > top) return (y + ((g + y) * x) / f) * top * Math.sqrt(ratio)
  if (oracle < bottom) return x + ((f + x) * y) / g
  const stays = (amplification * y0 * (oracle - bottom)) / oracle
  const sold = (amplification * y0 * oracle * (top - oracle)) / top
  return sold + stays * Math.sqrt(bottom * oracle)
}

/** Reused between calls. */
const curve: Curve = { y0: 0.5, f: 0.5, g: 0.5 }

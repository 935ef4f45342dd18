/** Trading against LLAMMA's bands: swaps, their fee, and how far arbitrage goes. */

import { BANDS_MAX, type Bands, type Curve, curveOf, lowPrice, narrowing, topOf } from './bands.ts'

/** crvUSD in, collateral out: the AMM's price rises and its active band with it. */
export const PUMP = 1
/** Collateral in, crvUSD out. */
export const DUMP = -1

/** What a swap took and gave, in units of either side. */
export interface Trade {
  paid: number
  got: number
}

/**
 * What the AMM remembers of the published price: as of its last swap.
 *
 * Units: `price` in crvUSD, `fee` a fraction, `seconds` since the opening.
 */
export interface Memory {
  price: number
  fee: number
  seconds: number
}

/** The published price as the AMM takes it, and the least fee that goes with it. */
export interface Limited {
  price: number
  fee: number
}

/** PREV_P_O_DELAY, MAX_P_O_CHG. */
const MEMORY_SECONDS = 120
const STEP_MOST = 1.25
/** A fee is below 1. */
const FEE_MOST = 1 - 1e-18

/**
 * Limits a published price by the one of the last swap, and charges for the jump.
 *
 * Rule:   within 120 s of the last swap the price moves by a factor of at most 1.25 either way, and
 *         the fee is (fee then + 1 - r^3) (120 s - elapsed) / 120 s with r the lower over the
 *         higher of the two. Later both are free.
 * Source: curvefi/curve-stablecoin, AMM.vy limit_p_o(), commit cf1d05fb
 */
export function limit(memory: Memory, price: number, atSeconds: number, out: Limited): void {
  const left = MEMORY_SECONDS - Math.min(MEMORY_SECONDS, atSeconds - memory.seconds)
  out.price = price
  out.fee = 0
  if (!(left > 0)) return
  const least = memory.price / STEP_MOST
  const most = memory.price * STEP_MOST
  out.price = Math.min(Math.max(price, least), most)
  const r = Math.min(out.price / memory.price, memory.price / out.price)
  out.fee = Math.min(((memory.fee + 1 - r * r * r) * left) / MEMORY_SECONDS, FEE_MOST)
}

/**
 * Fee of a band whose prices do not reach the published one: a quarter of the distance.
 *
 * Rule:   (low - p) / (4 low) below its low price, (p - high) / (4 p) above its high one, else 0.
 * Source: curvefi/curve-stablecoin, AMM.vy get_dynamic_fee()
 */
export function distanceFee(amplification: number, oracle: number, top: number): number {
  const low = lowPrice(oracle, top)
  if (oracle < low) return (low - oracle) / (4 * low)
  const ratio = narrowing(amplification)
  const high = low / (ratio * ratio)
  return oracle > high ? (oracle - high) / (4 * oracle) : 0
}

/**
 * Where a swap stops: at most this much in, this much out, and no worse than `least` units out for
 * one more unit in. Infinity and 0 ask nothing.
 */
export interface Bounds {
  paid: number
  got: number
  least: number
}

/**
 * Swaps into the bands up to a bound.
 *
 * Rule:   in each band the fee is the largest of `fee` and the band's own; of what is paid, all but
 *         the fee moves along the curve, and all of it stays in the band. A band that is emptied
 *         gives way to the next one. A swap ends at the outermost bands, after 50 bands from its
 *         first, or where a band lies 50 bands from the published price.
 * Units:  what is paid is crvUSD in a pump and collateral in a dump. `oracle` and `fee` as `limit`
 *         gives them.
 * Shape:  with `write` the bands change, unless nothing came out; without it they are only asked.
 * Source: curvefi/curve-stablecoin, AMM.vy calc_swap_out(), calc_swap_in(), _exchange(),
 *         get_amount_for_price(), commit cf1d05fb
 * Simplifies: rounding to whole units (a wei of output, a wei to pass a band).
 */
export function trade(
  bands: Bands,
  oracle: number,
  fee: number,
  way: 1 | -1,
  bounds: Bounds,
  write: boolean,
  out: Trade,
): void {
  const { amplification, first } = bands
  const into = way === PUMP ? bands.stable : bands.collateral
  const from = way === PUMP ? bands.collateral : bands.stable
  let end = bands.active
  let passed = 0
  out.paid = out.got = 0
  for (let band = bands.active; ; band += way) {
    const row = band - first
    const top = topOf(bands, band)
    const isHeld = into[row] > 0 || from[row] > 0
    if (isHeld || passed > 0) passed++
    if (from[row] > 0) {
      const kept = 1 - Math.max(fee, distanceFee(amplification, oracle, top))
      const isEmptied = fill(bands, oracle, band, way, kept, bounds, out)
      if (!(step.paid > 0)) break
      out.paid += step.paid
      out.got += step.got
      end = band
      if (write) {
        into[row] += step.paid
        from[row] = isEmptied ? 0 : from[row] - step.got
      }
      if (!isEmptied) break
    }
    const isLast = way === PUMP ? band >= bands.highest : band <= bands.lowest
    const isFar = way === PUMP ? top * bands.reach < oracle : top > oracle * bands.reach
    if (isLast || isFar || passed === BANDS_MAX) {
      end = band
      break
    }
  }
  if (write && out.paid > 0) bands.active = end
}

/**
 * Leaves in `step` what goes through one band, and says whether that empties it.
 *
 * Rule: to empty it takes Inv / g - f - x (its mirror in a dump). One more unit in brings
 *       kept Inv / (f + x + net)^2 out: it meets `least` at net = sqrt(kept Inv / least) - f - x;
 *       `got` units out take (f + x) got / (g + y - got).
 */
function fill(
  bands: Bands,
  oracle: number,
  band: number,
  way: 1 | -1,
  kept: number,
  bounds: Bounds,
  done: Trade,
): boolean {
  const row = band - bands.first
  const x = bands.stable[row]
  const y = bands.collateral[row]
  curveOf(bands.amplification, oracle, topOf(bands, band), x, y, curve)
  const own = way === PUMP ? curve.f + x : curve.g + y
  const other = way === PUMP ? curve.g + y : curve.f + x
  const there = way === PUMP ? y : x
  const mostPaid = bounds.paid - done.paid
  const mostGot = bounds.got - done.got
  const whole = (own * there) / (way === PUMP ? curve.g : curve.f)
  const byPaid = mostPaid * kept
  const byGot = mostGot < there ? (own * mostGot) / (other - mostGot) : Number.POSITIVE_INFINITY
  const byPrice = bounds.least > 0 ? Math.sqrt((kept * own * other) / bounds.least) - own : byPaid
  const net = Math.min(whole, byPaid, byGot, byPrice)
  const isEmptied = net === whole
  step.paid = net === byPaid ? mostPaid : net / kept
  if (isEmptied) step.got = there
  else step.got = net === byGot ? mostGot : Math.min(there, (other * net) / (own + net))
  return isEmptied
}

/** Reused between calls. */
const curve: Curve = { y0: 0.5, f: 0.5, g: 0.5 }
const step: Trade = { paid: 0.5, got: 0.5 }
